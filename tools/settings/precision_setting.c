/* SPDX-License-Identifier: Apache-2.0 */
#include "precision_setting.h"

#include "log.h"

#include <string.h>

enum precision precision_setting_word(const struct config *config, const char *key)
{
    return strcmp(config_text(config, key), "bf16") == 0 ? PRECISION_BF16 : PRECISION_F32;
}

enum status precision_setting_use(struct backend *backend, const struct config *config,
                                  const char *key)
{
    enum precision precision = precision_setting_word(config, key);
    enum backend_bf16 bf16 = backend->ops->bf16(backend);
    if (strcmp(config_text(config, key), "auto") == 0)
        precision = bf16 == BACKEND_BF16_FAST ? PRECISION_BF16 : PRECISION_F32;
    if (precision == PRECISION_BF16 && bf16 == BACKEND_BF16_NONE) {
        log_warning("%s: this processor has no bf16; f32 instead", key);
        precision = PRECISION_F32;
    }
    return backend_set_precision(backend, precision);
}
