/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever happens to a file of a dataset is noticed before libhdf5 sees its bytes. */
#include "atomic_file.h"
#include "dataset.h"
#include "manifest.h"
#include "path.h"
#include "synthetic.h"
#include "temporary_folder.h"

#include <criterion/criterion.h>
#include <unistd.h>

/* Bytes and lengths are tried one by one where DAMAGE_EVERY is 1 (the long form of this test),
 * every 211th in the usual one. */
#ifndef DAMAGE_EVERY
#define DAMAGE_EVERY 211
#endif

enum { MANIFEST_EVERY = (DAMAGE_EVERY + 10) / 11 };

static struct dataset_writer_options options;
static char victim[PATH_SIZE];
static unsigned char *bytes;
static size_t size;

static void write_victim(size_t kept)
{
    FILE *file = fopen(victim, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(bytes, 1, kept, file), kept);
    cr_assert_eq(fclose(file), 0);
}

/* Changes a byte in place: writing whole files thousands of times takes a minute on some disks. */
static void flip(size_t place, unsigned char bits)
{
    FILE *file = fopen(victim, "r+b");
    cr_assert_not_null(file);
    bytes[place] ^= bits;
    cr_assert_eq(fseek(file, (long)place, SEEK_SET), 0);
    cr_assert_eq(fputc(bytes[place], file), bytes[place]);
    cr_assert_eq(fclose(file), 0);
}

static void choose(const char *name)
{
    array_free(bytes);
    bytes = NULL;
    cr_assert_eq(path_join(victim, sizeof victim, options.folder, name), OK);
    cr_assert_eq(atomic_file_read(&bytes, &size, victim, 1 << 24), OK);
}

static void set_up(void)
{
    temporary_folder_create();
    options = synthetic_options(temporary_folder_path("d"));
    cr_assert_eq(synthetic_write(&options, NULL), OK, "%s", error_message());
}

/* The smallest files there are: 47 kB of structure and little else. */
static void set_up_small(void)
{
    temporary_folder_create();
    options = synthetic_options(temporary_folder_path("d"));
    options.nx = options.ny = 2;
    options.frames = options.frame_interval = options.refine = 1;
    options.shard_bytes = 1;
    cr_assert_eq(synthetic_write(&options, NULL), OK, "%s", error_message());
}

static void tear_down(void)
{
    array_free(bytes);
    bytes = NULL;
    temporary_folder_remove();
}

TestSuite(dataset_damage, .init = set_up, .fini = tear_down);
TestSuite(dataset_damage_everywhere, .init = set_up_small, .fini = tear_down);

static struct dataset *open_good(void)
{
    struct dataset *dataset = NULL;
    cr_assert_eq(dataset_open(&dataset, options.folder), OK, "%s", error_message());
    return dataset;
}

static void assert_refused(const struct dataset *dataset, const char *name, size_t place)
{
    struct dataset_shard *shard = NULL;
    cr_assert_eq(dataset_read_shard(&shard, dataset, 0, 0), ERR_DATA, "at %zu", place);
    cr_assert_null(shard);
    cr_assert_not_null(strstr(error_message(), name), "%s", error_message());
}

/* The case of the start states that are tried. */
enum { STARTS_CASE = 5 };

static void assert_starts_refused(const struct dataset *dataset, const char *name, size_t place)
{
    struct case_record *record = NULL;
    cr_assert_eq(dataset_read_case(&record, dataset, STARTS_CASE, CASE_RECORD_KEEP_STARTS),
                 ERR_DATA, "at %zu", place);
    cr_assert_null(record);
    cr_assert_not_null(strstr(error_message(), name), "%s", error_message());
}

typedef void (*refusal_fn)(const struct dataset *dataset, const char *name, size_t place);

