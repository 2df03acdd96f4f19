/* SPDX-License-Identifier: Apache-2.0 */
#include "dataset_writer.h"

#include "atomic_file.h"
#include "folder_lock.h"
#include "path.h"
#include "synthetic.h"
#include "temporary_folder.h"

#include <criterion/criterion.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(dataset_writer, .init = temporary_folder_create, .fini = temporary_folder_remove);

static struct dataset_writer_options options;

static char *in_dataset(const char *name)
{
    static char path[PATH_SIZE];
    cr_assert_eq(path_join(path, sizeof path, options.folder, name), OK);
    return path;
}

static void write_good(void)
{
    options = synthetic_options(temporary_folder_path("d"));
    cr_assert_eq(synthetic_write(&options, NULL), OK, "%s", error_message());
}

static struct dataset_writer *resume(void)
{
    struct dataset_writer *writer = NULL;
    options.existing = DATASET_RESUME;
    cr_assert_eq(dataset_writer_create(&writer, &options), OK, "%s", error_message());
    return writer;
}

/* Finishes the dataset and asserts that it is byte for byte that of an undisturbed run. */
static void finish_and_compare(struct dataset_writer *writer)
{
    static const char *const files[] = {"manifest.json", "small-00000.h5", "small-00001.h5",
                                        "small-00002.h5", "starts/small-starts-00008.h5"};
    cr_assert_eq(synthetic_append(writer, &options, options.cases), OK, "%s", error_message());
    cr_assert_eq(dataset_writer_finish(writer, NULL), OK, "%s", error_message());
    dataset_writer_destroy(writer);
    struct dataset_writer_options other = options;
    other.folder = temporary_folder_path("undisturbed");
    other.existing = DATASET_REFUSE;
    cr_assert_eq(synthetic_write(&other, NULL), OK);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char found[64], expected[64];
        snprintf(found, sizeof found, "%s/%s", path_base_name(options.folder), files[i]);
        snprintf(expected, sizeof expected, "undisturbed/%s", files[i]);
        temporary_folder_assert_same(found, expected);
    }
    cr_assert_not(path_exists(in_dataset("writer.lock")));
}

Test(dataset_writer, an_interrupted_dataset_is_a_valid_one_with_fewer_cases)
{
    struct dataset_writer *writer = NULL;
    struct dataset *dataset = NULL;
    options = synthetic_options(temporary_folder_path("d"));
    cr_assert_eq(dataset_writer_create(&writer, &options), OK);
    cr_assert_eq(synthetic_append(writer, &options, 6), OK);
    dataset_writer_destroy(writer); /* without finish */
    cr_assert_eq(dataset_open(&dataset, options.folder), OK, "%s", error_message());
    const struct dataset_info *info = dataset_get_info(dataset);
    cr_assert(info->complete == 0 && info->planned == 9 && info->cases > 0 && info->cases < 6);
    cr_assert_eq(dataset_verify(dataset), OK, "%s", error_message());
    dataset_close(dataset);
    cr_assert_not(path_exists(in_dataset("starts/small-starts-00005.h5")));
    writer = resume();
    cr_assert_gt(dataset_writer_next(writer), 0);
    finish_and_compare(writer);
}

/* Whatever number of cases came before, whether or not they fill a shard, and twice over. */
Test(dataset_writer, a_suspended_dataset_keeps_every_case_and_resumes_to_the_same_bytes)
{
    for (int64_t before = 0; before <= 9; before++) {
        struct dataset_writer *writer = NULL;
        struct dataset *dataset = NULL;
        char name[32];
        snprintf(name, sizeof name, "s%d", (int)before);
        options = synthetic_options(temporary_folder_path(name));
        cr_assert_eq(dataset_writer_create(&writer, &options), OK);
        cr_assert_eq(synthetic_append(writer, &options, before / 2), OK);
        cr_assert_eq(dataset_writer_suspend(writer), OK, "%s", error_message());
        dataset_writer_destroy(writer);
        writer = resume();
        cr_assert_eq(dataset_writer_next(writer), before / 2);
        cr_assert_eq(synthetic_append(writer, &options, before), OK, "%s", error_message());
        cr_assert_eq(dataset_writer_suspend(writer), OK, "%s", error_message());
        dataset_writer_destroy(writer);
        cr_assert_eq(dataset_open(&dataset, options.folder), OK, "%s", error_message());
        cr_assert_eq(dataset_get_info(dataset)->cases, before);
        cr_assert_eq(dataset_verify(dataset), OK, "%s", error_message());
        dataset_close(dataset);
        writer = resume();
        cr_assert_eq(dataset_writer_next(writer), before);
        finish_and_compare(writer);
        cr_assert_eq(path_remove(temporary_folder_path("undisturbed")), OK);
    }
}

