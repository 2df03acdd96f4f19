/* SPDX-License-Identifier: Apache-2.0 */
#include "atomic_file.h"
#include "dataset.h"
#include "dataset_digest.h"
#include "dataset_layout.h"
#include "path.h"
#include "synthetic.h"
#include "temporary_folder.h"

#include <criterion/criterion.h>
#include <pthread.h>

TestSuite(dataset, .init = temporary_folder_create, .fini = temporary_folder_remove);

static struct dataset *open_good(const char *folder)
{
    struct dataset *dataset = NULL;
    cr_assert_eq(dataset_open(&dataset, folder), OK, "%s", error_message());
    return dataset;
}

static void write_good(const struct dataset_writer_options *options)
{
    cr_assert_eq(synthetic_write(options, NULL), OK, "%s", error_message());
}

static void assert_same_starts(const struct case_record *found, const struct case_record *expected)
{
    cr_assert_eq(found->start_count, expected->start_count);
    for (int64_t i = 0; i < expected->start_count; i++) {
        const struct start_state *a = found->starts[i];
        const struct start_state *b = expected->starts[i];
        cr_assert(a->case_index == b->case_index && a->frame == b->frame &&
                  a->refine == b->refine && a->nx == b->nx && a->ny == b->ny &&
                  a->entry == b->entry && a->outlet_rho == b->outlet_rho);
        const size_t cells = (size_t)(b->nx * b->ny);
        cr_assert_arr_eq(a->values, b->values, START_FIELDS * cells * sizeof(float));
        cr_assert_arr_eq(a->solid, b->solid, cells);
    }
}

static void assert_same_record(const struct case_record *found, const struct case_record *expected)
{
    const size_t cells = (size_t)frames_cells(&expected->flow);
    const size_t frames = (size_t)expected->frames;
    cr_assert_arr_eq(&found->flow, &expected->flow, sizeof found->flow);
    cr_assert_eq(found->frames, expected->frames);
    cr_assert_eq(found->force_steps, expected->force_steps);
    cr_assert_arr_eq(found->sdf, expected->sdf, cells * sizeof(float));
    cr_assert_arr_eq(found->mask, expected->mask, cells);
    cr_assert_arr_eq(found->values, expected->values,
                     frames * FRAME_FIELDS * cells * sizeof(float));
    cr_assert_arr_eq(found->drag, expected->drag, frames * sizeof(double));
    cr_assert_arr_eq(found->lift, expected->lift, frames * sizeof(double));
    if (expected->force_steps > 0)
        cr_assert_arr_eq(found->forces, expected->forces,
                         (size_t)expected->force_steps * 2 * sizeof(double));
}

static struct case_record *expected_record(int64_t number,
                                           const struct dataset_writer_options *options)
{
    struct case_record *record = NULL;
    cr_assert_eq(case_record_create(&record, options->nx, options->ny, options->frames,
                                    CASE_RECORD_KEEP_STARTS),
                 OK);
    cr_assert_eq(synthetic_fill(record, number, options), OK);
    return record;
}

Test(dataset, every_case_comes_back_bit_for_bit_alone_and_in_its_shard)
{
    const struct dataset_writer_options options = synthetic_options(temporary_folder_path("d"));
    write_good(&options);
    struct dataset *dataset = open_good(options.folder);
    int64_t seen = 0;
    for (int64_t s = 0; s < dataset_get_info(dataset)->shards; s++) {
        struct dataset_shard *shard = NULL;
        cr_assert_eq(dataset_read_shard(&shard, dataset, s, 0), OK, "%s", error_message());
        for (int64_t k = 0; k < shard->count; k++, seen++) {
            struct case_record *expected = expected_record(shard->cases[k], &options);
            struct case_record *alone = NULL;
            assert_same_record(shard->records[k], expected);
            cr_assert_eq(shard->records[k]->start_count, 0);
            cr_assert_eq(
                dataset_read_case(&alone, dataset, shard->cases[k], CASE_RECORD_KEEP_STARTS), OK,
                "%s", error_message());
            assert_same_record(alone, expected);
            assert_same_starts(alone, expected);
            case_record_destroy(alone);
            case_record_destroy(expected);
        }
        dataset_shard_destroy(shard);
    }
    cr_assert_eq(seen, 8);
    dataset_close(dataset);
}

