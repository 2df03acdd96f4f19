/* SPDX-License-Identifier: Apache-2.0 */
#include "safetensors.h"

#include "array.h"
#include "atomic_file.h"
#include "temporary_folder.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

TestSuite(safetensors, .init = temporary_folder_create, .fini = temporary_folder_remove);

/* A file of this header and `size` bytes of data 0, 1, 2, ... */
static enum status open_made(struct safetensors **out, const char *header, uint64_t length,
                             size_t size)
{
    unsigned char bytes[4096];
    size_t used = 8 + strlen(header);
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(length >> (8 * i));
    memcpy(bytes + 8, header, strlen(header));
    for (size_t i = 0; i < size; i++)
        bytes[used + i] = (unsigned char)i;
    cr_assert_eq(atomic_file_write(temporary_folder_path("f"), bytes, used + size), OK);
    return safetensors_open(out, temporary_folder_path("f"));
}

Test(safetensors, what_is_written_comes_back)
{
    const float weights[] = {1.5F, -2.0F, 0.25F, 1e-30F, 7.0F, 8.0F};
    const double sums[] = {1.0 / 3.0};
    const int64_t steps[] = {INT64_MIN, 42};
    const unsigned char flags[] = {1, 0, 255};
    struct safetensors_writer *writer = NULL;
    cr_assert_eq(safetensors_writer_create(&writer), OK);
    cr_assert_eq(safetensors_writer_add(writer, "flags", SAFETENSORS_U8, (int64_t[]){3}, 1, flags),
                 OK);
    cr_assert_eq(
        safetensors_writer_add(writer, "weights", SAFETENSORS_F32, (int64_t[]){2, 3}, 2, weights),
        OK);
    cr_assert_eq(safetensors_writer_add(writer, "sum", SAFETENSORS_F64, NULL, 0, sums), OK);
    cr_assert_eq(safetensors_writer_add(writer, "steps", SAFETENSORS_I64, (int64_t[]){2}, 1, steps),
                 OK);
    cr_assert_eq(
        safetensors_writer_add(writer, "none", SAFETENSORS_F32, (int64_t[]){0, 4}, 2, weights), OK);
    cr_assert_eq(safetensors_writer_add_metadata(writer, "config", "{\"a\": \"\\n\"}"), OK);
    cr_assert_eq(safetensors_writer_save(writer, temporary_folder_path("f")), OK);
    safetensors_writer_destroy(writer);

    struct safetensors *file = NULL;
    cr_assert_eq(safetensors_open(&file, temporary_folder_path("f")), OK, "%s", error_message());
    cr_assert_eq(safetensors_count(file), 5);
    const struct safetensors_tensor *tensor = safetensors_find(file, "weights");
    cr_assert(tensor->rank == 2 && tensor->dims[0] == 2 && tensor->dims[1] == 3);
    cr_assert_eq(tensor->bytes, sizeof weights);
    cr_assert_arr_eq(tensor->data, weights, sizeof weights);
    cr_assert_arr_eq(safetensors_find(file, "sum")->data, sums, sizeof sums);
    cr_assert_arr_eq(safetensors_find(file, "steps")->data, steps, sizeof steps);
    cr_assert_arr_eq(safetensors_find(file, "flags")->data, flags, sizeof flags);
    cr_assert_eq(safetensors_find(file, "none")->bytes, 0);
    cr_assert_null(safetensors_find(file, "missing"));
    cr_assert_str_eq(safetensors_metadata(file, "config"), "{\"a\": \"\\n\"}");
    cr_assert_null(safetensors_metadata(file, "missing"));
    for (int64_t i = 0; i < 5; i++)
        cr_assert_eq((uintptr_t)safetensors_at(file, i)->data % 8 *
                         (safetensors_at(file, i)->type == SAFETENSORS_F64),
                     0);
    safetensors_close(file);
}

Test(safetensors, two_tensors_of_one_name_are_refused_on_writing)
{
    const float value = 0;
    struct safetensors_writer *writer = NULL;
    cr_assert_eq(safetensors_writer_create(&writer), OK);
    cr_assert_eq(safetensors_writer_add(writer, "a", SAFETENSORS_F32, NULL, 0, &value), OK);
    cr_assert_eq(safetensors_writer_add(writer, "a", SAFETENSORS_F32, NULL, 0, &value),
                 ERR_INTERNAL);
    cr_assert_eq(safetensors_writer_add(writer, "__metadata__", SAFETENSORS_F32, NULL, 0, &value),
                 ERR_INTERNAL);
    safetensors_writer_destroy(writer);
}

Test(safetensors, a_header_of_odd_length_is_read_and_its_data_aligned)
{
    static const char *const headers[] = {
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,16]}}",
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,16]}} ",
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,16]}}   "};
    for (size_t i = 0; i < 3; i++) {
        struct safetensors *file = NULL;
        cr_assert_eq(open_made(&file, headers[i], strlen(headers[i]), 16), OK, "%s",
                     error_message());
        const struct safetensors_tensor *tensor = safetensors_at(file, 0);
        cr_assert_eq((uintptr_t)tensor->data % 8, 0);
        cr_assert_eq(((const unsigned char *)tensor->data)[15], 15);
        safetensors_close(file);
    }
}

#define ENTRY(type, shape, offsets)                                                                \
    "{\"dtype\":\"" type "\",\"shape\":" shape ",\"data_offsets\":" offsets "}"

