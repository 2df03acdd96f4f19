/* SPDX-License-Identifier: Apache-2.0 */
#include "digest.h"

#include <openssl/evp.h>
#include <stdlib.h>

struct digest {
    EVP_MD_CTX *context;
};

enum status digest_create(struct digest **out)
{
    enum status status = OK;
    struct digest *digest = calloc(1, sizeof *digest);
    if (digest == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    digest->context = EVP_MD_CTX_new();
    if (digest->context == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    if (EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL) != 1)
        TRY_GOTO(FAIL(ERR_UNSUPPORTED, "libcrypto has no SHA-256"), cleanup);
    *out = digest;
    digest = NULL;
cleanup:
    digest_destroy(digest);
    return status;
}

enum status digest_update(struct digest *digest, const void *data, size_t size)
{
    if (EVP_DigestUpdate(digest->context, data, size) != 1)
        return FAIL(ERR_INTERNAL, "libcrypto could not hash %zu bytes", size);
    return OK;
}

enum status digest_finish(char out[DIGEST_SIZE], struct digest *digest)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned int count = 0;
    if (EVP_DigestFinal_ex(digest->context, bytes, &count) != 1 || count * 2 + 1 != DIGEST_SIZE)
        return FAIL(ERR_INTERNAL, "libcrypto could not finish a digest");
    for (unsigned int i = 0; i < count; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[DIGEST_SIZE - 1] = '\0';
    return OK;
}

void digest_destroy(struct digest *digest)
{
    if (digest == NULL)
        return;
    EVP_MD_CTX_free(digest->context);
    free(digest);
}

enum status digest_bytes(char out[DIGEST_SIZE], const void *data, size_t size)
{
    enum status status = OK;
    struct digest *digest = NULL;
    TRY_GOTO(digest_create(&digest), cleanup);
    TRY_GOTO(digest_update(digest, data, size), cleanup);
    TRY_GOTO(digest_finish(out, digest), cleanup);
cleanup:
    digest_destroy(digest);
    return status;
}
