/* SPDX-License-Identifier: Apache-2.0 */
#include "generate_plan.h"

#include "array.h"
#include "dataset_facts.h"
#include "number_text.h"

#include <math.h>
#include <string.h>

static void widen(double *low, double *high, double value)
{
    if (value < *low)
        *low = value;
    if (value > *high)
        *high = value;
}

static enum status add_case(struct generate_plan *out, const struct case_draw_plan *plan,
                            int64_t index)
{
    struct flow_case drawn;
    struct flow flow;
    struct refusals refused;
    TRY(case_draw(&drawn, &refused, plan, index));
    TRY(flow_case_describe(&flow, &drawn));
    int64_t steps = flow_case_total_steps(&drawn) * drawn.numerics.refine;
    refusal_add(&out->refused, &refused);
    out->cells = flow_case_lattice_cells(&drawn);
    out->case_updates[index] = (double)steps * (double)out->cells;
    out->updates += out->case_updates[index];
    if (index == 0 || steps < out->steps_low)
        out->steps_low = steps;
    if (steps > out->steps_high)
        out->steps_high = steps;
    widen(&out->tau_low, &out->tau_high, flow.tau);
    widen(&out->reynolds_low, &out->reynolds_high, flow.reynolds);
    widen(&out->length_low, &out->length_high, flow.length);
    return OK;
}

/* Bytes of a case as it is stored: fields in float32, the distance and the mask once, the force
 * series in float64. */
static double case_bytes(const struct flow_case *base)
{
    double cells = (double)(base->nx * base->ny);
    double frames = (double)base->numerics.frames;
    double force_steps = frames * (double)(base->numerics.frame_interval * base->numerics.refine);
    return frames * cells * FRAME_FIELDS * 4 + cells * 5 + force_steps * 16;
}

static void add_sizes(struct generate_plan *out, const struct case_draw_plan *plan, int threads)
{
    double one = case_bytes(&plan->base);
    double start = (double)out->cells * (6 * 4 + 1);
    double tests = 0;
    for (int split = 0; split < SPLIT_COUNT; split++)
        if (split_is_test((enum split)split))
            tests += (double)out->counts[split];
    double shard = fmin(one * (double)out->cases, 64.0 * 1024 * 1024);
    out->bytes = one * (double)out->cases;
    out->start_bytes = tests * (double)out->starts * start;
    out->memory = 2 * threads * (one + (double)out->starts * start) +
                  threads * (double)out->cells * 9 * 4 * 2 + 2 * shard;
}

enum status generate_plan_create(struct generate_plan *out, const struct case_draw_plan *plan,
                                 int64_t starts, int threads)
{
    enum status status = OK;
    *out = (struct generate_plan){.cases = case_draw_count(plan),
                                  .starts = starts,
                                  .tau_low = HUGE_VAL,
                                  .tau_high = -HUGE_VAL,
                                  .reynolds_low = HUGE_VAL,
                                  .reynolds_high = -HUGE_VAL,
                                  .length_low = HUGE_VAL,
                                  .length_high = -HUGE_VAL,
                                  .mach = plan->base.speed * sqrt(3)};
    memcpy(out->counts, plan->counts, sizeof out->counts);
    TRY_GOTO(ARRAY_NEW(out->case_updates, out->cases), cleanup);
    for (int64_t index = 0; index < out->cases; index++)
        TRY_GOTO(add_case(out, plan, index), cleanup);
    add_sizes(out, plan, threads);
cleanup:
    if (status != OK)
        generate_plan_destroy(out);
    return status;
}

void generate_plan_destroy(struct generate_plan *plan)
{
    array_free(plan->case_updates);
    plan->case_updates = NULL;
}

