/* SPDX-License-Identifier: Apache-2.0 */
#include "dataset_merge.h"

#include "path.h"
#include "synthetic.h"
#include "temporary_folder.h"

#include <criterion/criterion.h>
#include <unistd.h>

TestSuite(dataset_merge, .init = temporary_folder_create, .fini = temporary_folder_remove);

enum { PARTS = 4, CASES = 9 };

static char folders[PARTS][PATH_SIZE];
static const char *parts[PARTS];

static void make_part(int64_t number, const char *config)
{
    struct dataset_writer *writer = NULL;
    struct dataset_writer_options options = synthetic_options(folders[number - 1]);
    if (config != NULL)
        options.config = config;
    cr_assert_eq(dataset_part_make(&options.part, number, PARTS, CASES), OK);
    int64_t end = options.part.first + dataset_part_cases(&options.part);
    cr_assert_eq(dataset_writer_create(&writer, &options), OK, "%s", error_message());
    cr_assert_eq(dataset_writer_next(writer), options.part.first);
    cr_assert_eq(synthetic_append(writer, &options, end), OK, "%s", error_message());
    cr_assert_eq(dataset_writer_finish(writer, NULL), OK, "%s", error_message());
    dataset_writer_destroy(writer);
}

static void make_parts(void)
{
    for (int64_t i = 0; i < PARTS; i++) {
        char name[16];
        snprintf(name, sizeof name, "part%d", (int)i + 1);
        snprintf(folders[i], PATH_SIZE, "%s", temporary_folder_path(name));
        parts[i] = folders[i];
        make_part(i + 1, NULL);
    }
}

static enum status merge(enum dataset_existing existing)
{
    char whole[PATH_SIZE];
    snprintf(whole, sizeof whole, "%s", temporary_folder_path("whole"));
    const struct dataset_merge_options options = {
        .folder = whole, .parts = parts, .part_count = PARTS, .existing = existing};
    return dataset_merge(&options);
}

/* The merged files are those of one undivided run, and there are no others. */
static void expect_undivided(void)
{
    static const char *const files[] = {"manifest.json",
                                        "small-00000.h5",
                                        "small-00001.h5",
                                        "small-00002.h5",
                                        "starts/small-starts-00004.h5",
                                        "starts/small-starts-00008.h5"};
    struct dataset_writer_options options = synthetic_options(temporary_folder_path("once"));
    options.existing = DATASET_REPLACE;
    cr_assert_eq(synthetic_write(&options, NULL), OK);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char found[64], expected[64];
        snprintf(found, sizeof found, "whole/%s", files[i]);
        snprintf(expected, sizeof expected, "once/%s", files[i]);
        temporary_folder_assert_same(found, expected);
    }
    cr_assert_not(path_exists(temporary_folder_path("whole/small-00003.h5")));
    cr_assert_not(path_exists(temporary_folder_path("whole/writer.lock")));
}

Test(dataset_part, parts_cover_all_cases_once_and_differ_by_one_at_most)
{
    for (int64_t whole = 1; whole < 40; whole++)
        for (int64_t count = 1; count <= whole; count++) {
            int64_t next = 0;
            for (int64_t number = 1; number <= count; number++) {
                struct dataset_part part;
                cr_assert_eq(dataset_part_make(&part, number, count, whole), OK);
                cr_assert_eq(part.first, next);
                int64_t cases = dataset_part_cases(&part);
                cr_assert(cases == whole / count || cases == (whole + count - 1) / count);
                next += cases;
            }
            cr_assert_eq(next, whole);
        }
}

Test(dataset_part, parts_that_cannot_be_are_refused)
{
    static const int64_t bad[][3] = {{0, 3, 9}, {4, 3, 9}, {-1, 3, 9}, {1, 0, 9}, {1, 10, 9}};
    struct dataset_part part;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert_eq(dataset_part_make(&part, bad[i][0], bad[i][1], bad[i][2]), ERR_USAGE, "%zu",
                     i);
}

Test(dataset_merge, parts_are_datasets_by_themselves)
{
    make_parts();
    int64_t next = 0;
    for (int i = 0; i < PARTS; i++) {
        struct dataset *dataset = NULL;
        cr_assert_eq(dataset_open(&dataset, parts[i]), OK, "%s", error_message());
        cr_assert_eq(dataset_verify(dataset), OK, "%s", error_message());
        const struct dataset_info *info = dataset_get_info(dataset);
        cr_assert(info->complete && info->part.number == i + 1 && info->part.whole == CASES);
        for (int64_t k = 0; k < info->cases; k++)
            cr_assert_eq(dataset_get_case(dataset, k)->index, next++);
        dataset_close(dataset);
    }
    cr_assert_eq(next, CASES);
}

