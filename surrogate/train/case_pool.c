/* SPDX-License-Identifier: Apache-2.0
 *
 * A shard goes from ABSENT to WANTED by a plan, to READING by whoever reads it, and from there to
 * READY or FAILED. Everything but the records of shards that are READY is touched under the lock
 * alone; the lock is not held while a shard is read. */
#include "case_pool.h"

#include "array.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum shard_state { SHARD_ABSENT, SHARD_WANTED, SHARD_READING, SHARD_READY, SHARD_FAILED };

/* One shard with cases of the split. */
struct pool_shard {
    int64_t number; /* in the dataset */
    int64_t cases;  /* of the split */
    enum shard_state state;
    int planned;                    /* 1: not to be dropped */
    struct dataset_shard *loaded;   /* of a READY one */
    struct case_record **selection; /* [cases], into `loaded` */
    int64_t used;                   /* when it was last asked for */
    enum status failure;            /* of a FAILED one */
    char message[1024];
};

struct case_pool {
    const struct dataset *dataset;
    enum split split;
    int64_t resident; /* shards that may be in memory */
    struct pool_shard *shards;
    int64_t count;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t reader;
    int reading; /* 1: the thread was started */
    int closing; /* 1: it is to end */
    int64_t loaded, clock, reads;
    int64_t *queue; /* [queued] shards that are WANTED, in order */
    int64_t queued;
};

/* ---- making a pool ---- */

/* Which shards hold cases of the split, in the order of the files. */
static enum status list_shards(struct case_pool *pool)
{
    const struct dataset_info *info = dataset_get_info(pool->dataset);
    enum status status = OK;
    int64_t *cases = NULL;
    TRY_GOTO(ARRAY_NEW(cases, info->shards), cleanup);
    TRY_GOTO(ARRAY_NEW(pool->shards, info->shards), cleanup);
    TRY_GOTO(ARRAY_NEW(pool->queue, info->shards), cleanup);
    for (int64_t c = 0; c < info->cases; c++) {
        const struct dataset_case *one = dataset_get_case(pool->dataset, c);
        if (one->shard >= 0 && one->split == pool->split)
            cases[one->shard]++;
    }
    for (int64_t s = 0; s < info->shards; s++)
        if (cases[s] > 0)
            pool->shards[pool->count++] = (struct pool_shard){.number = s, .cases = cases[s]};
    if (pool->count == 0)
        TRY_GOTO(FAIL(ERR_CONFIG, "split '%s' of dataset '%s' has no case", split_name(pool->split),
                      info->name),
                 cleanup);
cleanup:
    array_free(cases);
    return status;
}

enum status case_pool_create(struct case_pool **out, const struct dataset *dataset,
                             enum split split, int64_t budget, int64_t resident)
{
    enum status status = OK;
    if (resident < 1)
        return FAIL(ERR_CONFIG, "%lld shards in memory; there must be 1 at least",
                    (long long)resident);
    struct case_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL)
        return FAIL(ERR_MEMORY, "no memory for a pool of cases");
    pool->dataset = dataset;
    pool->split = split;
    pthread_mutex_init(&pool->lock, NULL); /* with the default kind both cannot fail here */
    pthread_cond_init(&pool->changed, NULL);
    TRY_GOTO(list_shards(pool), cleanup);
    pool->resident = budget == 0 || dataset_bytes(dataset) <= budget ? pool->count : resident;
    *out = pool;
    pool = NULL;
cleanup:
    case_pool_destroy(pool);
    return status;
}

static void unload(struct case_pool *pool, struct pool_shard *shard)
{
    if (shard->state == SHARD_READY)
        pool->loaded--;
    dataset_shard_destroy(shard->loaded);
    array_free(shard->selection);
    shard->loaded = NULL;
    shard->selection = NULL;
    shard->state = SHARD_ABSENT;
}

static void end_reader(struct case_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->closing = 1;
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->lock);
    if (pool->reading)
        pthread_join(pool->reader, NULL);
}

void case_pool_destroy(struct case_pool *pool)
{
    if (pool == NULL)
        return;
    end_reader(pool);
    for (int64_t s = 0; s < pool->count; s++)
        unload(pool, &pool->shards[s]);
    pthread_cond_destroy(&pool->changed);
    pthread_mutex_destroy(&pool->lock);
    array_free(pool->shards);
    array_free(pool->queue);
    free(pool);
}

int64_t case_pool_shards(const struct case_pool *pool)
{
    return pool->count;
}

int64_t case_pool_cases(const struct case_pool *pool, int64_t shard)
{
    return pool->shards[shard].cases;
}

int64_t case_pool_reads(struct case_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    int64_t reads = pool->reads;
    pthread_mutex_unlock(&pool->lock);
    return reads;
}

/* ---- reading a shard: without the lock ---- */

/* Frees the records of other splits and lists those of this one. */
static enum status select_cases(struct pool_shard *shard, const struct case_pool *pool)
{
    int64_t found = 0;
    TRY(ARRAY_NEW(shard->selection, shard->cases));
    for (int64_t i = 0; i < shard->loaded->count; i++) {
        const struct dataset_case *one = dataset_get_case(pool->dataset, shard->loaded->cases[i]);
        if (one->split == pool->split && found < shard->cases) {
            shard->selection[found++] = shard->loaded->records[i];
        } else {
            case_record_destroy(shard->loaded->records[i]);
            shard->loaded->records[i] = NULL;
        }
    }
    if (found != shard->cases)
        return FAIL(ERR_DATA, "shard %lld holds %lld cases of split '%s'; its manifest says %lld",
                    (long long)shard->number, (long long)found, split_name(pool->split),
                    (long long)shard->cases);
    return OK;
}

