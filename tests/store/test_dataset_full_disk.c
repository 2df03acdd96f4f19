/* SPDX-License-Identifier: Apache-2.0
 *
 * A disk that fills up while a dataset is written: every write fails once, for every file there is.
 * A limit on the size of files stands for the disk, as it fails in the same way (a short write,
 * then an error) and can be lifted again. */
#include "atomic_file.h"
#include "path.h"
#include "synthetic.h"
#include "temporary_folder.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>

static const char *const files[] = {"manifest.json",
                                    "small-00000.h5",
                                    "small-00001.h5",
                                    "small-00002.h5",
                                    "starts/small-starts-00004.h5",
                                    "starts/small-starts-00008.h5"};

enum { FILES = sizeof files / sizeof files[0], CASES = 9 };

/* Kinds of files in the order of their sizes, and a limit that stops each and none before it. */
static const struct {
    const char *name;
    rlim_t limit;
} kinds[] = {{"writer.lock", 0},
             {"manifest.json", 400},
             {"starts/small-starts-", 8000},
             {"small-0000", 50000}};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static struct dataset_writer_options whole, cramped;

static void limit_files(rlim_t bytes)
{
    const struct rlimit limit = {bytes, RLIM_INFINITY};
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void set_up(void)
{
    temporary_folder_create();
    whole = synthetic_options(temporary_folder_path("whole"));
    cramped = synthetic_options(temporary_folder_path("cramped"));
    cr_assert_eq(synthetic_write(&whole, NULL), OK, "%s", error_message());
    cr_assert_neq(signal(SIGXFSZ, SIG_IGN), SIG_ERR);
}

TestSuite(dataset_full_disk, .init = set_up, .fini = temporary_folder_remove);

static void assert_same_as_whole(void)
{
    for (int i = 0; i < FILES; i++) {
        char found[64], expected[64];
        snprintf(found, sizeof found, "cramped/%s", files[i]);
        snprintf(expected, sizeof expected, "whole/%s", files[i]);
        temporary_folder_assert_same(found, expected);
    }
}

/* Nothing half-written: no temporary file, no lock. */
static void assert_no_rests(const char *folder)
{
    DIR *stream = opendir(folder);
    const struct dirent *entry;
    if (stream == NULL)
        return;
    while ((entry = readdir(stream)) != NULL) {
        cr_assert_null(strstr(entry->d_name, ".tmp."), "%s", entry->d_name);
        cr_assert_str_neq(entry->d_name, "writer.lock");
    }
    cr_assert_eq(closedir(stream), 0);
}

/* A valid dataset of `cases` cases at least. */
static void assert_valid(int64_t cases)
{
    char starts[PATH_SIZE];
    struct dataset *dataset = NULL;
    assert_no_rests(cramped.folder);
    cr_assert_eq(path_join(starts, sizeof starts, cramped.folder, "starts"), OK);
    assert_no_rests(starts);
    cr_assert_eq(dataset_open(&dataset, cramped.folder), OK, "%s", error_message());
    cr_assert_geq(dataset_get_info(dataset)->cases, cases);
    cr_assert_eq(dataset_verify(dataset), OK, "%s", error_message());
    dataset_close(dataset);
}

/* Tries to write the dataset on a disk for small files; the kind of file that did not fit. */
static int fail_to_write(rlim_t limit)
{
    int kind = 0;
    limit_files(limit);
    enum status status = synthetic_write(&cramped, NULL);
    limit_files(RLIM_INFINITY);
    cr_assert_eq(status, ERR_IO, "%s", error_message());
    cr_assert_not_null(strstr(error_message(), "File too large"), "%s", error_message());
    cr_assert_not_null(strstr(error_message(), cramped.folder), "%s", error_message());
    while (kind < KINDS && strstr(error_message(), kinds[kind].name) == NULL)
        kind++;
    cr_assert_lt(kind, KINDS, "%s", error_message());
    if (kind > 0)
        cr_assert_not_null(strstr(error_message(), " bytes): "), "%s", error_message());
    return kind;
}

Test(dataset_full_disk, a_new_dataset_that_does_not_fit_is_refused_and_leaves_a_valid_one_or_none)
{
    for (int i = 0; i < KINDS; i++) {
        /* the first shard comes before the first start states */
        cr_assert_eq(fail_to_write(kinds[i].limit), i == 2 ? 3 : i, "%s", kinds[i].name);
        if (path_exists(cramped.folder))
            assert_valid(0);
        cr_assert_eq(path_exists(cramped.folder), i > 1, "%s", kinds[i].name);
        cr_assert_eq(path_remove(cramped.folder), OK);
    }
}

Test(dataset_full_disk, going_on_at_any_case_harms_nothing_that_was_there)
{
    int seen[KINDS] = {0};
    for (int64_t done = 0; done < CASES; done++) {
        struct dataset_writer *writer = NULL;
        cramped.existing = DATASET_REFUSE;
        cr_assert_eq(dataset_writer_create(&writer, &cramped), OK);
        cr_assert_eq(synthetic_append(writer, &cramped, done), OK);
        cr_assert_eq(dataset_writer_suspend(writer), OK);
        dataset_writer_destroy(writer);
        cramped.existing = DATASET_RESUME;
        for (int i = 0; i < KINDS; i++) {
            seen[fail_to_write(kinds[i].limit)]++;
            assert_valid(done);
        }
        cr_assert_eq(synthetic_write(&cramped, NULL), OK, "%s", error_message());
        assert_same_as_whole();
        cr_assert_eq(path_remove(cramped.folder), OK);
    }
    for (int i = 0; i < KINDS; i++)
        cr_assert_geq(seen[i], 5, "%s: %d", kinds[i].name, seen[i]);
}
