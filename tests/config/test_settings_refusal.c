/* SPDX-License-Identifier: Apache-2.0
 *
 * Every field that a rule may name has a key that the program reads. */
#include "config_table.h"
#include "option_table.h"
#include "settings_refusal.h"

#include <criterion/criterion.h>

Test(settings_refusal, every_field_has_a_key)
{
    const struct option *table = option_table();
    const struct option *of_bodies = table[config_table_find(table, "bodies")].records;
    for (int field = FLOW_CASE_FAULT_UNKNOWN + 1; field < FLOW_CASE_FAULT_FIELDS; field++) {
        struct flow_case_fault fault = {.field = (enum flow_case_fault_field)field};
        const char *key = settings_refusal_key(fault.field);
        cr_assert_not_null(key, "field %d", field);
        cr_expect_geq(config_table_find(flow_case_fault_of_body(&fault) ? of_bodies : table, key),
                      0, "%s", key);
    }
    cr_expect_null(settings_refusal_key(FLOW_CASE_FAULT_UNKNOWN));
}

/* At the place of the file where it stands, of whichever body. */
Test(settings_refusal, a_fault_is_told_at_its_place)
{
    static const char text[] = "flow: {reynolds: 100}\n"
                               "bodies:\n"
                               "  - {shape: circle, size: 10, x: 16, y: 32}\n"
                               "  - {shape: circle, size: 8, x: 40,\n"
                               "     y: 61}\n";
    struct config *config = NULL;
    struct flow_case flow_case;
    flow_case_defaults(&flow_case);
    flow_case.body_count = 2;
    flow_case.bodies[0] = (struct body_spec){.family = "circle", .x = 16, .y = 32, .size = 10};
    flow_case.bodies[1] = (struct body_spec){.family = "circle", .x = 40, .y = 61, .size = 8};
    cr_assert_eq(config_parse(&config, option_table(), text, "two.yaml", NULL, 0), OK, "%s",
                 error_message());
    cr_assert_eq(settings_refusal_check(&flow_case, config, SETTINGS_REFUSAL_FROM_CONFIG),
                 ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "two.yaml:5:9: 'bodies[1].y': body 2"), "%s",
                       error_message());
    cr_assert_eq(settings_refusal_check(&flow_case, config, SETTINGS_REFUSAL_FROM_WORDS),
                 ERR_CONFIG);
    cr_expect_eq(strstr(error_message(), "body 2"), error_message(), "%s", error_message());
    flow_case.reynolds = 0;
    cr_assert_eq(settings_refusal_check(&flow_case, config, SETTINGS_REFUSAL_FROM_WORDS),
                 ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "two.yaml:1:18: 'flow.reynolds'"), "%s",
                       error_message());
    config_destroy(config);
}
