/* SPDX-License-Identifier: Apache-2.0 */
#include "digest.h"

#include <criterion/criterion.h>
#include <string.h>

/* FIPS 180-2, appendix B, and the digest of nothing. */
static const struct {
    const char *text, *digest;
} known[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

Test(digest, gives_the_published_vectors)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char out[DIGEST_SIZE];
        cr_assert_eq(digest_bytes(out, known[i].text, strlen(known[i].text)), OK);
        cr_assert_str_eq(out, known[i].digest);
    }
}

Test(digest, pieces_give_the_digest_of_the_whole)
{
    const char *text = known[2].text;
    for (size_t cut = 0; cut <= strlen(text); cut++) {
        struct digest *digest = NULL;
        char out[DIGEST_SIZE];
        cr_assert_eq(digest_create(&digest), OK);
        cr_assert_eq(digest_update(digest, text, cut), OK);
        cr_assert_eq(digest_update(digest, text + cut, strlen(text) - cut), OK);
        cr_assert_eq(digest_finish(out, digest), OK);
        digest_destroy(digest);
        cr_assert_str_eq(out, known[2].digest);
    }
    digest_destroy(NULL);
}
