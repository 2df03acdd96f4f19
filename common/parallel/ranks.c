/* SPDX-License-Identifier: Apache-2.0
 *
 * A message is a head (kind, size) and, when there is one, the data in pieces that MPI's int counts
 * can say, all between the same two ranks in one order. A transfer is one non-blocking MPI message.
 * Nothing here waits inside MPI for a rank that computes: MPI would spin. Of MPI's levels it needs
 * MPI_THREAD_SERIALIZED: an ensemble's threads take turns; a training calls from one alone. */
#include "ranks.h"

#include "array.h"
#include "stop.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if HAVE_MPI
#include <mpi.h>

enum { TAG_HEAD = 1, TAG_DATA = 2, TAG_CHANNEL = 16, TEXT_SIZE = 4096 };
enum { PIECE = 1 << 30 }; /* bytes */

struct head {
    int64_t kind, size;
    unsigned char data[RANK_LINK_SMALL]; /* when it fits */
};

/* A small message that MPI may still be reading. */
struct post {
    MPI_Request request;
    struct head head;
};

struct ranks {
    struct rank_link link; /* first member */
    MPI_Comm job;
    struct post **posts; /* [post_count]; owned */
    size_t post_count, post_capacity;
    void **adopted; /* [adopted_count]: of transfers that were dropped; owned */
    size_t adopted_count, adopted_capacity;
    int ended; /* rank 0 has said that the job is over */
};

static enum status check(int code, const char *what)
{
    char text[MPI_MAX_ERROR_STRING] = "";
    int length = 0;
    if (code == MPI_SUCCESS)
        return OK;
    (void)MPI_Error_string(code, text, &length);
    return FAIL(ERR_INTERNAL, "MPI could not %s: %s", what, text);
}

#define TRY_MPI(call, what) TRY(check(call, what))

/* ---- the link ---- */

static struct ranks *ranks_of(struct rank_link *link)
{
    return (struct ranks *)link; /* the link is the first member */
}

/* Forgets the small messages that have gone. */
static enum status sweep_posts(struct ranks *ranks)
{
    size_t kept = 0;
    for (size_t i = 0; i < ranks->post_count; i++) {
        int gone = 0;
        TRY_MPI(MPI_Test(&ranks->posts[i]->request, &gone, MPI_STATUS_IGNORE), "send");
        if (gone)
            free(ranks->posts[i]);
        else
            ranks->posts[kept++] = ranks->posts[i];
    }
    ranks->post_count = kept;
    return OK;
}

