/* SPDX-License-Identifier: Apache-2.0
 *
 * libFuzzer target: any bytes as a configuration, read against the program's own table. What is
 * read is written as a text that reads back to itself, and becomes structures or a fault with
 * words. */
#include "config.h"
#include "option_table.h"
#include "settings.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_written(const struct config *config)
{
    char *first = NULL, *second = NULL;
    struct config *again = NULL;
    if (config_write(&first, config, NULL) != OK ||
        config_parse(&again, option_table(), first, "again", NULL, 0) != OK ||
        config_write(&second, again, NULL) != OK || strcmp(first, second) != 0)
        abort();
    config_destroy(again);
    free(first);
    free(second);
}

static void check_settings(const struct config *config)
{
    struct flow_case base;
    struct network_spec spec;
    error_clear();
    if (settings_base_case(&base, config) != OK && error_message()[0] == '\0')
        abort();
    if (settings_network(&spec, config) != OK && error_message()[0] == '\0')
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config *config = NULL;
    char *text = malloc(size + 1);
    if (text == NULL)
        return -1;
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    enum status status = config_parse(&config, option_table(), text, "fuzz", NULL, 0);
    if (status == OK) {
        check_written(config);
        check_settings(config);
    } else if (status != ERR_CONFIG || error_message()[0] == '\0') {
        abort();
    }
    config_destroy(config);
    free(text);
    return 0;
}