Test(dataset_writer, a_reopened_shard_that_is_never_filled_stays_as_it_was)
{
    struct dataset_writer *writer = NULL;
    struct dataset *dataset = NULL;
    options = synthetic_options(temporary_folder_path("d"));
    cr_assert_eq(dataset_writer_create(&writer, &options), OK);
    cr_assert_eq(synthetic_append(writer, &options, 1), OK);
    cr_assert_eq(dataset_writer_suspend(writer), OK, "%s", error_message());
    dataset_writer_destroy(writer);
    writer = resume();
    cr_assert_eq(synthetic_append(writer, &options, 2), OK);
    dataset_writer_destroy(writer); /* neither finished nor suspended */
    cr_assert_eq(dataset_open(&dataset, options.folder), OK, "%s", error_message());
    cr_assert_eq(dataset_get_info(dataset)->cases, 1);
    cr_assert_eq(dataset_verify(dataset), OK, "%s", error_message());
    dataset_close(dataset);
    finish_and_compare(resume());
}

Test(dataset_writer, a_dataset_without_any_case_yet_is_valid)
{
    struct dataset_writer *writer = NULL;
    struct dataset *dataset = NULL;
    options = synthetic_options(temporary_folder_path("d"));
    cr_assert_eq(dataset_writer_create(&writer, &options), OK);
    dataset_writer_destroy(writer);
    cr_assert_eq(dataset_open(&dataset, options.folder), OK, "%s", error_message());
    cr_assert(dataset_get_info(dataset)->cases == 0 && dataset_get_info(dataset)->shards == 0);
    cr_assert_eq(dataset_verify(dataset), OK);
    dataset_close(dataset);
}

Test(dataset_writer, resume_after_the_last_shard_was_lost_makes_it_anew)
{
    write_good();
    cr_assert_eq(unlink(in_dataset("small-00002.h5")), 0);
    struct dataset_writer *writer = resume();
    cr_assert(dataset_writer_next(writer) > 0 && dataset_writer_next(writer) < 9);
    finish_and_compare(writer);
}

Test(dataset_writer, resume_after_a_damaged_shard_keeps_only_what_stands_before_it)
{
    write_good();
    cr_assert_eq(truncate(in_dataset("small-00001.h5"), 5000), 0);
    struct dataset_writer *writer = resume();
    cr_assert_not(path_exists(in_dataset("small-00001.h5")));
    cr_assert_not(path_exists(in_dataset("small-00002.h5")));
    cr_assert(path_exists(in_dataset("small-00000.h5")));
    finish_and_compare(writer);
}

Test(dataset_writer, resume_after_lost_start_states_makes_their_shard_anew)
{
    write_good();
    cr_assert_eq(unlink(in_dataset("starts/small-starts-00007.h5")), 0);
    finish_and_compare(resume());
}

Test(dataset_writer, resume_of_a_finished_dataset_has_nothing_to_do)
{
    write_good();
    struct dataset_writer *writer = resume();
    cr_assert_eq(dataset_writer_next(writer), 9);
    finish_and_compare(writer);
}

