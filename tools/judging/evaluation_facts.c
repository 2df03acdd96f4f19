/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluation_facts.h"

#include "build_info.h"

#include <stdio.h>

static void add_text(struct evaluation_page *page, struct evaluation_facts *facts, const char *name,
                     const char *text)
{
    char *value = facts->texts[page->fact_count];
    snprintf(value, EVALUATION_FACTS_TEXT, "%s", text);
    page->facts[page->fact_count++] = (struct report_fact){.name = name, .value = value};
}

static void add_number(struct evaluation_page *page, struct evaluation_facts *facts,
                       const char *name, int64_t number)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)number);
    add_text(page, facts, name, text);
}

static void add_model(struct evaluation_page *page, struct evaluation_facts *facts,
                      const struct model *model, const char *name)
{
    char text[EVALUATION_FACTS_TEXT];
    snprintf(text, sizeof text, "%s, %lld parameters, %lld training steps, dataset %.12s",
             model->spec.size, (long long)network_spec_parameters(&model->spec),
             (long long)model->facts.step, model->facts.dataset_digest);
    add_text(page, facts, name, text);
}

void evaluation_facts_scope(char *out, size_t size, const struct evaluation_scope *scope)
{
    int64_t rollouts = evaluation_rollouts(scope->evaluation);
    snprintf(out, size,
             "Costs are measured on one thread. The scores belong to a truth at r = %lld, %lld "
             "cases of the split %s, %lld start phases of each and %lld frames a rollout.",
             (long long)scope->truth_refine, (long long)scope->cases, split_name(scope->split),
             (long long)(rollouts / scope->cases),
             (long long)evaluation_get_options(scope->evaluation)->horizon);
}

void evaluation_facts_add(struct evaluation_page *page, struct evaluation_facts *facts,
                          const struct evaluation_scope *scope)
{
    const struct dataset_info *info = dataset_get_info(scope->dataset);
    const struct evaluation_options *options = evaluation_get_options(scope->evaluation);
    char cost[64];
    for (int64_t i = 0; i < scope->judged->model_count; i++)
        add_model(page, facts, scope->judged->models[i],
                  judged_model_network(scope->judged, i)->name);
    add_text(page, facts, "judged on the dataset", info->content_digest);
    add_text(page, facts, "split", split_name(scope->split));
    add_number(page, facts, "cases", scope->cases);
    add_number(page, facts, "rollouts", evaluation_rollouts(scope->evaluation));
    add_number(page, facts, "frames a rollout", options->horizon);
    add_number(page, facts, "refinement of the truth", scope->truth_refine);
    snprintf(cost, sizeof cost, "%.1f ms", 1000 * options->truth_cost);
    add_text(page, facts, "a frame of the truth costs its solver", cost);
    add_text(page, facts, "threads of every forecaster", "1");
    add_text(page, facts, "wakecast", build_info_version());
    add_text(page, facts, "commit", build_info_commit());
}
