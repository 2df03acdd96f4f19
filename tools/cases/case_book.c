/* SPDX-License-Identifier: Apache-2.0 */
#include "case_book.h"

#include "array.h"
#include "import_run.h"
#include "option_table.h"
#include "settings_plan.h"

#include <string.h>

enum status case_book_open(struct case_book *out, const struct dataset *dataset)
{
    enum status status = OK;
    *out = (struct case_book){.config = NULL};
    if (strncmp(dataset_get_config(dataset), IMPORT_RUN_MARK, strlen(IMPORT_RUN_MARK)) == 0)
        TRY_GOTO(FAIL(ERR_DATA, "the dataset was imported: its cases cannot be set up again for "
                                "the solver"),
                 cleanup);
    TRY_GOTO(config_parse(&out->config, option_table(), dataset_get_config(dataset),
                          "the dataset's configuration", NULL, 0),
             cleanup);
    TRY_GOTO(settings_plan(&out->plan, &out->outlines, out->config), cleanup);
cleanup:
    if (status == OK)
        return OK;
    case_book_close(out);
    return error_prefix(status == ERR_CONFIG ? ERR_DATA : status, "%s",
                        dataset_get_folder(dataset));
}

void case_book_close(struct case_book *book)
{
    settings_outlines_fini(&book->outlines);
    config_destroy(book->config);
    book->config = NULL;
}

enum status case_book_find(void *book, struct flow_case *out, const struct flow *flow)
{
    const struct case_book *cases = book;
    TRY(case_draw(out, NULL, &cases->plan, flow->index));
    return OK;
}

enum status case_book_list(int64_t **out, int64_t *count, const struct dataset *dataset,
                           enum split split)
{
    const struct dataset_info *info = dataset_get_info(dataset);
    TRY(ARRAY_NEW(*out, info->cases));
    *count = 0;
    for (int64_t i = 0; i < info->cases; i++) {
        const struct dataset_case *one = dataset_get_case(dataset, i);
        if (one->split == split && one->reason[0] == '\0')
            (*out)[(*count)++] = one->index;
    }
    if (*count > 0)
        return OK;
    array_free(*out);
    *out = NULL;
    return FAIL(ERR_CONFIG, "dataset '%s' has no case of the split '%s'",
                dataset_get_folder(dataset), split_name(split));
}