Test(dataset, the_manifest_tells_cases_splits_failures_and_rejections)
{
    const struct dataset_writer_options options = synthetic_options(temporary_folder_path("d"));
    write_good(&options);
    struct dataset *dataset = open_good(options.folder);
    const struct dataset_info *info = dataset_get_info(dataset);
    cr_assert_str_eq(info->name, "small");
    cr_assert(info->cases == 9 && info->planned == 9 && info->complete == 1);
    cr_assert(info->failed == 1 && refusal_total(&info->refused) == 9 &&
              info->seed == UINT64_MAX - 1);
    cr_assert(info->nx == 12 && info->ny == 8 && info->frames == 7 && info->refine == 2);
    for (int i = 0; i < REFUSAL_COUNT; i++)
        cr_expect_eq(info->refused.counts[i], i % 3);
    cr_assert_gt(info->shards, 1);
    cr_assert(info->split_counts[SPLIT_TRAIN] == 1 && info->split_counts[SPLIT_VALIDATION] == 2 &&
              info->split_counts[SPLIT_TEST_REYNOLDS] == 3 &&
              info->split_counts[SPLIT_TEST_BODY] == 2);
    const struct dataset_case *failed = dataset_get_case(dataset, SYNTHETIC_FAILED);
    cr_assert(failed->shard == -1 && failed->position == -1);
    cr_assert_str_eq(failed->reason, "cell (3, 4) at step 7: not finite");
    cr_expect_eq(failed->failure.step, 7);
    cr_expect_eq(failed->failure.x, 3.5);
    cr_expect_eq(failed->failure.y, 4.5);
    for (int64_t i = 0; i < info->cases; i++) {
        const struct dataset_case *facts = dataset_get_case(dataset, i);
        cr_assert(facts->index == i && facts->split == synthetic_split(i));
        cr_assert_eq(facts->reynolds, 100.0 + (double)i / 3.0);
        cr_assert_eq(facts->start_count, i >= SYNTHETIC_FIRST_TEST ? 2 : 0);
    }
    cr_assert_str_eq(dataset_get_config(dataset), options.config);
    cr_assert_str_eq(dataset_get_folder(dataset), options.folder);
    dataset_close(dataset);
}

Test(dataset, a_failed_case_cannot_be_read_and_says_why)
{
    const struct dataset_writer_options options = synthetic_options(temporary_folder_path("d"));
    write_good(&options);
    struct dataset *dataset = open_good(options.folder);
    struct case_record *record = NULL;
    cr_assert_eq(dataset_read_case(&record, dataset, SYNTHETIC_FAILED, CASE_RECORD_DROP_STARTS),
                 ERR_DATA);
    cr_assert_not_null(strstr(error_message(), "not finite"));
    dataset_close(dataset);
}

Test(dataset, the_same_cases_give_the_same_bytes)
{
    struct dataset_writer_options options = synthetic_options(temporary_folder_path("a"));
    write_good(&options);
    options.folder = temporary_folder_path("b");
    write_good(&options);
    static const char *const files[] = {"manifest.json", "small-00000.h5", "small-00001.h5",
                                        "starts/small-starts-00004.h5"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char first[64], second[64];
        snprintf(first, sizeof first, "a/%s", files[i]);
        snprintf(second, sizeof second, "b/%s", files[i]);
        temporary_folder_assert_same(first, second);
    }
}

Test(dataset, the_content_digest_ignores_shard_sizes_and_compression)
{
    char digests[3][DIGEST_SIZE];
    struct dataset_writer_options options = synthetic_options(temporary_folder_path("a"));
    cr_assert_eq(synthetic_write(&options, digests[0]), OK);
    options.folder = temporary_folder_path("b");
    options.shard_bytes = 0;
    cr_assert_eq(synthetic_write(&options, digests[1]), OK);
    options.folder = temporary_folder_path("c");
    options.storage = STORAGE_GZIP;
    cr_assert_eq(synthetic_write(&options, digests[2]), OK);
    cr_assert_str_eq(digests[0], digests[1]);
    cr_assert_str_eq(digests[0], digests[2]);
    struct dataset *dataset = open_good(options.folder);
    cr_assert_eq(dataset_get_info(dataset)->shards, 1);
    cr_assert_str_eq(dataset_get_info(dataset)->content_digest, digests[0]);
    cr_assert_eq(dataset_verify(dataset), OK, "%s", error_message());
    dataset_close(dataset);
}