/* A bit of one byte after the other is changed and changed back. */
static void flip_everywhere(const char *name, refusal_fn assert_it)
{
    struct dataset *dataset = open_good();
    char digest[DIGEST_SIZE];
    choose(name);
    for (size_t i = 0; i < size; i += DAMAGE_EVERY) {
        flip(i, (unsigned char)(1U << i % 8));
        assert_it(dataset, name, i);
        cr_assert_eq(digest_bytes(digest, bytes, size), OK);
        cr_assert_not_null(strstr(error_message(), digest), "the digest found is named");
        flip(i, (unsigned char)(1U << i % 8));
    }
    cr_assert_eq(dataset_verify(dataset), OK, "every change was undone");
    dataset_close(dataset);
}

/* All lengths but the right one, which is the last to be longer. */
static void cut_everywhere(const char *name, refusal_fn assert_it)
{
    struct dataset *dataset = open_good();
    choose(name);
    for (size_t kept = size; kept-- > 0; kept -= kept > DAMAGE_EVERY ? DAMAGE_EVERY - 1 : 0) {
        cr_assert_eq(truncate(victim, (off_t)kept), 0);
        assert_it(dataset, name, kept);
    }
    write_victim(size);
    cr_assert_eq(dataset_verify(dataset), OK);
    cr_assert_eq(truncate(victim, (off_t)size + 1), 0);
    assert_it(dataset, name, size + 1);
    dataset_close(dataset);
}

Test(dataset_damage_everywhere, changed_bytes_of_a_shard_are_refused)
{
    flip_everywhere("small-00000.h5", assert_refused);
}

Test(dataset_damage_everywhere, truncations_of_a_shard_and_an_addition_are_refused)
{
    cut_everywhere("small-00000.h5", assert_refused);
}

Test(dataset_damage_everywhere, changed_bytes_of_start_states_are_refused)
{
    flip_everywhere("starts/small-starts-00005.h5", assert_starts_refused);
}

Test(dataset_damage_everywhere, truncations_of_start_states_and_an_addition_are_refused)
{
    cut_everywhere("starts/small-starts-00005.h5", assert_starts_refused);
}

Test(dataset_damage, a_missing_shard_is_named_with_its_digest)
{
    struct dataset *dataset = open_good();
    char digest[DIGEST_SIZE];
    choose("small-00000.h5");
    cr_assert_eq(digest_bytes(digest, bytes, size), OK);
    cr_assert_eq(unlink(victim), 0);
    assert_refused(dataset, "small-00000.h5", 0);
    cr_assert_not_null(strstr(error_message(), digest), "%s", error_message());
    cr_assert_eq(dataset_verify(dataset), ERR_DATA);
    dataset_close(dataset);
}

Test(dataset_damage, shards_put_in_each_others_place_are_refused)
{
    struct dataset *dataset = open_good();
    choose("small-00001.h5");
    cr_assert_eq(path_join(victim, sizeof victim, options.folder, "small-00000.h5"), OK);
    write_victim(size);
    assert_refused(dataset, "small-00000.h5", 0);
    dataset_close(dataset);
}

Test(dataset_damage, missing_start_states_are_refused_where_they_are_asked_for)
{
    struct dataset *dataset = open_good();
    struct case_record *record = NULL;
    choose("starts/small-starts-00005.h5");
    cr_assert_eq(unlink(victim), 0);
    assert_starts_refused(dataset, "small-starts-00005.h5", 0);
    cr_assert_eq(dataset_verify(dataset), ERR_DATA);
    cr_assert_eq(dataset_read_case(&record, dataset, STARTS_CASE, CASE_RECORD_DROP_STARTS), OK,
                 "they are not asked for");
    case_record_destroy(record);
    dataset_close(dataset);
}

/* White space of the text is not content; everything else is. */
static int is_space(unsigned char byte)
{
    return byte == ' ' || byte == '\n';
}

