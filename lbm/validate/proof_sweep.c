/* SPDX-License-Identifier: Apache-2.0
 *
 * Production mode does not diverge: 200 cases drawn at random and let in by flow_case_check, bodies
 * of all families in turn, D 10 to 20 cells, Re 20 to 1000 (even in its logarithm), canvases 64 x
 * 64 and 128 x 64, 10^4 canvas steps at r = 1 in float32. The guard inside (|u| < 0.55, mean
 * density within 1 +- 0.05) ends a run that fails; forces must be finite. */
#include "exact_math.h"
#include "flow_case.h"
#include "frame_sink.h"
#include "log.h"
#include "philox.h"
#include "proof.h"
#include "simulation.h"

#include <math.h>

enum { WANTED = 200, DRAWS = 2000, STEPS = 10000 };

static double draw(int64_t run, uint64_t what, double low, double high)
{
    uint64_t index = 16 * (uint64_t)run + what;
    return low + (high - low) * philox_uniform(5, PHILOX_STREAM_TEST, index);
}

/* Draw number `run`; 1 when the rules let it in. */
static int draw_case(struct flow_case *out, int64_t run, double highest)
{
    const double choice[3] = {draw(run, 4, 0, 1), draw(run, 5, 0, 1), draw(run, 6, 0, 1)};
    flow_case_defaults(out);
    out->nx = run % 2 == 0 ? 64 : 128;
    out->index = run;
    out->seed = (uint64_t)run;
    out->reynolds = 20 * exact_math_pow(highest / 20, draw(run, 0, 0, 1));
    out->numerics.refine = 1;
    body_example(&out->bodies[0], run % body_family_count(), choice);
    out->bodies[0].size *= draw(run, 1, 10, 20);
    out->bodies[0].x = draw(run, 2, 16, 24);
    out->bodies[0].y = draw(run, 3, 26, 38);
    out->bodies[0].angle = draw(run, 7, 0, 360);
    out->body_count = 1;
    out->numerics.frames = 2;
    if (flow_case_check(out) != OK)
        return 0;
    out->numerics.frames = (STEPS - flow_case_start_steps(out)) / out->numerics.frame_interval + 1;
    return out->numerics.frames > 1;
}

struct watch {
    struct frame_sink sink;
    int64_t lost; /* forces that are no numbers */
    double updates;
};

static enum status begin(struct frame_sink *sink, const struct flow *flow, const float *sdf)
{
    (void)sink;
    (void)flow;
    (void)sdf;
    return OK;
}

static enum status look(struct frame_sink *sink, const struct frame *frame)
{
    struct watch *watch = (struct watch *)sink;
    for (int64_t k = 0; k < 2 * frame->steps; k++)
        watch->lost += !isfinite(frame->forces[k]);
    return OK;
}

static enum status run_case(struct watch *watch, const struct flow_case *flow_case,
                            const struct proof *proof)
{
    struct simulation *simulation = NULL;
    const struct simulation_options options = {.threads = proof->threads, .stop = proof->stop};
    TRY(simulation_create(&simulation, flow_case, &options));
    enum status status = simulation_run(simulation, &watch->sink);
    watch->updates += simulation_updates(simulation);
    simulation_destroy(simulation);
    return status;
}

enum status proof_sweep_run(struct proof *proof, const struct proof_case *which)
{
    static const struct frame_sink_ops ops = {.name = "watch", .begin = begin, .frame = look};
    struct watch watch = {.sink.ops = &ops};
    int64_t done = 0, diverged = 0;
    for (int64_t run = 0; run < DRAWS && done < WANTED; run++) {
        struct flow_case flow_case;
        proof->updates = watch.updates;
        TRY(proof_go_on(proof));
        if (!draw_case(&flow_case, run, (double)which->reynolds))
            continue;
        enum status status = run_case(&watch, &flow_case, proof);
        if (status == ERR_NUMERIC)
            log_warning("draw %lld: %s", (long long)run, error_message());
        else
            TRY(status);
        diverged += status == ERR_NUMERIC;
        done++;
    }
    error_clear();
    proof->updates = watch.updates;
    TRY(proof_add(proof, "cases", (double)done));
    TRY(proof_add(proof, "cases that diverged", (double)diverged));
    return proof_add(proof, "forces that are no numbers", (double)watch.lost);
}