Test(dataset, the_content_digest_sees_every_part_of_a_case)
{
    const struct dataset_writer_options options = synthetic_options(temporary_folder_path("d"));
    char reference[DIGEST_SIZE], changed[DIGEST_SIZE];
    struct case_record *record = expected_record(4, &options);
    cr_assert_eq(dataset_digest_record(reference, record), OK);
    struct flow *flow = &record->flow;
    double *const reals[] = {&flow->reynolds,   &flow->speed,    &flow->length,    &flow->viscosity,
                             &flow->tau,        &flow->blockage, &flow->angle,     &flow->x,
                             &flow->y,          &flow->size,     &record->drag[6], &record->lift[0],
                             &record->forces[0]};
    for (size_t i = 0; i < sizeof reals / sizeof reals[0]; i++) {
        double kept = *reals[i];
        *reals[i] += 1e-9;
        cr_assert_eq(dataset_digest_record(changed, record), OK);
        cr_assert_str_neq(changed, reference, "real %zu", i);
        *reals[i] = kept;
    }
    float *const values[] = {&record->sdf[5], &record->values[0],
                             &record->values[7 * FRAME_FIELDS * 12 * 8 - 1]};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        float kept = *values[i];
        *values[i] += 1.0F;
        cr_assert_eq(dataset_digest_record(changed, record), OK);
        cr_assert_str_neq(changed, reference, "value %zu", i);
        *values[i] = kept;
    }
    cr_assert_eq(dataset_digest_record(changed, record), OK);
    cr_assert_str_eq(changed, reference);
    case_record_destroy(record);
}

Test(dataset, shards_stay_below_their_limit_and_are_not_half_empty)
{
    static const int64_t sizes[][4] = {/* nx, ny, frames, kilobytes */
                                       {12, 8, 7, 110},
                                       {16, 16, 30, 400},
                                       {64, 64, 20, 3000},
                                       {32, 16, 1, 200}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char name[16];
        snprintf(name, sizeof name, "d%zu", i);
        struct dataset_writer_options options = synthetic_options(temporary_folder_path(name));
        options.nx = sizes[i][0];
        options.ny = sizes[i][1];
        options.frames = sizes[i][2];
        options.shard_bytes = sizes[i][3] * 1000;
        write_good(&options);
        char file[64];
        size_t size = 0;
        snprintf(file, sizeof file, "%s/small-00000.h5", name);
        unsigned char *bytes = temporary_folder_read(file, &size);
        cr_expect_leq(size, (size_t)options.shard_bytes, "%zu: %zu", i, size);
        struct dataset *dataset = open_good(options.folder);
        if (dataset_get_info(dataset)->shards > 1)
            cr_expect_geq(size, (size_t)options.shard_bytes / 4, "%zu: %zu", i, size);
        array_free(bytes);
        dataset_close(dataset);
    }
}

Test(dataset, a_shard_of_64_mebibytes_holds_what_it_should)
{
    const struct dataset_layout layout = {
        .nx = 64, .ny = 64, .frames = 60, .frame_interval = 100, .refine = 4};
    cr_assert_eq(dataset_layout_capacity(&layout, 64 << 20),
                 19); /* 3.4 MB a case with its forces */
    const struct dataset_layout large = {
        .nx = 512, .ny = 512, .frames = 60, .frame_interval = 100, .refine = 4};
    cr_assert_eq(dataset_layout_capacity(&large, 64 << 20), 1); /* a case is never divided */
}

Test(dataset, a_budget_that_is_too_small_is_refused_before_reading)
{
    const struct dataset_writer_options options = synthetic_options(temporary_folder_path("d"));
    write_good(&options);
    struct dataset *dataset = open_good(options.folder);
    struct dataset_shard *shard = NULL;
    int64_t needed = dataset_shard_bytes(dataset, 0);
    cr_assert_eq(dataset_read_shard(&shard, dataset, 0, needed - 1), ERR_MEMORY);
    cr_assert_null(shard);
    cr_assert_eq(dataset_read_shard(&shard, dataset, 0, needed), OK);
    dataset_shard_destroy(shard);
    cr_assert_gt(dataset_bytes(dataset), needed);
    dataset_close(dataset);
}

