/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluation_summary.h"

#include "evaluation_tables.h"
#include "table.h"
#include "verdict.h"

static void add_verdicts(struct text *out, const struct evaluation_scope *scope)
{
    const struct evaluation_options *options = evaluation_get_options(scope->evaluation);
    struct verdict verdict;
    int first = scope->judged->model_count > 1 ? SCOREBOARD_ROLLOUT : SCOREBOARD_CALL;
    for (int64_t entry = 0; entry < options->count; entry++)
        for (int window = first; window < SCOREBOARD_WINDOWS; window++) {
            if (options->entries[entry].role != EVALUATION_CANDIDATE)
                continue;
            verdict_reach(&verdict, scope->evaluation, entry, (enum scoreboard_window)window);
            text_format(out, "%s\n", verdict.text);
        }
}

enum status evaluation_summary_write(struct text *out, const struct evaluation_scope *scope)
{
    struct table *table = NULL;
    char line[EVALUATION_FACTS_TEXT];
    TRY(evaluation_tables_scores(&table, scope->evaluation));
    text_format(out, "Velocity error over %lld rollouts on %lld cases (%s), truth at r = %lld:\n\n",
                (long long)evaluation_rollouts(scope->evaluation), (long long)scope->cases,
                split_name(scope->split), (long long)scope->truth_refine);
    table_text(out, table);
    table_destroy(table);
    evaluation_facts_scope(line, sizeof line, scope);
    text_format(out, "\n%s\n\n", line);
    add_verdicts(out, scope);
    return out->status;
}
