/* SPDX-License-Identifier: Apache-2.0 */
#include "training_flips.h"

#include "case_book.h"
#include "flow_case.h"
#include "log.h"

enum status training_flips_settle(struct trainer_options *options, const struct config *config,
                                  const struct dataset *dataset)
{
    struct case_book book;
    if (options->flips == LOADER_PLAIN)
        return OK;
    if (case_book_open(&book, dataset) != OK) {
        error_clear();
        return OK;
    }
    int mirrors = flow_case_mirrors(&book.plan.base.numerics);
    case_book_close(&book);
    if (mirrors)
        return OK;
    if (config_is_given(config, "training.flips"))
        return config_fault(config, "training.flips",
                            "flows of dataset '%s' are not the same mirrored across the stream: "
                            "its inflow, or the speeds of bottom and top, differ; false would do",
                            dataset_get_folder(dataset));
    log_warning("training.flips is off: flows of dataset '%s' are not the same mirrored across the "
                "stream",
                dataset_get_folder(dataset));
    options->flips = LOADER_PLAIN;
    return OK;
}
