/* SPDX-License-Identifier: Apache-2.0 */
#include "case_pool.h"

#include "array.h"

#include <stdlib.h>

/* One shard with cases of the split. */
struct pool_shard {
    int64_t number;                 /* in the dataset */
    int64_t cases;                  /* of the split */
    struct dataset_shard *loaded;   /* NULL: not in memory */
    struct case_record **selection; /* [cases], into `loaded` */
    int64_t used;                   /* when it was last asked for */
};

struct case_pool {
    const struct dataset *dataset;
    enum split split;
    int64_t resident; /* shards that may be in memory */
    int64_t loaded;   /* shards that are */
    int64_t clock, reads;
    struct pool_shard *shards;
    int64_t count;
};

/* Which shards hold cases of the split, in the order of the files. */
static enum status list_shards(struct case_pool *pool)
{
    const struct dataset_info *info = dataset_get_info(pool->dataset);
    enum status status = OK;
    int64_t *cases = NULL;
    TRY_GOTO(ARRAY_NEW(cases, info->shards), cleanup);
    TRY_GOTO(ARRAY_NEW(pool->shards, info->shards), cleanup);
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
    if (shard->loaded == NULL)
        return;
    dataset_shard_destroy(shard->loaded);
    array_free(shard->selection);
    shard->loaded = NULL;
    shard->selection = NULL;
    pool->loaded--;
}

void case_pool_destroy(struct case_pool *pool)
{
    if (pool == NULL)
        return;
    for (int64_t s = 0; s < pool->count; s++)
        unload(pool, &pool->shards[s]);
    array_free(pool->shards);
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

int64_t case_pool_reads(const struct case_pool *pool)
{
    return pool->reads;
}

/* The loaded shard not asked for the longest; NULL when none is loaded. */
static struct pool_shard *find_oldest(const struct case_pool *pool)
{
    struct pool_shard *oldest = NULL;
    for (int64_t s = 0; s < pool->count; s++) {
        struct pool_shard *shard = &pool->shards[s];
        if (shard->loaded != NULL && (oldest == NULL || shard->used < oldest->used))
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

static enum status load(struct case_pool *pool, struct pool_shard *shard)
{
    evict(pool);
    TRY(dataset_read_shard(&shard->loaded, pool->dataset, shard->number, 0));
    pool->loaded++;
    pool->reads++;
    enum status status = select_cases(shard, pool);
    if (status != OK)
        unload(pool, shard);
    return status;
}

enum status case_pool_get(const struct case_record **out, struct case_pool *pool, int64_t shard,
                          int64_t position)
{
    struct pool_shard *wanted = &pool->shards[shard];
    if (wanted->loaded == NULL)
        TRY(load(pool, wanted));
    wanted->used = ++pool->clock;
    *out = wanted->selection[position];
    return OK;
}