static enum status post(struct ranks *ranks, int to, const struct head *head)
{
    struct post **grown =
        array_grow(ranks->posts, &ranks->post_capacity, ranks->post_count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    ranks->posts = grown;
    struct post *made = calloc(1, sizeof *made);
    if (made == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    made->head = *head;
    grown[ranks->post_count++] = made;
    TRY_MPI(MPI_Isend(&made->head, sizeof made->head, MPI_BYTE, to, TAG_HEAD, ranks->job,
                      &made->request),
            "send");
    return OK;
}

static enum status send_message(struct rank_link *link, int to, int kind, const void *data,
                                size_t size)
{
    struct ranks *ranks = ranks_of(link);
    struct head head = {.kind = kind, .size = (int64_t)size};
    TRY(sweep_posts(ranks));
    if (size > 0 && size <= sizeof head.data)
        memcpy(head.data, data, size);
    TRY(post(ranks, to, &head));
    if (size <= sizeof head.data)
        return OK;
    for (size_t at = 0; at < size; at += PIECE) {
        size_t piece = size - at < PIECE ? size - at : PIECE;
        TRY_MPI(MPI_Send((const unsigned char *)data + at, (int)piece, MPI_BYTE, to, TAG_DATA,
                         ranks->job),
                "send");
    }
    return OK;
}

static enum status receive_data(struct rank_message *message, struct ranks *ranks,
                                const struct head *head)
{
    unsigned char *data = NULL;
    size_t size = (size_t)head->size;
    if (size == 0)
        return OK;
    TRY(ARRAY_NEW(data, size + 1)); /* a zero behind it, for texts */
    message->data = data;
    message->size = size;
    if (size <= sizeof head->data)
        memcpy(data, head->data, size);
    for (size_t at = 0; size > sizeof head->data && at < size; at += PIECE) {
        size_t piece = size - at < PIECE ? size - at : PIECE;
        TRY_MPI(MPI_Recv(data + at, (int)piece, MPI_BYTE, message->from, TAG_DATA, ranks->job,
                         MPI_STATUS_IGNORE),
                "receive");
    }
    return OK;
}

static enum status receive_message(struct rank_message *out, struct rank_link *link)
{
    struct ranks *ranks = ranks_of(link);
    struct head head;
    MPI_Status found;
    int arrived = 0;
    *out = (struct rank_message){.kind = RANK_LINK_NOTHING};
    TRY(sweep_posts(ranks));
    TRY_MPI(MPI_Iprobe(MPI_ANY_SOURCE, TAG_HEAD, ranks->job, &arrived, &found),
            "look for messages");
    if (!arrived)
        return OK;
    TRY_MPI(MPI_Recv(&head, sizeof head, MPI_BYTE, found.MPI_SOURCE, TAG_HEAD, ranks->job,
                     MPI_STATUS_IGNORE),
            "receive");
    out->from = found.MPI_SOURCE;
    out->kind = (int)head.kind;
    enum status status = receive_data(out, ranks, &head);
    if (status != OK) {
        array_free(out->data);
        *out = (struct rank_message){.kind = RANK_LINK_NOTHING};
        return status;
    }
    ranks->ended |= out->kind == RANK_LINK_END;
    return OK;
}

/* ---- transfers ---- */

_Static_assert(sizeof(MPI_Request) <= sizeof(uint64_t), "a transfer's token holds a request");

static void keep_request(struct rank_transfer *out, MPI_Request request)
{
    out->busy = 1;
    memcpy(&out->token, &request, sizeof request);
}

static enum status give(struct rank_link *link, struct rank_transfer *out, int to, int channel,
                        const void *data, size_t size)
{
    MPI_Request request;
    TRY_MPI(MPI_Isend(data, (int)size, MPI_BYTE, to, TAG_CHANNEL + channel, ranks_of(link)->job,
                      &request),
            "send");
    keep_request(out, request);
    return OK;
}

static enum status take(struct rank_link *link, struct rank_transfer *out, int from, int channel,
                        void *data, size_t size)
{
    MPI_Request request;
    TRY_MPI(MPI_Irecv(data, (int)size, MPI_BYTE, from, TAG_CHANNEL + channel, ranks_of(link)->job,
                      &request),
            "receive");
    keep_request(out, request);
    return OK;
}

static enum status test(struct rank_link *link, struct rank_transfer *transfers, size_t count,
                        int *done)
{
    (void)link;
    *done = 1;
    for (size_t i = 0; i < count; i++) {
        MPI_Request request;
        int gone = 0;
        if (!transfers[i].busy)
            continue;
        memcpy(&request, &transfers[i].token, sizeof request);
        TRY_MPI(MPI_Test(&request, &gone, MPI_STATUS_IGNORE), "transfer");
        keep_request(&transfers[i], request);
        transfers[i].busy = !gone;
        *done &= gone;
    }
    return OK;
}

static void drop(struct rank_link *link, struct rank_transfer *transfers, size_t count)
{
    (void)link;
    for (size_t i = 0; i < count; i++) {
        MPI_Request request;
        if (!transfers[i].busy)
            continue;
        memcpy(&request, &transfers[i].token, sizeof request);
        (void)MPI_Cancel(&request);
        (void)MPI_Request_free(&request);
        transfers[i].busy = 0;
    }
}

/* Without memory for the list the array stays until the process ends. */
static void adopt(struct rank_link *link, void *array)
{
    struct ranks *ranks = ranks_of(link);
    void **grown = array_grow(ranks->adopted, &ranks->adopted_capacity, ranks->adopted_count + 1,
                              sizeof *grown);
    if (grown == NULL)
        return;
    ranks->adopted = grown;
    grown[ranks->adopted_count++] = array;
}

static const struct rank_link_ops link_ops = {.name = "MPI",
                                              .send = send_message,
                                              .receive = receive_message,
                                              .give = give,
                                              .take = take,
                                              .test = test,
                                              .drop = drop,
                                              .adopt = adopt};

/* ---- life ---- */

static enum status begin(struct ranks *ranks)
{
    int level = MPI_THREAD_SINGLE;
    TRY_MPI(MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level), "begin");
    TRY_MPI(MPI_Comm_dup(MPI_COMM_WORLD, &ranks->job), "begin");
    TRY_MPI(MPI_Comm_set_errhandler(ranks->job, MPI_ERRORS_RETURN), "begin");
    TRY_MPI(MPI_Comm_rank(ranks->job, &ranks->link.rank), "count the ranks");
    TRY_MPI(MPI_Comm_size(ranks->job, &ranks->link.count), "count the ranks");
    if (level < MPI_THREAD_SERIALIZED && ranks->link.count > 1)
        return FAIL(ERR_UNSUPPORTED, "this MPI does not let threads take turns in calling it");
    return OK;
}

enum status ranks_open(struct ranks **out, enum ranks_launch launch)
{
    *out = NULL;
    if (launch == RANKS_ALONE)
        return OK;
    struct ranks *ranks = calloc(1, sizeof *ranks);
    if (ranks == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    ranks->link.ops = &link_ops;
    enum status status = begin(ranks);
    if (status == OK)
        *out = ranks;
    else
        free(ranks);
    return status;
}

enum status ranks_like(int *out, struct ranks *ranks, const char *text)
{
    enum status status = OK;
    char own[TEXT_SIZE] = "";
    char *all = NULL;
    int count = 0;
    MPI_Comm machine;
    *out = 1;
    if (ranks == NULL)
        return OK;
    memcpy(own, text, strnlen(text, sizeof own - 1));
    TRY_MPI(MPI_Comm_split_type(ranks->job, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine),
            "find this machine's ranks");
    TRY_GOTO(check(MPI_Comm_size(machine, &count), "count the ranks"), cleanup);
    TRY_GOTO(ARRAY_NEW(all, (size_t)count * sizeof own), cleanup);
    TRY_GOTO(check(MPI_Allgather(own, sizeof own, MPI_CHAR, all, sizeof own, MPI_CHAR, machine),
                   "compare the ranks"),
             cleanup);
    *out = 0;
    for (int i = 0; i < count; i++)
        *out += strcmp(own, all + (size_t)i * sizeof own) == 0;
cleanup:
    array_free(all);
    (void)MPI_Comm_free(&machine);
    return status;
}

void ranks_library(char out[RANKS_LIBRARY_SIZE])
{
    char words[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int length = 0;
    if (MPI_Get_library_version(words, &length) != MPI_SUCCESS) /* may be asked without MPI_Init */
        words[0] = '\0';
    words[strcspn(words, ",\n")] = '\0';
    (void)snprintf(out, RANKS_LIBRARY_SIZE, "%.*s", RANKS_LIBRARY_SIZE - 1, words);
}

/* ---- the end ---- */

static void wait_a_little(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

/* Rank 0: until every other rank has answered that it ends; 1 when they all have. */
static int await_answers(struct ranks *ranks)
{
    double deadline = stop_clock() + RANKS_PATIENCE;
    int answers = 0;
    while (answers < ranks->link.count - 1 && stop_clock() < deadline) {
        struct rank_message message;
        if (receive_message(&message, &ranks->link) != OK)
            return 0;
        answers += message.kind == RANK_LINK_END;
        array_free(message.data);
        if (message.kind == RANK_LINK_NOTHING)
            wait_a_little();
    }
    return answers == ranks->link.count - 1;
}

/* Another rank: its failure to rank 0, then until rank 0 ends the job. */
static void report_and_await(struct ranks *ranks, enum status status)
{
    unsigned char text[sizeof(int32_t) + ERROR_MESSAGE_SIZE];
    int32_t code = (int32_t)status;
    size_t length = strnlen(error_message(), ERROR_MESSAGE_SIZE - 1);
    memcpy(text, &code, sizeof code);
    memcpy(text + sizeof code, error_message(), length);
    if (status != OK && !ranks->ended)
        (void)send_message(&ranks->link, 0, RANK_LINK_FAILED, text, sizeof code + length);
    while (!ranks->ended) {
        struct rank_message message;
        if (receive_message(&message, &ranks->link) != OK)
            return;
        array_free(message.data);
        if (message.kind == RANK_LINK_NOTHING)
            wait_a_little();
    }
    (void)send_message(&ranks->link, 0, RANK_LINK_END, NULL, 0);
}

/* 1 when all ranks end in order. */
static int end_in_order(struct ranks *ranks, enum status status)
{
    if (ranks->link.rank > 0) {
        report_and_await(ranks, status);
        return 1;
    }
    for (int rank = 1; rank < ranks->link.count; rank++)
        (void)send_message(&ranks->link, rank, RANK_LINK_END, NULL, 0);
    return await_answers(ranks);
}

void ranks_close(struct ranks *ranks, enum status status, int code)
{
    if (ranks == NULL)
        return;
    if (!end_in_order(ranks, status))
        (void)MPI_Abort(ranks->job, code);
    while (ranks->post_count > 0 && sweep_posts(ranks) == OK)
        wait_a_little();
    (void)MPI_Comm_free(&ranks->job);
    (void)MPI_Finalize();
    for (size_t i = 0; i < ranks->post_count; i++)
        free(ranks->posts[i]);
    for (size_t i = 0; i < ranks->adopted_count; i++)
        array_free(ranks->adopted[i]);
    free(ranks->adopted);
    free(ranks->posts);
    free(ranks);
}

#else

struct ranks {
    struct rank_link link; /* never made */
};

enum status ranks_open(struct ranks **out, enum ranks_launch launch)
{
    *out = NULL;
    if (launch == RANKS_ALONE)
        return OK;
    return FAIL(ERR_UNSUPPORTED, "this program was built without MPI: start it without mpirun, or "
                                 "build it with -DWITH_MPI=ON");
}

enum status ranks_like(int *out, struct ranks *ranks, const char *text)
{
    (void)ranks;
    (void)text;
    *out = 1;
    return OK;
}

void ranks_library(char out[RANKS_LIBRARY_SIZE])
{
    out[0] = '\0';
}

void ranks_close(struct ranks *ranks, enum status status, int code)
{
    (void)ranks;
    (void)status;
    (void)code;
}

#endif

int ranks_own(const struct ranks *ranks)
{
    return ranks != NULL ? ranks->link.rank : 0;
}

int ranks_count(const struct ranks *ranks)
{
    return ranks != NULL ? ranks->link.count : 1;
}

struct rank_link *ranks_link(struct ranks *ranks)
{
    return ranks_count(ranks) > 1 ? &ranks->link : NULL;
}
