/* SPDX-License-Identifier: Apache-2.0 */
#include "rank_link.h"

#include <string.h>

enum status rank_link_take_failure(const struct rank_message *message)
{
    int32_t code = ERR_INTERNAL;
    if (message->size < sizeof code)
        return FAIL(ERR_INTERNAL, "rank %d failed", message->from);
    memcpy(&code, message->data, sizeof code);
    return FAIL((enum status)code, "rank %d: %.*s", message->from,
                (int)(message->size - sizeof code), (const char *)message->data + sizeof code);
}
