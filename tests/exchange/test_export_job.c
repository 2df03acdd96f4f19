/* SPDX-License-Identifier: Apache-2.0
 *
 * What holds for every format of the list. What the files hold is checked by the programs they are
 * for (peer_export.py). */
#include "array.h"
#include "dataset.h"
#include "export_format.h"
#include "export_job.h"
#include "h5file.h"
#include "path.h"
#include "synthetic.h"
#include "temporary_folder.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <unistd.h>

enum { CASES = 9 };

static struct dataset_writer_options options;
static struct dataset *dataset;

static void set_up(void)
{
    temporary_folder_create();
    options = synthetic_options(temporary_folder_path("d"));
    cr_assert_eq(synthetic_write(&options, NULL), OK, "%s", error_message());
    cr_assert_eq(dataset_open(&dataset, options.folder), OK, "%s", error_message());
}

static void tear_down(void)
{
    dataset_close(dataset);
    temporary_folder_remove();
}

TestSuite(export_job, .init = set_up, .fini = tear_down);

static int64_t count_files(const char *folder)
{
    int64_t count = 0;
    DIR *listing = opendir(folder);
    if (listing == NULL)
        return 0;
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing))
        count += entry->d_name[0] != '.';
    closedir(listing);
    return count;
}

static struct export_options job_of(const struct export_format *format)
{
    return (struct export_options){
        .dataset = dataset, .format = format, .folder = temporary_folder_path(format->name)};
}

Test(export_job, every_format_writes_the_cases_that_finished_and_a_table)
{
    for (int64_t i = 0; i < export_format_count(); i++) {
        char path[PATH_SIZE];
        struct export_totals totals;
        struct export_options job = job_of(export_format_at(i));
        cr_assert_eq(export_job_run(&totals, &job), OK, "%s", error_message());
        cr_assert_eq(totals.cases, CASES - 1, "%s", job.format->name);
        cr_assert_eq(path_join(path, sizeof path, job.folder, job.format->name), OK);
        cr_assert_eq(count_files(path), totals.files, "%s", job.format->name);
        cr_assert_eq(path_join(path, sizeof path, job.folder, "cases.csv"), OK);
        cr_assert(path_exists(path));
    }
}

Test(export_job, every_format_writes_chosen_cases_alone)
{
    unsigned char wanted[CASES] = {[1] = 1, [7] = 1};
    for (int64_t i = 0; i < export_format_count(); i++) {
        struct export_totals totals;
        struct export_options job = job_of(export_format_at(i));
        job.wanted = wanted;
        cr_assert_eq(export_job_run(&totals, &job), OK, "%s", error_message());
        cr_assert_eq(totals.cases, 2);
        cr_assert_leq(totals.files, 2);
        cr_assert_gt(totals.bytes, 0);
    }
}

Test(export_job, a_case_that_failed_is_refused_where_it_is_asked_for)
{
    unsigned char wanted[CASES] = {[SYNTHETIC_FAILED] = 1};
    for (int64_t i = 0; i < export_format_count(); i++) {
        struct export_totals totals;
        struct export_options job = job_of(export_format_at(i));
        job.wanted = wanted;
        cr_assert_eq(export_job_run(&totals, &job), ERR_DATA);
        cr_assert_not_null(strstr(error_message(), "case 2 failed"), "%s", error_message());
        cr_assert_not(path_exists(job.folder));
    }
}

/* The last third of the cases; returns the number of its first. */
static int64_t write_part(const char *folder)
{
    struct dataset_writer *writer = NULL;
    struct dataset_writer_options own = synthetic_options(folder);
    cr_assert_eq(dataset_part_make(&own.part, 3, 3, CASES), OK);
    cr_assert_eq(dataset_writer_create(&writer, &own), OK, "%s", error_message());
    cr_assert_eq(synthetic_append(writer, &own, CASES), OK, "%s", error_message());
    cr_assert_eq(dataset_writer_finish(writer, NULL), OK, "%s", error_message());
    dataset_writer_destroy(writer);
    return own.part.first;
}

Test(export_job, arrays_of_a_part_carry_the_case_numbers_of_the_whole)
{
    const struct h5file_block block = {.rank = 1, .count = {1}};
    struct export_totals totals;
    struct dataset *part = NULL;
    struct h5file *file = NULL;
    size_t size = 0;
    int64_t number = -1, first = write_part(temporary_folder_path("p"));
    cr_assert_gt(first, 0);
    cr_assert_eq(dataset_open(&part, temporary_folder_path("p")), OK, "%s", error_message());
    struct export_options job = {.dataset = part, .folder = temporary_folder_path("arrays")};
    cr_assert_eq(export_format_find(&job.format, "pdebench"), OK);
    cr_assert_eq(export_job_run(&totals, &job), OK, "%s", error_message());
    unsigned char *image = temporary_folder_read("arrays/pdebench/small-00000.hdf5", &size);
    cr_assert_eq(h5file_open(&file, image, size), OK, "%s", error_message());
    cr_assert_eq(h5file_read(&number, file, "/case", H5FILE_I64, &block), OK, "%s",
                 error_message());
    cr_assert_eq(number, first);
    h5file_close(file);
    array_free(image);
    dataset_close(part);
}

Test(export_job, a_request_to_stop_is_heard)
{
    volatile sig_atomic_t signal = 2;
    const struct stop stop = {.signal = &signal};
    for (int64_t i = 0; i < export_format_count(); i++) {
        struct export_totals totals;
        struct export_options job = job_of(export_format_at(i));
        job.stop = &stop;
        cr_assert_eq(export_job_run(&totals, &job), ERR_STOPPED);
    }
}

Test(export_job, names_of_formats_are_unique_and_an_unknown_one_lists_them)
{
    const struct export_format *found = NULL;
    for (int64_t i = 0; i < export_format_count(); i++) {
        cr_assert_eq(export_format_find(&found, export_format_at(i)->name), OK);
        cr_assert_eq(found, export_format_at(i));
        cr_assert_neq(found->summary[0], '\0');
    }
    cr_assert_eq(export_format_find(&found, "xdmf"), ERR_USAGE);
    for (int64_t i = 0; i < export_format_count(); i++)
        cr_assert_not_null(strstr(error_message(), export_format_at(i)->name));
}