static enum status read_shard(struct pool_shard *shard, const struct case_pool *pool)
{
    TRY(dataset_read_shard(&shard->loaded, pool->dataset, shard->number, 0));
    return select_cases(shard, pool);
}

/* ---- under the lock ---- */

/* Reads a shard; lets go of the lock meanwhile. */
static void load(struct case_pool *pool, struct pool_shard *shard)
{
    shard->state = SHARD_READING;
    pthread_mutex_unlock(&pool->lock);
    enum status status = read_shard(shard, pool);
    pthread_mutex_lock(&pool->lock);
    pool->reads++;
    if (status == OK) {
        shard->state = SHARD_READY;
        pool->loaded++;
    } else {
        unload(pool, shard);
        shard->state = SHARD_FAILED;
        shard->failure = status;
        snprintf(shard->message, sizeof shard->message, "%s", error_message());
    }
    pthread_cond_broadcast(&pool->changed);
}

/* The thread: reads what is queued until the pool closes. */
static void *read_ahead(void *context)
{
    struct case_pool *pool = context;
    pthread_mutex_lock(&pool->lock);
    while (!pool->closing) {
        if (pool->queued == 0) {
            pthread_cond_wait(&pool->changed, &pool->lock);
            continue;
        }
        struct pool_shard *shard = &pool->shards[pool->queue[0]];
        pool->queued--;
        memmove(pool->queue, pool->queue + 1, (size_t)pool->queued * sizeof *pool->queue);
        load(pool, shard);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static enum status start_reader(struct case_pool *pool)
{
    if (pool->reading)
        return OK;
    int failed = pthread_create(&pool->reader, NULL, read_ahead, pool);
    if (failed != 0)
        return FAIL(ERR_MEMORY, "no thread to read shards ahead: %s", strerror(failed));
    pool->reading = 1;
    return OK;
}

/* ---- planning ---- */

/* What an earlier plan wanted is forgotten, what is not planned any more dropped. */
static void drop_unplanned(struct case_pool *pool)
{
    for (int64_t i = 0; i < pool->queued; i++)
        pool->shards[pool->queue[i]].state = SHARD_ABSENT;
    pool->queued = 0;
    for (int64_t s = 0; s < pool->count && pool->resident < pool->count; s++)
        if (!pool->shards[s].planned && pool->shards[s].state == SHARD_READY)
            unload(pool, &pool->shards[s]);
}

static void queue_shards(struct case_pool *pool, const int64_t *shards, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        if (pool->shards[shards[i]].state == SHARD_ABSENT) {
            pool->shards[shards[i]].state = SHARD_WANTED;
            pool->queue[pool->queued++] = shards[i];
        }
}

enum status case_pool_plan(struct case_pool *pool, const int64_t *now, int64_t now_count,
                           const int64_t *next, int64_t next_count)
{
    TRY(start_reader(pool));
    pthread_mutex_lock(&pool->lock);
    for (int64_t s = 0; s < pool->count; s++)
        pool->shards[s].planned = 0;
    for (int64_t i = 0; i < now_count; i++)
        pool->shards[now[i]].planned = 1;
    for (int64_t i = 0; i < next_count; i++)
        pool->shards[next[i]].planned = 1;
    drop_unplanned(pool);
    queue_shards(pool, now, now_count);
    queue_shards(pool, next, next_count);
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->lock);
    return OK;
}

/* ---- asking ---- */

/* The loaded shard that is not planned and was not asked for the longest; NULL: there is none. */
static struct pool_shard *find_oldest(const struct case_pool *pool)
{
    struct pool_shard *oldest = NULL;
    for (int64_t s = 0; s < pool->count; s++) {
        struct pool_shard *shard = &pool->shards[s];
        if (shard->state == SHARD_READY && !shard->planned &&
            (oldest == NULL || shard->used < oldest->used))
            oldest = shard;
    }
    return oldest;
}

/* Makes room for one more shard. */
static void evict(struct case_pool *pool)
{
    struct pool_shard *oldest = find_oldest(pool);
    while (oldest != NULL && pool->loaded >= pool->resident) {
        unload(pool, oldest);
        oldest = find_oldest(pool);
    }
}

enum status case_pool_get(const struct case_record **out, struct case_pool *pool, int64_t shard,
                          int64_t position)
{
    struct pool_shard *wanted = &pool->shards[shard];
    enum status status = OK;
    pthread_mutex_lock(&pool->lock);
    if (wanted->state == SHARD_ABSENT || wanted->state == SHARD_FAILED) {
        evict(pool);
        load(pool, wanted);
    }
    while (wanted->state == SHARD_WANTED || wanted->state == SHARD_READING)
        pthread_cond_wait(&pool->changed, &pool->lock);
    wanted->used = ++pool->clock;
    if (wanted->state == SHARD_READY)
        *out = wanted->selection[position];
    else
        status = FAIL(wanted->failure, "%s", wanted->message);
    pthread_mutex_unlock(&pool->lock);
    return status;
}
