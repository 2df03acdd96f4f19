/* SPDX-License-Identifier: Apache-2.0 */
#include "generate_plan.h"

#include "dataset_facts.h"
#include "dataset_layout.h"
#include "number_text.h"

#include <math.h>

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
    out->updates += (double)steps * (double)out->cells;
    if (out->drawn == 0 || steps < out->steps_low)
        out->steps_low = steps;
    if (steps > out->steps_high)
        out->steps_high = steps;
    widen(&out->tau_low, &out->tau_high, flow.tau);
    widen(&out->reynolds_low, &out->reynolds_high, flow.reynolds);
    widen(&out->length_low, &out->length_high, flow.length);
    out->drawn++;
    return OK;
}

/* All cases of the part, or a sample at even distances; `updates` stands for all in the end. */
static enum status add_cases(struct generate_plan *out, const struct case_draw_plan *plan)
{
    int64_t wanted = out->cases < GENERATE_PLAN_SAMPLE ? out->cases : GENERATE_PLAN_SAMPLE;
    for (int64_t k = 0; k < wanted; k++)
        TRY(add_case(out, plan, out->part.first + k * out->cases / wanted));
    if (wanted > 0)
        out->updates *= (double)out->cases / (double)wanted;
    return OK;
}

/* How many cases of the part each split has. */
static void count_splits(struct generate_plan *out, const struct case_draw_plan *plan)
{
    int64_t first = 0; /* of the split */
    int64_t low = out->part.first, high = low + out->cases;
    for (int split = 0; split < SPLIT_COUNT; split++) {
        int64_t end = first + plan->counts[split];
        int64_t from = first > low ? first : low, to = end < high ? end : high;
        out->counts[split] = to > from ? to - from : 0;
        first = end;
    }
}

/* Bytes of a case as it is stored: fields in float32, in whole chunks of frames, distance and mask
 * too, the force series and means in float64. */
static double case_bytes(const struct flow_case *base)
{
    int64_t frames = base->numerics.frames, run = dataset_layout_chunk_frames(frames);
    int64_t force_steps = (frames - 1) * base->numerics.frame_interval * base->numerics.refine;
    double cells = (double)(base->nx * base->ny);
    int64_t chunks = (frames + run - 1) / run;
    double stored = (double)(chunks * run);
    return stored * cells * FRAME_FIELDS * 4 + cells * 8 + (double)(force_steps + frames) * 16;
}

/* On disk; and in the memory of rank 0: finished cases and those in the making, lattices (9
 * populations of 4 bytes and as much again for what surrounds them), the shard that grows and its
 * image. */
static void add_sizes(struct generate_plan *out, const struct case_draw_plan *plan,
                      int64_t shard_bytes)
{
    int64_t tests = 0;
    int threads = out->crew.threads;
    double one = case_bytes(&plan->base);
    double start = (double)out->cells * (START_FIELDS * 4 + 1);
    for (int split = 0; split < SPLIT_COUNT; split++)
        if (split_is_test((enum split)split))
            tests += out->counts[split];
    double states = tests > 0 ? (double)out->starts * start : 0;
    out->bytes = one * (double)out->cases;
    out->start_bytes = (double)tests * states;
    out->memory = 2 * threads * (one + states) + threads * (double)out->cells * 9 * 4 * 2 +
                  2 * fmin(out->bytes, (double)shard_bytes);
}

enum status generate_plan_make(struct generate_plan *out, const struct case_draw_plan *plan,
                               const struct generate_plan_options *options)
{
    *out = (struct generate_plan){.part = options->part,
                                  .crew = options->crew,
                                  .cases = dataset_part_cases(&options->part),
                                  .starts = options->starts,
                                  .tau_low = HUGE_VAL,
                                  .tau_high = -HUGE_VAL,
                                  .reynolds_low = HUGE_VAL,
                                  .reynolds_high = -HUGE_VAL,
                                  .length_low = HUGE_VAL,
                                  .length_high = -HUGE_VAL,
                                  .mach = plan->base.speed * sqrt(3)};
    count_splits(out, plan);
    TRY(add_cases(out, plan));
    add_sizes(out, plan, options->shard_bytes);
    return OK;
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
    if (plan->part.count > 0)
        fprintf(stream, "part       %lld of %lld, cases %lld to %lld of %lld\n",
                (long long)plan->part.number, (long long)plan->part.count,
                (long long)plan->part.first, (long long)(plan->part.first + plan->cases - 1),
                (long long)plan->part.whole);
    if (plan->drawn < plan->cases)
        fprintf(stream, "sample     %lld cases were drawn; they stand for all in what follows\n",
                (long long)plan->drawn);
    fprintf(stream, "lattice    %lld cells, %lld to %lld steps a case, %.3g updates in all\n",
            (long long)plan->cells, (long long)plan->steps_low, (long long)plan->steps_high,
            plan->updates);
    fprintf(stream,
            "flow       Re %.4g to %.4g, D %.4g to %.4g cells, tau %.4f to %.4f, Mach %.3f\n",
            plan->reynolds_low, plan->reynolds_high, plan->length_low, plan->length_high,
            plan->tau_low, plan->tau_high, plan->mach);
    fprintf(stream, "disk       about %s, start states %s\nmemory     about %s%s\n", bytes, starts,
            memory, plan->crew.ranks > 1 ? " on rank 0" : "");
    if (rate > 0) {
        number_text_write_time(time, sizeof time, plan->updates / rate);
        fprintf(stream, "time       about %s at %.0f MLUPS (", time, rate / 1e6);
        if (plan->crew.ranks > 1)
            fprintf(stream, "%d ranks, ", plan->crew.ranks);
        number_text_write_count(time, sizeof time, plan->crew.threads, "thread");
        fprintf(stream, "%s; measured on the first case)\n", time);
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
    TRY_GOTO(json_set(root, "drawn", json_make_integer(plan->drawn)), cleanup);
    TRY_GOTO(json_set(root, "first_case", json_make_integer(plan->part.first)), cleanup);
    TRY_GOTO(json_set(root, "whole_cases", json_make_integer(plan->part.whole)), cleanup);
    TRY_GOTO(json_set(root, "ranks", json_make_integer(plan->crew.ranks)), cleanup);
    TRY_GOTO(json_set(root, "threads", json_make_integer(plan->crew.threads)), cleanup);
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
