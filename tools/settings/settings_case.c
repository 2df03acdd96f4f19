/* SPDX-License-Identifier: Apache-2.0 */
#include "settings_case.h"

#include "settings.h"
#include "settings_bodies.h"
#include "settings_refusal.h"

static enum status read_fixed_reynolds(double *out, const struct config *config)
{
    const double *values;
    size_t count;
    if (config_range(&values, &count, config, "flow.reynolds") != CONFIG_RANGE_FIXED)
        return config_fault(config, "flow.reynolds",
                            "one case needs one Reynolds number, not a range; --reynolds gives it");
    *out = values[0];
    return OK;
}

enum status settings_case(struct flow_case *out, struct settings_outlines *outlines,
                          const struct config *config, const struct arguments *arguments)
{
    TRY(settings_base_case(out, config));
    TRY(read_fixed_reynolds(&out->reynolds, config));
    TRY(settings_bodies_read(out, outlines, config, arguments));
    TRY(settings_refusal_check(out, config,
                               arguments != NULL && arguments_given(arguments, "body")
                                   ? SETTINGS_REFUSAL_FROM_WORDS
                                   : SETTINGS_REFUSAL_FROM_CONFIG));
    return OK;
}

int settings_case_threads(const struct flow_case *flow_case, int threads)
{
    static const int64_t cells_per_thread = 200000; /* below, waiting costs more than computing */
    int64_t most = flow_case_lattice_cells(flow_case) / cells_per_thread;
    return most < 1 ? 1 : most < threads ? (int)most : threads;
}