Test(safetensors, bad_headers_are_refused_with_a_reason)
{
    static const struct {
        const char *header, *reason;
        int64_t length; /* 0: the header's */
    } bad[] = {
        {"{\"a\":" ENTRY("F32", "[2]", "[0,8]") "}", "does not fit", 1},
        {"{\"a\":" ENTRY("F32", "[2]", "[0,8]") "}", "does not fit", 4000},
        {"{\"a\":" ENTRY("F32", "[2]", "[0,8]") "}", "does not fit", INT64_MAX},
        {" {\"a\":" ENTRY("F32", "[2]", "[0,8]") "}", "does not begin", 0},
        {"[1, 2]", "does not begin", 0},
        {"{\"a\":" ENTRY("F32", "[2]", "[0,8]"), "f:1", 0},
        {"{\"a\":" ENTRY("F32", "[2]", "[0,8]") "}}", "f:1", 0},
        {"{\"a\":" ENTRY("F32", "[2]", "[0,8]") ",\"a\":" ENTRY("F32", "[2]", "[0,8]") "}",
         "duplicate", 0},
        {"{\"a\":" ENTRY("BF16", "[4]", "[0,8]") "}", "BF16", 0},
        {"{\"a\":" ENTRY("F32", "[3]", "[0,8]") "}", "shape and type say 12", 0},
        {"{\"a\":" ENTRY("F32", "[-2]", "[0,8]") "}", "dimension 0", 0},
        {"{\"a\":" ENTRY("F32", "[2.0]", "[0,8]") "}", "tensor 'a'", 0},
        {"{\"a\":" ENTRY("F32", "[4611686018427387904,4]", "[0,8]") "}", "too large", 0},
        {"{\"a\":" ENTRY("F32", "[1,1,1,1,1,1,1,1,2]", "[0,8]") "}", "9 dimensions", 0},
        {"{\"a\":" ENTRY("F32", "[2]", "[8,0]") "}", "its bytes are", 0},
        {"{\"a\":" ENTRY("F32", "[2]", "[-8,0]") "}", "its bytes are", 0},
        {"{\"a\":" ENTRY("F32", "[4]", "[0,16]") "}", "its bytes are", 0},
        {"{\"a\":" ENTRY("F32", "[2]", "[0,8,8]") "}", "3 offsets", 0},
        {"{\"a\":" ENTRY("F32", "[1]", "[0,4]") "}", "behind the last", 0},
        {"{\"a\":" ENTRY("F32", "[1]", "[4,8]") "}", "after a hole", 0},
        {"{\"a\":" ENTRY("F32", "[2]", "[0,8]") ",\"b\":" ENTRY("F32", "[1]", "[4,8]") "}",
         "overlapping", 0},
        {"{\"a\":" ENTRY("U8", "[2]", "[0,2]") ",\"b\":" ENTRY("F32", "[1]", "[2,6]") "}",
         "not a multiple", 0},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", "nothing else", 0},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}}", "nothing else",
         0},
        {"{\"a\":7}", "nothing else", 0},
        {"{\"__metadata__\":{\"k\":1},\"a\":" ENTRY("F32", "[2]", "[0,8]") "}", "no text", 0},
        {"{\"__metadata__\":[],\"a\":" ENTRY("F32", "[2]", "[0,8]") "}", "no object", 0},
        {"{}", "behind the last", 0},
    };
    struct safetensors *file = NULL;
    cr_assert_eq(open_made(&file, "{\"a\":" ENTRY("F32", "[2]", "[0,8]") "}", 54, 8), OK, "%s",
                 error_message());
    safetensors_close(file);
    file = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        uint64_t length = bad[i].length != 0 ? (uint64_t)bad[i].length : strlen(bad[i].header);
        cr_expect_eq(open_made(&file, bad[i].header, length, 8), ERR_DATA, "%s", bad[i].header);
        cr_expect_null(file);
        cr_expect_not_null(strstr(error_message(), bad[i].reason), "%s: %s", bad[i].header,
                           error_message());
    }
}

Test(safetensors, a_name_that_is_too_long_is_refused)
{
    char header[512], name[200];
    struct safetensors *file = NULL;
    memset(name, 'n', sizeof name);
    for (int length = SAFETENSORS_NAME - 1; length <= SAFETENSORS_NAME; length++) {
        snprintf(header, sizeof header, "{\"%.*s\":" ENTRY("F32", "[2]", "[0,8]") "}", length,
                 name);
        enum status status = open_made(&file, header, strlen(header), 8);
        cr_assert_eq(status, length < SAFETENSORS_NAME ? OK : ERR_DATA);
        if (status == OK)
            safetensors_close(file);
    }
}

Test(safetensors, every_truncation_is_refused)
{
    static const char header[] = "{\"a\":" ENTRY("F32", "[2]", "[0,8]") "}";
    struct safetensors *file = NULL;
    size_t size = 0;
    cr_assert_eq(open_made(&file, header, strlen(header), 8), OK);
    safetensors_close(file);
    unsigned char *bytes = temporary_folder_read("f", &size);
    for (size_t kept = 0; kept < size; kept++) {
        cr_assert_eq(atomic_file_write(temporary_folder_path("g"), bytes, kept), OK);
        cr_assert_eq(safetensors_open(&file, temporary_folder_path("g")), ERR_DATA, "%zu", kept);
    }
    array_free(bytes);
}

Test(safetensors, a_missing_file_is_bad_data)
{
    struct safetensors *file = NULL;
    cr_assert_eq(safetensors_open(&file, temporary_folder_path("missing")), ERR_DATA);
    cr_assert_not_null(strstr(error_message(), "missing"));
}
