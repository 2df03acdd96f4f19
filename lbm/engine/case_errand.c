/* SPDX-License-Identifier: Apache-2.0 */
#include "case_errand.h"

#include "array.h"
#include "case_record_bytes.h"
#include "case_shelf.h"
#include "stop.h"

#include <stdlib.h>
#include <string.h>

static const double updates_seconds = 0.5; // between two reports of how far this rank is

struct case_errand {
    struct case_supply supply; /* first member */
    struct rank_link *link;
    int64_t threads, limit; /* of cases given to this rank and not fetched yet */
    int64_t held;           /* of those */
    int64_t computing;
    int64_t asked;  /* questions without an answer */
    int64_t *stock; /* [limit]: numbers given, not begun */
    int64_t stocked;
    int exhausted;  /* rank 0 has no more */
    int64_t wanted; /* the case that rank 0 waits for; CASE_SUPPLY_NONE */
    struct case_shelf *shelf;
    double reported, reported_at; /* updates that rank 0 knows of */
};

static struct case_errand *errand_of(struct case_supply *supply)
{
    return (struct case_errand *)supply; /* the supply is the first member */
}

static enum status tell(struct case_errand *errand, int kind, const void *data, size_t size)
{
    return errand->link->ops->send(errand->link, 0, kind, data, size);
}

static enum status take(int64_t *out, struct case_supply *supply)
{
    struct case_errand *errand = errand_of(supply);
    int64_t idle = errand->threads - errand->computing;
    *out = errand->supply.over ? CASE_SUPPLY_NONE : CASE_SUPPLY_WAIT;
    if (errand->supply.over)
        return OK;
    if (errand->stocked > 0) {
        *out = errand->stock[0];
        errand->stocked--;
        memmove(errand->stock, errand->stock + 1, (size_t)errand->stocked * sizeof *errand->stock);
        errand->computing++;
        return OK;
    }
    if (errand->exhausted || errand->asked >= idle || errand->held + errand->asked >= errand->limit)
        return OK;
    errand->asked++;
    return tell(errand, CASE_SUPPLY_ASK, NULL, 0);
}

/* Sends the case that rank 0 waits for if it is finished. */
static enum status send_wanted(struct case_errand *errand)
{
    enum status status = OK;
    unsigned char *bytes = NULL;
    size_t size = 0;
    if (errand->wanted < 0)
        return OK;
    struct case_record *record = case_shelf_take(errand->shelf, errand->wanted);
    if (record == NULL)
        return OK;
    TRY_GOTO(case_record_bytes_write(&bytes, &size, record), cleanup);
    TRY_GOTO(tell(errand, CASE_SUPPLY_RECORD, bytes, size), cleanup);
    errand->wanted = CASE_SUPPLY_NONE;
    errand->held--;
cleanup:
    case_record_destroy(record);
    array_free(bytes);
    return status;
}

static enum status give(struct case_supply *supply, int64_t number, struct case_record *record)
{
    struct case_errand *errand = errand_of(supply);
    errand->computing--;
    case_shelf_put(errand->shelf, number, record);
    return send_wanted(errand);
}

/* ---- what rank 0 says ---- */

static enum status take_number(struct case_errand *errand, int64_t number)
{
    errand->asked--;
    if (number == CASE_SUPPLY_NONE) {
        errand->exhausted = 1;
    } else {
        errand->stock[errand->stocked++] = number;
        errand->held++;
    }
    return OK;
}

static enum status handle(struct case_errand *errand, const struct rank_message *message)
{
    int64_t number = CASE_SUPPLY_NONE;
    if (message->size == sizeof number)
        memcpy(&number, message->data, sizeof number);
    switch (message->kind) {
    case CASE_SUPPLY_NUMBER:
        return take_number(errand, number);
    case CASE_SUPPLY_FETCH:
        errand->wanted = number;
        return send_wanted(errand);
    case CASE_SUPPLY_HALT:
    case RANK_LINK_END:
        errand->supply.over = 1;
        return OK;
    default:
        return FAIL(ERR_INTERNAL, "rank 0 sent a message of kind %d", message->kind);
    }
}

static enum status report_updates(struct case_errand *errand, double updates)
{
    double now = stop_clock();
    double more = updates - errand->reported;
    if (more == 0 || now - errand->reported_at < updates_seconds)
        return OK;
    errand->reported = updates;
    errand->reported_at = now;
    return tell(errand, CASE_SUPPLY_UPDATES, &more, sizeof more);
}

static enum status poll_link(struct case_supply *supply, double updates)
{
    struct case_errand *errand = errand_of(supply);
    struct rank_message message = {.kind = RANK_LINK_NOTHING};
    while (!errand->supply.over) {
        TRY(errand->link->ops->receive(&message, errand->link));
        if (message.kind == RANK_LINK_NOTHING)
            return report_updates(errand, updates);
        enum status status = handle(errand, &message);
        array_free(message.data);
        TRY(status);
    }
    return OK;
}

/* ---- life ---- */

static void destroy(struct case_supply *supply)
{
    struct case_errand *errand = errand_of(supply);
    if (errand == NULL)
        return;
    case_shelf_destroy(errand->shelf);
    array_free(errand->stock);
    free(errand);
}

static const struct case_supply_ops errand_ops = {
    .name = "errand", .take = take, .give = give, .poll = poll_link, .destroy = destroy};

enum status case_errand_create(struct case_supply **out, const struct ensemble_options *options)
{
    enum status status = OK;
    const char *identity = options->identity != NULL ? options->identity : "";
    struct case_errand *errand = calloc(1, sizeof *errand);
    if (errand == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    *errand = (struct case_errand){.supply.ops = &errand_ops,
                                   .link = options->link,
                                   .threads = options->threads,
                                   .limit = 2 * (int64_t)options->threads,
                                   .wanted = CASE_SUPPLY_NONE,
                                   .reported_at = stop_clock()};
    TRY_GOTO(ARRAY_NEW(errand->stock, errand->limit), cleanup);
    TRY_GOTO(case_shelf_create(&errand->shelf, errand->limit), cleanup);
    TRY_GOTO(tell(errand, CASE_SUPPLY_HELLO, identity, strlen(identity)), cleanup);
    *out = &errand->supply;
    errand = NULL;
cleanup:
    if (errand != NULL)
        destroy(&errand->supply);
    return status;
}