Test(dataset_writer, resume_removes_leftovers_of_dead_writers)
{
    write_good();
    temporary_folder_write("d/small-00001.h5.tmp.999999999", "half");
    temporary_folder_write("d/small-00002.h5.tmp.1", "half, by a number that somebody has now");
    temporary_folder_write("d/manifest.json.tmp.1", "half");
    temporary_folder_write("d/starts/small-starts-00005.h5.tmp.1", "half");
    temporary_folder_write("d/letter.tmp.1", "not ours");
    temporary_folder_write("d/small-00009.h5", "of another life");
    temporary_folder_write("d/starts/small-starts-00001.h5", "of another life");
    struct dataset_writer *writer = resume();
    cr_assert_not(path_exists(in_dataset("small-00001.h5.tmp.999999999")));
    cr_assert_not(path_exists(in_dataset("small-00002.h5.tmp.1")));
    cr_assert_not(path_exists(in_dataset("manifest.json.tmp.1")));
    cr_assert_not(path_exists(in_dataset("starts/small-starts-00005.h5.tmp.1")));
    cr_assert(path_exists(in_dataset("letter.tmp.1")));
    cr_assert_not(path_exists(in_dataset("small-00009.h5")));
    cr_assert_not(path_exists(in_dataset("starts/small-starts-00001.h5")));
    finish_and_compare(writer);
}

Test(dataset_writer, resume_with_anything_changed_is_refused)
{
    write_good();
    struct dataset_writer_options changed[8];
    struct dataset_writer *writer = NULL;
    for (int i = 0; i < 8; i++) {
        changed[i] = options;
        changed[i].existing = DATASET_RESUME;
    }
    changed[0].config = "seed: 1\ncases: 10\n";
    changed[1].seed = 3;
    changed[2].name = "other";
    changed[3].version = "0.1";
    changed[4].frames = 8;
    changed[5].edge = "periodic";
    changed[6].storage = STORAGE_GZIP;
    changed[7].shard_bytes = 0;
    for (int i = 0; i < 8; i++) {
        cr_assert_eq(dataset_writer_create(&writer, &changed[i]), ERR_DATA, "%d", i);
        cr_assert_not_null(strstr(error_message(), "was begun with another"), "%d", i);
    }
    finish_and_compare(resume()); /* nothing was harmed */
}

Test(dataset_writer, existing_output_is_refused_and_left_alone)
{
    struct dataset_writer *writer = NULL;
    write_good();
    cr_assert_eq(dataset_writer_create(&writer, &options), ERR_USAGE);
    cr_assert_not_null(strstr(error_message(), "--resume"));
    finish_and_compare(resume());
}

Test(dataset_writer, a_file_where_the_folder_should_be_is_refused)
{
    struct dataset_writer *writer = NULL;
    temporary_folder_write("d", "a file");
    options = synthetic_options(temporary_folder_path("d"));
    for (int existing = DATASET_REFUSE; existing <= DATASET_REPLACE; existing++) {
        options.existing = (enum dataset_existing)existing;
        cr_assert_eq(dataset_writer_create(&writer, &options), ERR_USAGE, "%s", error_message());
    }
}

Test(dataset_writer, replace_removes_the_old_dataset_and_nothing_else)
{
    struct dataset_writer *writer = NULL;
    write_good();
    temporary_folder_write("d/notes.txt", "mine");
    options.existing = DATASET_REPLACE;
    options.name = "fresh";
    cr_assert_eq(dataset_writer_create(&writer, &options), ERR_USAGE);
    cr_assert_not_null(strstr(error_message(), "notes.txt"));
    cr_assert(path_exists(in_dataset("small-00002.h5")));
    cr_assert_eq(unlink(in_dataset("notes.txt")), 0);
    cr_assert_eq(dataset_writer_create(&writer, &options), OK, "%s", error_message());
    cr_assert_not(path_exists(in_dataset("small-00000.h5")));
    cr_assert_not(path_exists(in_dataset("starts")));
    cr_assert_eq(synthetic_append(writer, &options, 9), OK);
    cr_assert_eq(dataset_writer_finish(writer, NULL), OK);
    dataset_writer_destroy(writer);
    cr_assert(path_exists(in_dataset("fresh-00002.h5")));
}

Test(dataset_writer, a_foreign_folder_is_not_resumed_into)
{
    struct dataset_writer *writer = NULL;
    cr_assert_eq(path_make_folder(temporary_folder_path("d")), OK);
    temporary_folder_write("d/thesis.tex", "mine");
    options = synthetic_options(temporary_folder_path("d"));
    options.existing = DATASET_RESUME;
    cr_assert_eq(dataset_writer_create(&writer, &options), ERR_USAGE);
    cr_assert_not(path_exists(in_dataset("writer.lock")));
}