Test(dataset_merge, merged_parts_have_the_bytes_of_an_undivided_run_in_whatever_order)
{
    make_parts();
    cr_assert_eq(merge(DATASET_REFUSE), OK, "%s", error_message());
    expect_undivided();
    const char *first = parts[0];
    parts[0] = parts[3];
    parts[3] = first;
    cr_assert_eq(merge(DATASET_REFUSE), ERR_USAGE);
    cr_assert_eq(merge(DATASET_REPLACE), OK, "%s", error_message());
    expect_undivided();
}

Test(dataset_merge, a_resumed_part_is_the_same_part)
{
    make_parts();
    struct dataset_writer *writer = NULL;
    struct dataset_writer_options options = synthetic_options(folders[2]);
    cr_assert_eq(dataset_part_make(&options.part, 3, PARTS, CASES), OK);
    options.existing = DATASET_REPLACE;
    cr_assert_eq(dataset_writer_create(&writer, &options), OK, "%s", error_message());
    cr_assert_eq(synthetic_append(writer, &options, options.part.first + 1), OK);
    cr_assert_eq(dataset_writer_suspend(writer), OK);
    dataset_writer_destroy(writer);
    cr_assert_eq(merge(DATASET_REFUSE), ERR_DATA);
    cr_assert_not_null(strstr(error_message(), "--part 3/4 --resume"), "%s", error_message());
    cr_assert_not(path_exists(temporary_folder_path("whole")));
    options.existing = DATASET_RESUME;
    cr_assert_eq(dataset_writer_create(&writer, &options), OK, "%s", error_message());
    cr_assert_eq(dataset_writer_next(writer), options.part.first + 1);
    cr_assert_eq(
        synthetic_append(writer, &options, options.part.first + dataset_part_cases(&options.part)),
        OK);
    cr_assert_eq(dataset_writer_finish(writer, NULL), OK);
    dataset_writer_destroy(writer);
    cr_assert_eq(merge(DATASET_REFUSE), OK, "%s", error_message());
    expect_undivided();
}

Test(dataset_merge, parts_of_another_dataset_are_refused)
{
    make_parts();
    cr_assert_eq(path_remove(folders[1]), OK);
    make_part(2, "seed: 2\n");
    cr_assert_eq(merge(DATASET_REFUSE), ERR_DATA);
    cr_assert_not_null(strstr(error_message(), "differ in the configuration"), "%s",
                       error_message());
    cr_assert_not(path_exists(temporary_folder_path("whole")));
}

/* Whichever file of whichever part is cut: named, and after mending the merge goes on. */
Test(dataset_merge, a_damaged_part_is_named_and_mended_goes_on)
{
    static const char *const files[] = {"part2/small-00000.h5", "part4/small-00000.h5",
                                        "part3/starts/small-starts-00005.h5"};
    make_parts();
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        size_t size = 0;
        unsigned char *bytes = temporary_folder_read(files[i], &size);
        cr_assert_eq(truncate(temporary_folder_path(files[i]), 5000), 0);
        cr_assert_eq(merge(DATASET_REFUSE), ERR_DATA);
        cr_assert_not_null(strstr(error_message(), path_base_name(files[i])), "%s",
                           error_message());
        FILE *file = fopen(temporary_folder_path(files[i]), "wb");
        cr_assert(file != NULL && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
        array_free(bytes);
        struct dataset *dataset = NULL;
        cr_assert_eq(dataset_open(&dataset, temporary_folder_path("whole")), OK);
        cr_assert_eq(dataset_verify(dataset), OK, "%s", error_message());
        cr_assert_not(dataset_get_info(dataset)->complete);
        cr_assert_gt(dataset_get_info(dataset)->cases, 0);
        dataset_close(dataset);
        cr_assert_eq(merge(DATASET_RESUME), OK, "%s", error_message());
        expect_undivided();
        cr_assert_eq(path_remove(temporary_folder_path("whole")), OK);
        cr_assert_eq(path_remove(temporary_folder_path("once")), OK);
    }
}

Test(dataset_merge, a_stop_keeps_what_was_merged)
{
    make_parts();
    char whole[PATH_SIZE];
    snprintf(whole, sizeof whole, "%s", temporary_folder_path("whole"));
    const struct stop stop = {.deadline = 1e-9}; /* long ago */
    struct dataset_merge_options options = {
        .folder = whole, .parts = parts, .part_count = PARTS, .stop = &stop};
    cr_assert_eq(dataset_merge(&options), ERR_STOPPED);
    options.stop = NULL;
    options.existing = DATASET_RESUME;
    cr_assert_eq(dataset_merge(&options), OK, "%s", error_message());
    expect_undivided();
}