Test(dataset, a_folder_without_manifest_is_named_as_foreign)
{
    struct dataset *dataset = NULL;
    cr_assert_eq(dataset_open(&dataset, temporary_folder), ERR_DATA);
    cr_assert_not_null(strstr(error_message(), "no manifest.json"));
    cr_assert_eq(dataset_open(&dataset, temporary_folder_path("missing")), ERR_DATA);
    cr_assert_not_null(strstr(error_message(), "no such folder"));
    const char *file = temporary_folder_path("file");
    cr_assert_eq(atomic_file_write_text(file, "no dataset"), OK);
    cr_assert_eq(dataset_open(&dataset, file), ERR_DATA);
    cr_assert_not_null(strstr(error_message(), "is a file"), "%s", error_message());
}

Test(dataset, forces_shorter_than_the_run_come_back_as_they_were)
{
    const struct dataset_writer_options options = synthetic_options(temporary_folder_path("d"));
    struct dataset_writer *writer = NULL;
    struct dataset_writer_options one = options;
    one.cases = 2;
    cr_assert_eq(dataset_writer_create(&writer, &one), OK);
    for (int64_t i = 0; i < 2; i++) {
        struct case_record *record = expected_record(i, &one);
        record->force_steps = 11 * i;
        cr_assert_eq(dataset_writer_append(writer, record, SPLIT_TRAIN, NULL), OK);
        case_record_destroy(record);
    }
    cr_assert_eq(dataset_writer_finish(writer, NULL), OK);
    dataset_writer_destroy(writer);
    struct dataset *dataset = open_good(one.folder);
    for (int64_t i = 0; i < 2; i++) {
        struct case_record *record = NULL;
        cr_assert_eq(dataset_read_case(&record, dataset, i, CASE_RECORD_DROP_STARTS), OK);
        cr_assert_eq(record->force_steps, 11 * i);
        case_record_destroy(record);
    }
    cr_assert_eq(dataset_verify(dataset), OK, "%s", error_message());
    dataset_close(dataset);
}

enum { READERS = 4, ROUNDS = 6, SHARDS = 3 };

struct reader {
    const struct dataset *dataset;
    struct dataset_shard *const *expected; /* [SHARDS] */
    int number, wrong;
};

static int is_same(const struct case_record *a, const struct case_record *b)
{
    char one[DIGEST_SIZE] = "", two[DIGEST_SIZE] = "";
    return dataset_digest_record(one, a) == OK && dataset_digest_record(two, b) == OK &&
           strcmp(one, two) == 0;
}

/* A shard of its own in each round, then one case with its start states. */
static void *read_much(void *context)
{
    struct reader *reader = context;
    for (int round = 0; round < ROUNDS; round++) {
        const struct dataset_shard *expected = reader->expected[(reader->number + round) % SHARDS];
        struct dataset_shard *shard = NULL;
        struct case_record *record = NULL;
        int64_t number = expected->cases[0];
        if (dataset_read_shard(&shard, reader->dataset, expected->shard, 0) != OK ||
            dataset_read_case(&record, reader->dataset, number, CASE_RECORD_KEEP_STARTS) != OK ||
            record->start_count != dataset_get_case(reader->dataset, number)->start_count ||
            !is_same(record, expected->records[0]))
            reader->wrong++;
        for (int64_t k = 0; shard != NULL && k < shard->count; k++)
            reader->wrong += !is_same(shard->records[k], expected->records[k]);
        case_record_destroy(record);
        dataset_shard_destroy(shard);
    }
    return NULL;
}

Test(dataset, threads_read_shards_at_the_same_time)
{
    struct dataset_writer_options options = synthetic_options(temporary_folder_path("d"));
    options.storage = STORAGE_GZIP;
    write_good(&options);
    struct dataset *dataset = open_good(options.folder);
    struct dataset_shard *expected[SHARDS] = {NULL};
    struct reader readers[READERS];
    pthread_t threads[READERS];
    cr_assert_eq(dataset_get_info(dataset)->shards, SHARDS);
    for (int64_t s = 0; s < SHARDS; s++)
        cr_assert_eq(dataset_read_shard(&expected[s], dataset, s, 0), OK);
    for (int i = 0; i < READERS; i++) {
        readers[i] = (struct reader){.dataset = dataset, .expected = expected, .number = i};
        cr_assert_eq(pthread_create(&threads[i], NULL, read_much, &readers[i]), 0);
    }
    for (int i = 0; i < READERS; i++) {
        cr_assert_eq(pthread_join(threads[i], NULL), 0);
        cr_expect_eq(readers[i].wrong, 0, "reader %d: %d records", i, readers[i].wrong);
    }
    for (int64_t s = 0; s < SHARDS; s++)
        dataset_shard_destroy(expected[s]);
    dataset_close(dataset);
}
