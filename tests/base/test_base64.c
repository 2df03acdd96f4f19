/* SPDX-License-Identifier: Apache-2.0 */
#include "base64.h"

#include "array.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

Test(base64, the_examples_of_the_standard)
{
    static const char *const pairs[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char *text = NULL;
        unsigned char *bytes = NULL;
        size_t size = 99;
        cr_assert_eq(base64_encode(&text, (const unsigned char *)pairs[i][0], strlen(pairs[i][0])),
                     OK);
        cr_expect_str_eq(text, pairs[i][1]);
        cr_assert_eq(base64_decode(&bytes, &size, text), OK, "%s", error_message());
        cr_assert_eq(size, strlen(pairs[i][0]));
        cr_expect_eq(memcmp(bytes, pairs[i][0], size), 0);
        free(text);
        array_free(bytes);
    }
}

Test(base64, every_byte_at_every_place_comes_back)
{
    unsigned char in[3 * 256 + 2];
    for (size_t size = 3 * 256; size < sizeof in; size++) {
        char *text = NULL;
        unsigned char *out = NULL;
        size_t back;
        for (size_t i = 0; i < size; i++)
            in[i] = (unsigned char)(i / 3 + i % 3 * 85);
        cr_assert_eq(base64_encode(&text, in, size), OK);
        cr_assert_eq(base64_decode(&out, &back, text), OK, "%s", error_message());
        cr_assert_eq(back, size);
        cr_assert_eq(memcmp(in, out, size), 0);
        free(text);
        array_free(out);
    }
}

Test(base64, what_is_no_base64_is_refused)
{
    static const char *const bad[] = {"Z",    "Zg",          "Zg=",  "Zm9v=",    "Zh==",  "Zm9=",
                                      "====", "Z===",        "Zm 9", "Zg==Zg==", "Zm9\n", "Zm-v",
                                      "=m9v", "Zm9v\200AAA", "Zm=v", "Zm9vZg=g"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        unsigned char *bytes = NULL;
        size_t size;
        cr_expect_eq(base64_decode(&bytes, &size, bad[i]), ERR_DATA, "'%s'", bad[i]);
        cr_expect_null(bytes);
    }
}
