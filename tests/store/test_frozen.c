/* SPDX-License-Identifier: Apache-2.0
 *
 * Datasets written by the program that defined the file format (tests/store/frozen): every later
 * version must open them and read the same values. They are never made anew; a new version of the
 * format gets samples of its own beside them. */
#include "dataset.h"

#include <criterion/criterion.h>
#include <string.h>

static struct dataset *open_sample(const char *folder, const char *digest)
{
    struct dataset *dataset = NULL;
    cr_assert_eq(dataset_open(&dataset, folder), OK, "%s", error_message());
    cr_assert_eq(dataset_verify(dataset), OK, "%s", error_message());
    cr_expect_str_eq(dataset_get_info(dataset)->content_digest, digest);
    return dataset;
}

static struct dataset *open_plain(void)
{
    return open_sample(TEST_SOURCE_DIR "/frozen/plain",
                       "466f6ed73fd81a622e7cb3163494d072e960a62f3f21d43eeeeb38a7dda96216");
}

static struct dataset *open_failed(void)
{
    return open_sample(TEST_SOURCE_DIR "/frozen/failed",
                       "d92820eca0bc8c9715708d6fea9d2017e778da3b7b9eebe83d2de96ffdf993d7");
}

Test(frozen, the_manifest_tells_what_it_told)
{
    static const enum split splits[] = {SPLIT_TRAIN, SPLIT_VALIDATION, SPLIT_TEST_BODY,
                                        SPLIT_TEST_BEYOND};
    struct dataset *dataset = open_plain();
    const struct dataset_info *info = dataset_get_info(dataset);
    cr_expect(info->nx == 32 && info->ny == 16 && info->frames == 4 && info->cases == 4);
    cr_expect(info->frame_interval == 20 && info->refine == 1 && info->seed == 11);
    cr_expect(info->complete && info->failed == 0 && info->shards == 1);
    for (int64_t k = 0; k < 4; k++) {
        const struct dataset_case *one = dataset_get_case(dataset, k);
        cr_expect_eq(one->split, splits[k]);
        cr_expect_eq(one->start_count, k >= 2);
        cr_expect_str_eq(one->family, k == 2 ? "star" : "circle");
    }
    cr_expect_eq(dataset_get_case(dataset, 3)->reynolds, 117.93776969375978);
    cr_expect_not_null(strstr(dataset_get_config(dataset), "reynolds_beyond: [[100, 120]]"));
    const struct error_bar *bar = dataset_get_error_bar(dataset);
    cr_assert_not_null(bar);
    cr_assert_eq(bar->run_count, 1);
    cr_expect(bar->runs[0].case_index == 2 && bar->runs[0].refine == 2);
    cr_expect_eq(bar->runs[0].velocity[3], 0.15917518730483501);
    dataset_close(dataset);
}

Test(frozen, a_case_has_its_values_and_its_start_state)
{
    struct dataset *dataset = open_plain();
    struct case_record *record = NULL;
    cr_assert_eq(dataset_read_case(&record, dataset, 2, CASE_RECORD_KEEP_STARTS), OK, "%s",
                 error_message());
    const float *frame = case_record_frame(record, 3);
    cr_expect_eq(frame[FRAME_RHO * 512 + 20 * 16 + 8], 0x1.fb3932p-1F);
    cr_expect_eq(frame[FRAME_UX * 512 + 20 * 16 + 8], 0x1.1cc086p-6F);
    cr_expect_eq(frame[FRAME_UY * 512 + 20 * 16 + 8], -0x1.54f4c8p-10F);
    cr_expect_eq(record->sdf[0], 0x1.04b25ep+3F);
    cr_expect_eq(record->force_steps, 60);
    cr_assert_eq(record->start_count, 1);
    cr_expect(record->starts[0]->nx == 48 && record->starts[0]->ny == 16);
    cr_expect_eq(record->starts[0]->frame, 2);
    case_record_destroy(record);
    dataset_close(dataset);
}

Test(frozen, a_failed_case_keeps_its_reason_and_the_rounded_one_its_values)
{
    struct dataset *dataset = open_failed();
    struct case_record *record = NULL;
    const struct dataset_case *failed = dataset_get_case(dataset, 0);
    cr_expect_eq(dataset_get_info(dataset)->failed, 1);
    cr_expect_eq(failed->shard, -1);
    cr_expect_not_null(strstr(failed->reason, "the flow diverged"));
    cr_expect(failed->failure.step == 1824 && failed->failure.x == 19.5 &&
              failed->failure.y == 36.5);
    cr_assert_eq(dataset_read_case(&record, dataset, 1, CASE_RECORD_DROP_STARTS), OK, "%s",
                 error_message());
    cr_expect_eq(case_record_frame(record, 1)[FRAME_UY * 4096 + 40 * 64 + 33], -0x1.6acp-4F);
    case_record_destroy(record);
    dataset_close(dataset);
}