Test(dataset_damage_everywhere, changed_bytes_of_the_manifest_are_refused)
{
    choose("manifest.json");
    for (size_t i = 0; i < size; i += MANIFEST_EVERY) {
        struct dataset *dataset = NULL;
        if (is_space(bytes[i]))
            continue;
        flip(i, 1);
        enum status status = dataset_open(&dataset, options.folder);
        cr_assert_eq(status, ERR_DATA, "byte %zu", i);
        cr_assert_null(dataset);
        cr_assert_not_null(strstr(error_message(), "manifest.json"), "%s", error_message());
        flip(i, 1);
    }
}

/* The last byte ends the line: it is no content. */
Test(dataset_damage_everywhere, truncations_of_the_manifest_are_refused)
{
    choose("manifest.json");
    for (size_t cut = 2; cut <= size; cut += MANIFEST_EVERY) {
        const size_t kept = size - cut;
        struct dataset *dataset = NULL;
        cr_assert_eq(truncate(victim, (off_t)kept), 0);
        cr_assert_eq(dataset_open(&dataset, options.folder), ERR_DATA, "%zu", kept);
        cr_assert_not_null(strstr(error_message(), "manifest.json"));
    }
}

Test(dataset_damage, a_manifest_that_agrees_with_itself_and_not_with_the_files_fails_verification)
{
    struct manifest *manifest = NULL;
    cr_assert_eq(manifest_read(&manifest, options.folder), OK);
    memcpy(manifest->cases[1].content, manifest->cases[0].content, DIGEST_SIZE);
    cr_assert_eq(manifest_write(manifest, options.folder), OK);
    manifest_destroy(manifest);
    struct dataset *dataset = open_good();
    cr_assert_eq(dataset_verify(dataset), ERR_DATA);
    cr_assert_not_null(strstr(error_message(), "case 1"), "%s", error_message());
    dataset_close(dataset);
}

Test(dataset_damage, a_manifest_whose_cases_stand_in_wrong_places_is_refused)
{
    struct manifest *manifest = NULL;
    struct dataset *dataset = NULL;
    cr_assert_eq(manifest_read(&manifest, options.folder), OK);
    manifest->cases[0].facts.position = 1;
    cr_assert_eq(manifest_write(manifest, options.folder), OK);
    manifest_destroy(manifest);
    cr_assert_eq(dataset_open(&dataset, options.folder), ERR_DATA);
    cr_assert_not_null(strstr(error_message(), "is due"), "%s", error_message());
}

/* Makes the manifest agree with the shard as it is now. */
static void accept_victim(void)
{
    struct manifest *manifest = NULL;
    cr_assert_eq(manifest_read(&manifest, options.folder), OK, "%s", error_message());
    cr_assert_eq(digest_bytes(manifest->shards[0].file.sha256, bytes, size), OK);
    cr_assert_eq(manifest_write(manifest, options.folder), OK);
    manifest_destroy(manifest);
}

Test(dataset_damage, a_case_is_read_without_looking_at_its_neighbours)
{
    int64_t neighbours = 0;
    options.folder = temporary_folder_path("gzip");
    options.storage = STORAGE_GZIP; /* its checksums tell which case a byte belongs to */
    cr_assert_eq(synthetic_write(&options, NULL), OK);
    choose("small-00000.h5");
    for (size_t i = size / 2; i < size; i += size / 37) {
        struct dataset_shard *shard = NULL;
        struct case_record *record = NULL;
        flip(i, 0x10);
        accept_victim();
        struct dataset *dataset = open_good();
        enum status all = dataset_read_shard(&shard, dataset, 0, 0);
        enum status first = dataset_read_case(&record, dataset, 0, CASE_RECORD_DROP_STARTS);
        cr_assert(all == OK || all == ERR_DATA, "%s", error_message());
        cr_assert(first == OK || first == all, "%s", error_message());
        neighbours += all == ERR_DATA && first == OK;
        case_record_destroy(record);
        dataset_shard_destroy(shard);
        dataset_close(dataset);
        flip(i, 0x10);
    }
    cr_assert_gt(neighbours, 5, "%d", (int)neighbours);
}