Test(dataset_writer, a_second_writer_is_refused_and_told_who_holds_the_folder)
{
    struct dataset_writer *first = NULL, *second = NULL;
    char process[32];
    options = synthetic_options(temporary_folder_path("d"));
    cr_assert_eq(dataset_writer_create(&first, &options), OK);
    for (int existing = DATASET_REFUSE; existing <= DATASET_REPLACE; existing++) {
        options.existing = (enum dataset_existing)existing;
        cr_assert_eq(dataset_writer_create(&second, &options), ERR_BUSY, "%s", error_message());
        snprintf(process, sizeof process, "process %ld on ", (long)getpid());
        cr_assert_not_null(strstr(error_message(), process), "%s", error_message());
    }
    dataset_writer_destroy(first);
    cr_assert_eq(dataset_writer_create(&second, &options), OK);
    dataset_writer_destroy(second);
}

Test(dataset_writer, the_lock_of_a_dead_writer_is_taken_over)
{
    char text[FOLDER_LOCK_TEXT];
    struct folder_lock_holder holder;
    struct dataset_writer *writer = NULL;
    write_good();
    folder_lock_describe(&holder);
    holder.process = 999999999;
    folder_lock_print(text, &holder);
    temporary_folder_write("d/writer.lock", text);
    finish_and_compare(resume());
    snprintf(holder.host, sizeof holder.host, "elsewhere");
    folder_lock_print(text, &holder);
    temporary_folder_write("d/writer.lock", text);
    cr_assert_eq(dataset_writer_create(&writer, &options), ERR_BUSY);
    cr_assert_not_null(strstr(error_message(), "elsewhere"), "%s", error_message());
}

Test(dataset_writer, an_unwritable_folder_is_an_io_failure_and_leaves_nothing)
{
    struct dataset_writer *writer = NULL;
    options = synthetic_options("/proc/nowhere/d"); /* root may write anywhere else */
    cr_assert_eq(dataset_writer_create(&writer, &options), ERR_IO);
    cr_assert_not_null(strstr(error_message(), "/proc/nowhere"));
    if (geteuid() == 0)
        return;
    options.folder = temporary_folder_path("d");
    cr_assert_eq(chmod(temporary_folder, 0500), 0);
    cr_assert_eq(dataset_writer_create(&writer, &options), ERR_IO);
    cr_assert_eq(chmod(temporary_folder, 0700), 0);
    cr_assert_not(path_exists(options.folder));
}

Test(dataset_writer, names_that_are_no_file_names_are_refused)
{
    static const char too_long[] = "ninety-nine-bottles-of-beer-on-the-wall-ninety-nine-bottles-of-"
                                   "beer-take-one-down-and-pass-it-around-again";
    static const char *const bad[] = {"",      "a/b",   "../x", ".hidden", "white space",
                                      "-dash", too_long};
    struct dataset_writer *writer = NULL;
    options = synthetic_options(temporary_folder_path("d"));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        options.name = bad[i];
        cr_assert_eq(dataset_writer_create(&writer, &options), ERR_CONFIG, "%s", bad[i]);
        cr_assert_not(path_exists(options.folder));
    }
}

Test(dataset_writer, cases_that_do_not_fit_are_our_own_fault)
{
    struct dataset_writer *writer = NULL;
    struct case_record *record = NULL;
    options = synthetic_options(temporary_folder_path("d"));
    cr_assert_eq(dataset_writer_create(&writer, &options), OK);
    cr_assert_eq(dataset_writer_finish(writer, NULL), ERR_INTERNAL);
    struct dataset_writer_options other = options;
    other.frames = 5;
    cr_assert_eq(case_record_create(&record, 12, 8, 7, CASE_RECORD_KEEP_STARTS), OK);
    cr_assert_eq(synthetic_fill(record, 0, &other), OK);
    cr_assert_eq(dataset_writer_append(writer, record, SPLIT_TRAIN, NULL), ERR_INTERNAL);
    dataset_writer_destroy(writer);
    case_record_destroy(record);
}
