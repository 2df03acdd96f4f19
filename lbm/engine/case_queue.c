/* SPDX-License-Identifier: Apache-2.0 */
#include "case_queue.h"

#include "array.h"
#include "case_record_bytes.h"
#include "case_shelf.h"

#include <stdlib.h>
#include <string.h>

enum { NOT_FETCHED = -1 };

struct case_queue {
    struct case_supply supply; /* first member */
    const struct ensemble_options *options;
    struct rank_link *link; /* NULL: no other ranks */
    int64_t first, count;
    int64_t begun, accepted; /* cases, counted from `first` */
    int64_t own;             /* begun by threads of this rank, not accepted yet */
    int64_t own_limit;
    int64_t fetched; /* the last case asked of another rank; NOT_FETCHED before the first */
    int32_t *owners; /* [count]: the rank that computes each case begun */
    struct case_shelf *shelf;
};

static struct case_queue *queue_of(struct case_supply *supply)
{
    return (struct case_queue *)supply; /* the supply is the first member */
}

static int64_t begin_next(struct case_queue *queue, int rank)
{
    queue->owners[queue->begun] = rank;
    return queue->first + queue->begun++;
}

static enum status take(int64_t *out, struct case_supply *supply)
{
    struct case_queue *queue = queue_of(supply);
    *out = CASE_SUPPLY_WAIT;
    if (queue->begun < queue->count && queue->own < queue->own_limit) {
        queue->own++;
        *out = begin_next(queue, 0);
    } else if (queue->accepted == queue->count ||
               (queue->link == NULL && queue->begun == queue->count)) {
        *out = CASE_SUPPLY_NONE;
    }
    return OK;
}

/* Takes the record over. */
static enum status accept_due(struct case_queue *queue, struct case_record *record)
{
    enum status status =
        queue->options->accept(queue->options->context, record, queue->first + queue->accepted);
    case_record_destroy(record);
    TRY(status);
    queue->accepted++;
    return OK;
}

/* Accepts what is due, as far as it is here; asks the rank that has the next. */
static enum status deliver(struct case_queue *queue)
{
    while (queue->accepted < queue->begun && queue->owners[queue->accepted] == 0) {
        struct case_record *record = case_shelf_take(queue->shelf, queue->first + queue->accepted);
        if (record == NULL)
            return OK; /* a thread of ours is at it */
        queue->own--;
        TRY(accept_due(queue, record));
    }
    if (queue->accepted == queue->begun || queue->fetched == queue->accepted)
        return OK;
    int64_t number = queue->first + queue->accepted;
    queue->fetched = queue->accepted;
    return queue->link->ops->send(queue->link, queue->owners[queue->accepted], CASE_SUPPLY_FETCH,
                                  &number, sizeof number);
}

static enum status give(struct case_supply *supply, int64_t number, struct case_record *record)
{
    struct case_queue *queue = queue_of(supply);
    case_shelf_put(queue->shelf, number, record);
    return deliver(queue);
}

/* ---- what other ranks say ---- */

static enum status check_hello(const struct case_queue *queue, const struct rank_message *message)
{
    const char *identity = queue->options->identity;
    if (identity == NULL ||
        (message->size == strlen(identity) && memcmp(message->data, identity, message->size) == 0))
        return OK;
    return FAIL(ERR_CONFIG,
                "rank %d has another configuration or version of the program than rank 0: all "
                "ranks must read the same files",
                message->from);
}

static enum status answer(struct case_queue *queue, int rank)
{
    int64_t number = queue->begun < queue->count ? begin_next(queue, rank) : CASE_SUPPLY_NONE;
    TRY(queue->link->ops->send(queue->link, rank, CASE_SUPPLY_NUMBER, &number, sizeof number));
    return deliver(queue); /* it may be the one that is due */
}

static enum status take_record(struct case_queue *queue, const struct rank_message *message)
{
    struct case_record *record = NULL;
    if (queue->fetched != queue->accepted || queue->owners[queue->accepted] != message->from)
        return FAIL(ERR_INTERNAL, "rank %d sent a case that nobody asked it for", message->from);
    TRY(case_record_bytes_read(&record, message->data, message->size));
    TRY(accept_due(queue, record));
    return deliver(queue);
}

static enum status take_updates(struct case_queue *queue, const struct rank_message *message)
{
    double updates = 0;
    if (message->size == sizeof updates)
        memcpy(&updates, message->data, sizeof updates);
    queue->supply.updates += updates;
    return OK;
}

static enum status handle(struct case_queue *queue, const struct rank_message *message)
{
    switch (message->kind) {
    case CASE_SUPPLY_HELLO:
        return check_hello(queue, message);
    case CASE_SUPPLY_ASK:
        return answer(queue, message->from);
    case CASE_SUPPLY_RECORD:
        return take_record(queue, message);
    case CASE_SUPPLY_UPDATES:
        return take_updates(queue, message);
    case RANK_LINK_FAILED:
        return rank_link_take_failure(message);
    default:
        return FAIL(ERR_INTERNAL, "rank %d sent a message of kind %d", message->from,
                    message->kind);
    }
}

static enum status poll_ranks(struct case_supply *supply, double updates)
{
    struct case_queue *queue = queue_of(supply);
    struct rank_message message = {.kind = RANK_LINK_NOTHING};
    (void)updates;
    if (queue->link == NULL)
        return OK;
    do {
        TRY(queue->link->ops->receive(&message, queue->link));
        enum status status = message.kind != RANK_LINK_NOTHING ? handle(queue, &message) : OK;
        array_free(message.data);
        TRY(status);
    } while (message.kind != RANK_LINK_NOTHING);
    return OK;
}

/* ---- life ---- */

/* The others leave their ensembles, whatever came of this one. */
static void halt_ranks(struct case_queue *queue)
{
    for (int rank = 1; queue->link != NULL && rank < queue->link->count; rank++)
        (void)queue->link->ops->send(queue->link, rank, CASE_SUPPLY_HALT, NULL, 0);
}

static void destroy(struct case_supply *supply)
{
    struct case_queue *queue = queue_of(supply);
    if (queue == NULL)
        return;
    halt_ranks(queue);
    case_shelf_destroy(queue->shelf);
    array_free(queue->owners);
    free(queue);
}

static const struct case_supply_ops queue_ops = {
    .name = "queue", .take = take, .give = give, .poll = poll_ranks, .destroy = destroy};

enum status case_queue_create(struct case_supply **out, const struct ensemble_options *options,
                              int64_t first, int64_t count)
{
    enum status status = OK;
    struct case_queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    *queue = (struct case_queue){.supply.ops = &queue_ops,
                                 .options = options,
                                 .link = options->link,
                                 .first = first,
                                 .count = count,
                                 .own_limit = 2 * (int64_t)options->threads,
                                 .fetched = NOT_FETCHED};
    TRY_GOTO(ARRAY_NEW(queue->owners, count), cleanup);
    TRY_GOTO(case_shelf_create(&queue->shelf, queue->own_limit), cleanup);
    *out = &queue->supply;
    queue = NULL;
cleanup:
    if (queue != NULL)
        destroy(&queue->supply);
    return status;
}