void generate_plan_print(FILE *stream, const struct generate_plan *plan, double rate)
{
    char bytes[32], starts[32], memory[32], time[32], refused[REFUSAL_TEXT_SIZE];
    refusal_print(refused, &plan->refused);
    number_text_write_bytes(bytes, sizeof bytes, plan->bytes);
    number_text_write_bytes(starts, sizeof starts, plan->start_bytes);
    number_text_write_bytes(memory, sizeof memory, plan->memory);
    fprintf(stream, "cases      %lld (", (long long)plan->cases);
    for (int split = 0; split < SPLIT_COUNT; split++)
        fprintf(stream, "%s%lld %s", split > 0 ? ", " : "", (long long)plan->counts[split],
                split_name((enum split)split));
    fprintf(stream, "), %s\n", refused);
    fprintf(stream, "lattice    %lld cells, %lld to %lld steps a case, %.3g updates in all\n",
            (long long)plan->cells, (long long)plan->steps_low, (long long)plan->steps_high,
            plan->updates);
    fprintf(stream,
            "flow       Re %.4g to %.4g, D %.4g to %.4g cells, tau %.4f to %.4f, Mach %.3f\n",
            plan->reynolds_low, plan->reynolds_high, plan->length_low, plan->length_high,
            plan->tau_low, plan->tau_high, plan->mach);
    fprintf(stream, "disk       about %s, start states %s\nmemory     about %s\n", bytes, starts,
            memory);
    if (rate > 0) {
        number_text_write_time(time, sizeof time, plan->updates / rate);
        fprintf(stream, "time       about %s at %.0f MLUPS, measured on the first case\n", time,
                rate / 1e6);
    }
}

static enum status set_pair(struct json *root, const char *key, double low, double high)
{
    const double pair[2] = {low, high};
    TRY(json_set(root, key, json_make_reals(pair, 2)));
    return OK;
}

enum status generate_plan_describe(struct json **out, const struct generate_plan *plan, double rate)
{
    enum status status = OK;
    struct json *splits = NULL, *root = json_make_object();
    *out = NULL;
    if (root == NULL)
        return ERR_MEMORY;
    splits = json_make_object();
    for (int split = 0; split < SPLIT_COUNT && splits != NULL; split++)
        TRY_GOTO(
            json_set(splits, split_name((enum split)split), json_make_integer(plan->counts[split])),
            cleanup);
    TRY_GOTO(json_set(root, "cases", json_make_integer(plan->cases)), cleanup);
    status = json_set(root, "splits", splits);
    splits = NULL;
    TRY_GOTO(status, cleanup);
    TRY_GOTO(dataset_facts_set_refusals(root, &plan->refused), cleanup);
    TRY_GOTO(json_set(root, "lattice_cells", json_make_integer(plan->cells)), cleanup);
    TRY_GOTO(json_set(root, "updates", json_make_real(plan->updates)), cleanup);
    TRY_GOTO(set_pair(root, "steps", (double)plan->steps_low, (double)plan->steps_high), cleanup);
    TRY_GOTO(set_pair(root, "reynolds", plan->reynolds_low, plan->reynolds_high), cleanup);
    TRY_GOTO(set_pair(root, "length", plan->length_low, plan->length_high), cleanup);
    TRY_GOTO(set_pair(root, "tau", plan->tau_low, plan->tau_high), cleanup);
    TRY_GOTO(json_set(root, "mach", json_make_real(plan->mach)), cleanup);
    TRY_GOTO(json_set(root, "bytes", json_make_real(plan->bytes + plan->start_bytes)), cleanup);
    TRY_GOTO(json_set(root, "memory_bytes", json_make_real(plan->memory)), cleanup);
    TRY_GOTO(
        json_set(root, "updates_per_second", rate > 0 ? json_make_real(rate) : json_make_null()),
        cleanup);
    TRY_GOTO(json_set(root, "seconds",
                      rate > 0 ? json_make_real(plan->updates / rate) : json_make_null()),
             cleanup);
    *out = root;
    root = NULL;
cleanup:
    json_destroy(splits);
    json_destroy(root);
    return status;
}
