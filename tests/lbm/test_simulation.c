/* SPDX-License-Identifier: Apache-2.0
 *
 * One case, many cases, and the solver as a forecaster, on a small canvas. */
#include "simulation.h"

#include "case_record.h"
#include "collision.h"
#include "ensemble.h"
#include "log.h"
#include "solver_forecaster.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CELLS = 48 * 40, FRAME = FRAME_FIELDS * CELLS, FRAMES = 4 };

static void describe_case(struct flow_case *out, int64_t refine)
{
    flow_case_defaults(out);
    out->nx = 48;
    out->ny = 40;
    out->reynolds = 150;
    out->numerics.refine = refine;
    out->numerics.frames = FRAMES;
    out->numerics.discard = 10;
    out->bodies[0] = (struct body_spec){
        .family = "circle", .x = 16, .y = 20, .size = 10, .aspect = 1, .sides = 3};
    out->body_count = 1;
}

static struct simulation *make(int64_t refine, const struct simulation_options *options)
{
    struct flow_case flow_case;
    struct simulation *simulation = NULL;
    describe_case(&flow_case, refine);
    cr_assert_eq(simulation_create(&simulation, &flow_case, options), OK, "%s", error_message());
    return simulation;
}

static struct case_record *run(struct simulation *simulation)
{
    struct case_record *record = NULL;
    cr_assert_eq(case_record_create(&record, 48, 40, FRAMES, CASE_RECORD_KEEP_STARTS), OK);
    cr_assert_eq(simulation_run(simulation, &record->sink), OK, "%s", error_message());
    return record;
}

static const struct simulation_options plain = {.threads = 1};

Test(simulation, hands_over_every_frame_with_its_forces)
{
    struct simulation_options options = {.threads = 1, .start_frames = {1, 3}, .start_count = 2};
    struct simulation *simulation = make(2, &options);
    struct case_record *record = run(simulation);
    cr_assert_eq(record->frames, FRAMES);
    cr_assert_eq(record->force_steps, (FRAMES - 1) * 200);
    cr_assert_eq(record->start_count, 2);
    cr_assert_eq(record->starts[1]->frame, 3);
    cr_assert_eq(record->starts[1]->entry, 16);
    cr_assert_eq(record->starts[1]->nx, 2 * (8 + 48 + 16));
    double mean = 0;
    for (int64_t k = 0; k < 200; k++)
        mean += record->forces[2 * (200 + k)] / 200;
    cr_assert_float_eq(mean, record->drag[2], 1e-12);
    cr_assert(record->drag[0] > 1 && record->drag[0] < 4);
    const struct flow *flow = simulation_flow(simulation);
    cr_assert_eq(flow->refine, 2);
    cr_assert_float_eq(simulation_updates(simulation),
                       (double)(flow->first_step + (FRAMES - 1) * 100) * 2 * 72 * 40 * 4, 1);
    case_record_destroy(record);
    simulation_destroy(simulation);
}

Test(simulation, frames_hold_rest_in_bodies_and_the_stream_around)
{
    struct simulation *simulation = make(2, &plain);
    struct case_record *record = run(simulation);
    const float *frame = case_record_frame(record, FRAMES - 1);
    double flux = 0;
    for (int64_t cell = 0; cell < CELLS; cell++) {
        if (simulation_sdf(simulation)[cell] < 0) {
            cr_assert_eq(frame[FRAME_RHO * CELLS + cell], 1);
            cr_assert_eq(frame[FRAME_UX * CELLS + cell], 0);
            cr_assert_eq(frame[FRAME_UY * CELLS + cell], 0);
        }
        cr_assert_float_eq(frame[FRAME_RHO * CELLS + cell], 1, 0.1);
    }
    for (int64_t y = 0; y < 40; y++)
        flux += (double)(frame[y] * frame[CELLS + y]) / 40;
    cr_assert_float_eq(flux, 0.1, 5e-4, "mean mass flux %g through the first column", flux);
    case_record_destroy(record);
    simulation_destroy(simulation);
}

Test(simulation, restriction_is_the_mean_over_fluid_cells_beneath)
{
    const struct simulation_options options = {.threads = 1, .states = SIMULATION_STATES_ALL};
    struct simulation *simulation = make(3, &options);
    struct start_state *state = NULL;
    float *frame = calloc(FRAME, sizeof *frame);
    cr_assert_not_null(frame);
    cr_assert_eq(simulation_advance(simulation, frame, NULL, NULL), OK);
    cr_assert_eq(simulation_state(&state, simulation, 0), OK);
    for (int64_t cell = 0; cell < CELLS; cell++) {
        double sum[FRAME_FIELDS] = {0}, count = 0;
        for (int64_t k = 0; k < 9; k++) {
            int64_t x = state->entry + cell / 40 * 3 + k / 3, y = cell % 40 * 3 + k % 3;
            int64_t fine = x * state->ny + y;
            for (int field = 0; field < FRAME_FIELDS && !state->solid[fine]; field++)
                sum[field] += (double)state->values[field * state->nx * state->ny + fine];
            count += !state->solid[fine];
        }
        if (simulation_sdf(simulation)[cell] < 0 || count == 0)
            continue;
        for (int field = 0; field < FRAME_FIELDS; field++)
            cr_assert_float_eq(frame[field * CELLS + cell], sum[field] / count, 3e-7);
    }
    free(frame);
    start_state_destroy(state);
    simulation_destroy(simulation);
}

Test(simulation, threads_give_the_same_frames)
{
    struct simulation_options two = {.threads = 2};
    struct simulation *first = make(1, &plain), *second = make(1, &two);
    struct case_record *a = run(first), *b = run(second);
    cr_assert_eq(memcmp(a->values, b->values, FRAMES * FRAME * sizeof *a->values), 0);
    cr_assert_eq(memcmp(a->forces, b->forces, (size_t)a->force_steps * 2 * sizeof(double)), 0);
    case_record_destroy(a);
    case_record_destroy(b);
    simulation_destroy(first);
    simulation_destroy(second);
}

/* Forces of the case with this seed under this number. */
static struct case_record *run_seed(uint64_t seed, int64_t index)
{
    struct flow_case flow_case;
    struct simulation *simulation = NULL;
    describe_case(&flow_case, 1);
    flow_case.seed = seed;
    flow_case.index = index;
    cr_assert_eq(simulation_create(&simulation, &flow_case, &plain), OK, "%s", error_message());
    struct case_record *record = run(simulation);
    simulation_destroy(simulation);
    return record;
}

/* Other counts of cases move the numbers of later splits: the flow must not follow. */
Test(simulation, the_start_up_kick_belongs_to_the_seed_and_not_to_the_number_of_the_case)
{
    struct case_record *first = run_seed(7, 3), *moved = run_seed(7, 4), *other = run_seed(8, 3);
    size_t bytes = (size_t)(2 * first->force_steps) * sizeof *first->forces;
    cr_assert_eq(memcmp(first->forces, moved->forces, bytes), 0);
    cr_assert_neq(memcmp(first->forces, other->forces, bytes), 0);
    case_record_destroy(first);
    case_record_destroy(moved);
    case_record_destroy(other);
}

static double worst_difference(const float *a, const float *b)
{
    double worst = 0;
    for (int64_t k = CELLS; k < FRAME; k++)
        worst = fmax(worst, fabs((double)a[k] - (double)b[k]));
    return worst;
}

/* A start state keeps all that the cumulant operator reads: three frames (300 canvas steps) later
 * the velocity differs by rounding, 1e-5 of U and less. */
Test(simulation, restart_at_the_same_refinement_continues_closely)
{
    struct simulation_options options = {.threads = 1, .start_frames = {0}, .start_count = 1};
    struct simulation *first = make(2, &options), *second = make(2, &plain);
    struct case_record *record = run(first);
    float *frame = calloc(FRAME, sizeof *frame);
    cr_assert_not_null(frame);
    cr_assert_eq(simulation_restart(second, record->starts[0]), OK);
    simulation_frame(second, frame);
    cr_assert_lt(worst_difference(frame, case_record_frame(record, 0)), 1e-6);
    for (int64_t k = 1; k < FRAMES; k++) {
        double drag;
        cr_assert_eq(simulation_advance(second, frame, &drag, NULL), OK);
        double worst = worst_difference(frame, case_record_frame(record, k));
        cr_assert_lt(worst, 5e-6, "frame %lld differs by %g", (long long)k, worst);
        cr_assert_float_eq(drag, record->drag[k], 1e-4);
    }
    free(frame);
    case_record_destroy(record);
    simulation_destroy(first);
    simulation_destroy(second);
}

/* From r = 2 to r = 1 and r = 3: no shock. The drag of the first interval is within 10 % of the
 * truth's, where sound from a velocity-only start would throw it about by its own size. */
Test(simulation, restart_at_another_refinement_starts_without_a_shock)
{
    struct simulation_options options = {.threads = 1, .start_frames = {0}, .start_count = 1};
    struct simulation *truth = make(2, &options);
    struct case_record *record = run(truth);
    float *frame = calloc(FRAME, sizeof *frame);
    cr_assert_not_null(frame);
    for (int64_t refine = 1; refine <= 3; refine += 2) {
        struct simulation *rival = make(refine, &plain);
        double drag, sum = 0;
        cr_assert_eq(simulation_restart(rival, record->starts[0]), OK);
        cr_assert_eq(simulation_advance(rival, frame, &drag, NULL), OK);
        cr_assert_float_eq(drag, record->drag[1], 0.1 * record->drag[1], "r %lld: drag %g, %g",
                           (long long)refine, drag, record->drag[1]);
        for (int64_t k = CELLS; k < FRAME; k++)
            sum += pow((double)frame[k] - (double)case_record_frame(record, 1)[k], 2);
        cr_assert_lt(sqrt(sum / CELLS), 0.008, "r %lld: rms %g", (long long)refine,
                     sqrt(sum / CELLS));
        simulation_destroy(rival);
    }
    free(frame);
    case_record_destroy(record);
    simulation_destroy(truth);
}

/* Saves when frame 1 is handed over, and keeps all frames. */
struct saver {
    struct frame_sink sink;
    const struct simulation *simulation;
    const char *path;
    struct case_record *record;
};

static enum status saver_begin(struct frame_sink *sink, const struct flow *flow, const float *sdf)
{
    struct saver *saver = (struct saver *)sink;
    return saver->record->sink.ops->begin(&saver->record->sink, flow, sdf);
}

static enum status saver_frame(struct frame_sink *sink, const struct frame *frame)
{
    struct saver *saver = (struct saver *)sink;
    TRY(saver->record->sink.ops->frame(&saver->record->sink, frame));
    if (frame->index == 1)
        TRY(simulation_save(saver->simulation, saver->path));
    return OK;
}

static enum status ends_with(struct frame_sink *sink, const struct frame *frame)
{
    struct saver *saver = (struct saver *)sink;
    const float *want = case_record_frame(saver->record, frame->index);
    size_t size = (size_t)(FRAME_FIELDS * frames_cells(&saver->record->flow)) * sizeof *want;
    cr_assert_geq(frame->index, 2, "goes on with the frame after the one of the checkpoint");
    cr_assert_eq(memcmp(frame->values, want, size), 0, "frame %d", (int)frame->index);
    return OK;
}

static enum status no_begin(struct frame_sink *sink, const struct flow *flow, const float *sdf)
{
    (void)sink;
    (void)flow;
    (void)sdf;
    return OK;
}

Test(simulation, goes_on_from_a_checkpoint_to_the_bit)
{
    static const struct frame_sink_ops keep = {
        .name = "saver", .begin = saver_begin, .frame = saver_frame};
    static const struct frame_sink_ops compare = {
        .name = "compare", .begin = no_begin, .frame = ends_with};
    const struct simulation_options two = {.threads = 2};
    char path[64];
    snprintf(path, sizeof path, "/tmp/wakecast-simulation-%ld", (long)getpid());
    struct simulation *first = make(1, &plain), *second = make(1, &two);
    struct saver saver = {.sink.ops = &keep, .simulation = first, .path = path};
    const struct flow *flow = simulation_flow(first);
    cr_assert_eq(case_record_create(&saver.record, flow->nx, flow->ny, 64, CASE_RECORD_DROP_STARTS),
                 OK);
    cr_assert_eq(simulation_run(first, &saver.sink), OK, "%s", error_message());
    cr_assert_eq(saver.record->frames, FRAMES);
    cr_assert_eq(simulation_load(second, path), OK, "%s", error_message());
    saver.sink.ops = &compare;
    cr_assert_eq(simulation_run(second, &saver.sink), OK, "%s", error_message());
    cr_assert_eq(simulation_run(second, &saver.sink), ERR_INTERNAL, "a second time");
    unlink(path);
    case_record_destroy(saver.record);
    simulation_destroy(first);
    simulation_destroy(second);
}

/* ---- choices of a case that reach the lattice ---- */

/* Mean Cd and Cl of the last interval, and its frame (may be NULL). */
static void run_case(double out[2], float *frame, const struct flow_case *flow_case)
{
    struct simulation *simulation = NULL;
    cr_assert_eq(simulation_create(&simulation, flow_case, &plain), OK, "%s", error_message());
    struct case_record *record = run(simulation);
    out[0] = record->drag[FRAMES - 1];
    out[1] = record->lift[FRAMES - 1];
    if (frame != NULL)
        memcpy(frame, case_record_frame(record, FRAMES - 1), FRAME * sizeof *frame);
    case_record_destroy(record);
    simulation_destroy(simulation);
}

Test(simulation, every_collision_operator_gives_nearly_the_same_drag)
{
    double first[2], other[2];
    for (int kind = 0; kind < COLLISIONS; kind++) {
        const char *name = collision_name((enum collision_kind)kind);
        struct flow_case flow_case;
        describe_case(&flow_case, 2);
        flow_case.reynolds = 60;
        snprintf(flow_case.numerics.collision, sizeof flow_case.numerics.collision, "%s", name);
        run_case(kind == 0 ? first : other, NULL, &flow_case);
        if (kind > 0) {
            cr_expect_float_eq(other[0], first[0], 0.02 * first[0], "%s: Cd %g, not %g", name,
                               other[0], first[0]);
            cr_expect_neq(other[0], first[0]);
        }
    }
}

Test(simulation, each_parameter_of_a_collision_changes_a_little)
{
    struct flow_case base, changed;
    double before[2], after[2];
    describe_case(&base, 1);
    base.reynolds = 60;
    for (int k = 0; k < 3; k++) {
        struct flow_case *c = &changed;
        snprintf(base.numerics.collision, sizeof base.numerics.collision, "%s",
                 k == 1 ? "trt" : "cumulant");
        changed = base;
        double *const values[] = {&c->numerics.bulk_rate, &c->numerics.magic,
                                  &c->numerics.smagorinsky};
        *values[k] = k == 0 ? 0.5 : k == 1 ? 0.25 : 0.17;
        run_case(before, NULL, &base);
        run_case(after, NULL, &changed);
        cr_expect_neq(before[0], after[0], "parameter %d changes nothing", k);
        cr_expect_float_eq(before[0], after[0], 0.05 * before[0], "parameter %d: %g, not %g", k,
                           after[0], before[0]);
    }
}

Test(simulation, the_inflow_has_the_profile_of_its_case)
{
    static const double table[3] = {0, 1, 1}; /* mean 3/4 */
    for (int k = 0; k < 2; k++) {
        struct flow_case flow_case;
        static float frame[FRAME];
        double forces[2], flux = 0;
        describe_case(&flow_case, 2);
        flow_case.body_count = 0;
        flow_case.reynolds = 40;
        flow_case.numerics.discard = 0;
        flow_case.numerics.kick = 0;
        flow_case.numerics.profile = k ? FLOW_CASE_PROFILE_TABLE : FLOW_CASE_PROFILE_PARABOLIC;
        memcpy(flow_case.numerics.table, table, sizeof table);
        flow_case.numerics.table_count = k ? 3 : 0;
        flow_case.numerics.edge = FLOW_CASE_EDGE_NO_SLIP;
        flow_case.numerics.entry = 4;
        run_case(forces, frame, &flow_case);
        const float *u = frame + FRAME_UX * CELLS; /* of the first column */
        for (int64_t y = 0; y < 40; y++)
            flux += (double)u[y] / 40;
        cr_expect_float_eq(flux, 0.1, 2e-3, "profile %d: mean %g", k, flux);
        cr_expect_lt(u[0], 0.03);
        if (k == 0) {
            cr_expect_float_eq((double)u[20], 0.15, 0.005, "%g", (double)u[20]);
            cr_expect_lt(u[39], 0.03);
        } else {
            cr_expect_gt(u[30], 1.1F * u[12]);
        }
    }
}

Test(simulation, walls_that_go_with_the_stream_leave_it_uniform)
{
    struct flow_case flow_case;
    static float frame[FRAME];
    double forces[2], worst[2] = {0, 0};
    for (int moves = 0; moves < 2; moves++) {
        describe_case(&flow_case, 1);
        flow_case.body_count = 0;
        flow_case.numerics.kick = 0;
        flow_case.numerics.edge = FLOW_CASE_EDGE_NO_SLIP;
        flow_case.numerics.bottom_speed = flow_case.numerics.top_speed = moves;
        run_case(forces, frame, &flow_case);
        for (int64_t cell = 0; cell < CELLS; cell++)
            worst[moves] =
                fmax(worst[moves], fabs((double)frame[FRAME_UX * CELLS + cell] / 0.1 - 1));
    }
    cr_expect_lt(worst[1], 0.02, "%g", worst[1]);
    cr_expect_gt(worst[0], 0.3, "%g", worst[0]);
}

/* Between slip edges the fluid stands still across the stream, d rho / dy = 3 f rho; not so at the
 * outflow, where the density is the same from bottom to top. */
Test(simulation, a_body_force_across_is_held_by_the_density)
{
    struct flow_case flow_case;
    static float frame[FRAME];
    double forces[2];
    for (int refine = 1; refine <= 2; refine++) {
        describe_case(&flow_case, refine);
        flow_case.body_count = 0;
        flow_case.numerics.kick = 0;
        flow_case.numerics.force_y = 0.5;
        run_case(forces, frame, &flow_case);
        const float *rho = frame + 4 * 40;
        double rise = 3 * 0.5 * 0.1 * 0.1 / 40, expected = exp(rise * 39);
        cr_expect_float_eq((double)(rho[39] / rho[0]), expected, 0.02 * (expected - 1), "r = %d",
                           refine);
    }
}

Test(simulation, the_top_that_moves_is_the_top)
{
    struct flow_case flow_case;
    static float frame[FRAME];
    double forces[2];
    describe_case(&flow_case, 1);
    flow_case.body_count = 0;
    flow_case.numerics.edge = FLOW_CASE_EDGE_NO_SLIP;
    flow_case.numerics.top_speed = 2;
    run_case(forces, frame, &flow_case);
    const float *u = frame + FRAME_UX * CELLS + 24 * 40;
    cr_expect_gt(u[39], 0.12F);
    cr_expect_lt(u[0], 0.08F);
}

/* Magnus: counter-clockwise, the wall goes against the stream above and with it below. */
Test(simulation, a_circle_that_spins_is_pushed_across_the_stream)
{
    double lift[2][2], forces[2];
    for (int64_t refine = 1; refine <= 2; refine++)
        for (int side = 0; side < 2; side++) {
            struct flow_case flow_case;
            describe_case(&flow_case, refine);
            flow_case.reynolds = 60;
            flow_case.motions[0] =
                (struct flow_case_motion){.spin = side ? -1 : 1, .begin = FLOW_CASE_WITH_STREAM};
            run_case(forces, NULL, &flow_case);
            lift[refine - 1][side] = forces[1];
        }
    cr_expect_lt(lift[1][0], -2, "%g", lift[1][0]);
    cr_expect_float_eq(lift[1][0], -lift[1][1], 0.3, "%g, %g", lift[1][0], lift[1][1]);
    cr_expect_float_eq(lift[0][0], lift[1][0], 0.3, "at r = 1 and 2: %g, %g", lift[0][0],
                       lift[1][0]);
}

/* ---- what frames do not hold ---- */

struct kept {
    double loads[2 * SIMULATION_LOADS];   /* sums over all steps */
    double probes[SIMULATION_PROBED * 3]; /* the last sample */
    int64_t steps, samples, calls;
};

static enum status keep_details(void *context, const struct simulation_details *details)
{
    struct kept *kept = context;
    cr_assert_eq(details->frame, ++kept->calls);
    cr_assert_eq(details->bodies, 2);
    for (int64_t k = 0; k < details->steps * 2 * SIMULATION_LOADS; k++)
        kept->loads[k % (2 * SIMULATION_LOADS)] += details->loads[k];
    kept->steps += details->steps;
    kept->samples += details->samples;
    int64_t last = (details->samples - 1) * 3 * SIMULATION_PROBED;
    if (details->samples > 0)
        memcpy(kept->probes, details->probes + last, sizeof kept->probes);
    return OK;
}

static void describe_pair(struct flow_case *out)
{
    describe_case(out, 2);
    out->reynolds = 60;
    out->bodies[0].size = 6;
    out->bodies[0].y = 13;
    out->bodies[1] = out->bodies[0];
    out->bodies[1].y = 27;
    out->body_count = 2;
    for (int k = 0; k < 2; k++)
        out->motions[k] =
            (struct flow_case_motion){.spin = k == 0 ? 1 : -1, .begin = FLOW_CASE_WITH_STREAM};
}

static struct case_record *run_pair(struct kept *kept, int64_t probe_count)
{
    struct flow_case flow_case;
    struct simulation *simulation = NULL;
    struct simulation_options options = {.threads = 1,
                                         .probes = {{4, 20}, {13, 13}, {40, 30}},
                                         .probe_count = probe_count,
                                         .probe_interval = 25,
                                         .details = kept != NULL ? keep_details : NULL,
                                         .details_context = kept};
    describe_pair(&flow_case);
    cr_assert_eq(simulation_create(&simulation, &flow_case, &options), OK, "%s", error_message());
    struct case_record *record = run(simulation);
    simulation_destroy(simulation);
    return record;
}

Test(simulation, forces_of_bodies_add_up_and_mirrored_bodies_have_mirrored_loads)
{
    struct kept kept = {.steps = 0};
    struct case_record *record = run_pair(&kept, 3);
    double sum[2] = {0, 0};
    cr_assert_eq(kept.steps, record->force_steps);
    cr_assert_eq(kept.calls, FRAMES - 1);
    cr_assert_eq(kept.samples, (FRAMES - 1) * 4);
    for (int64_t k = 0; k < 2 * record->force_steps; k++)
        sum[k % 2] += record->forces[k];
    for (int axis = 0; axis < 2; axis++)
        cr_expect_float_eq(kept.loads[axis] + kept.loads[3 + axis], sum[axis],
                           1e-9 * (double)kept.steps);
    const double *one = kept.loads, *other = kept.loads + 3, steps = (double)kept.steps;
    cr_expect_gt(one[0] / steps, 0.5);
    cr_expect_float_eq(one[0] / steps, other[0] / steps, 0.1); /* the kick is not mirrored */
    cr_expect_float_eq(one[1] / steps, -other[1] / steps, 0.1);
    cr_expect_lt(one[2] / steps, -0.01); /* the fluid brakes what spins counter-clockwise */
    cr_expect_float_eq(one[2] / steps, -other[2] / steps, 0.01);
    case_record_destroy(record);
}

Test(simulation, probes_see_the_stream_and_the_stagnation_point)
{
    struct kept kept = {.steps = 0};
    struct case_record *record = run_pair(&kept, 3);
    const double *open = kept.probes, *front = kept.probes + SIMULATION_PROBED;
    cr_expect_float_eq(open[1], 1, 0.15, "u / U = %g", open[1]);
    cr_expect_gt(front[0], 0.7, "Cp = %g", front[0]);
    cr_expect_gt(front[0], open[0]);
    cr_expect_lt(fabs(front[1]), 0.15, "u / U = %g", front[1]);
    cr_expect_lt(front[2], -0.5, "the wall goes down there: v / U = %g", front[2]);
    case_record_destroy(record);
}

Test(simulation, no_bit_of_frames_or_forces_depends_on_what_is_told_beside)
{
    struct kept kept = {.steps = 0}, bare = {.steps = 0};
    struct case_record *with = run_pair(&kept, 3), *without = run_pair(NULL, 0);
    struct case_record *unprobed = run_pair(&bare, 0);
    size_t forces = (size_t)with->force_steps * 2 * sizeof(double);
    cr_assert_eq(memcmp(with->values, without->values, FRAMES * FRAME * sizeof(float)), 0);
    cr_assert_eq(memcmp(with->forces, without->forces, forces), 0);
    cr_assert_eq(memcmp(with->forces, unprobed->forces, forces), 0);
    cr_assert_eq(memcmp(kept.loads, bare.loads, sizeof kept.loads), 0);
    case_record_destroy(with);
    case_record_destroy(without);
    case_record_destroy(unprobed);
}

/* ... and the message has `text`. */
static void refuse_probe(double x, double y, int64_t interval, const char *text)
{
    struct flow_case flow_case;
    struct simulation *simulation = NULL;
    struct simulation_options options = {
        .threads = 1, .probes = {{x, y}}, .probe_count = 1, .probe_interval = interval};
    describe_case(&flow_case, 2);
    cr_assert_eq(simulation_create(&simulation, &flow_case, &options), ERR_CONFIG);
    cr_assert_null(simulation);
    cr_expect_not_null(strstr(error_message(), text), "%s, not %s", error_message(), text);
}

Test(simulation, a_probe_in_a_body_or_outside_is_refused_with_a_place_that_would_do)
{
    struct simulation_options options = {.threads = 1, .probe_count = 1, .probe_interval = 10};
    struct flow_case flow_case;
    double place[2];
    refuse_probe(49, 3, 10, "probe 1 at (49, 3) is outside the canvas; 0..48, 0..40 would do");
    refuse_probe(3, NAN, 10, "outside the canvas");
    refuse_probe(40, 3, 30, "30 steps does not divide the frame interval of 100; 25 would do");
    refuse_probe(40, 3, 0, "; 1 would do");
    refuse_probe(16, 20, 10, "is inside a body; (21.000, 20.000), on its surface, would do");
    refuse_probe(14, 18, 10, "is inside a body; (");
    cr_assert_eq(sscanf(strchr(error_message(), ';'), "; (%lf, %lf)", &place[0], &place[1]), 2);
    describe_case(&flow_case, 2);
    memcpy(options.probes[0], place, sizeof place);
    struct simulation *simulation = NULL;
    cr_assert_eq(simulation_create(&simulation, &flow_case, &options), OK, "%s", error_message());
    simulation_destroy(simulation);
}

Test(simulation, bad_case_is_refused)
{
    struct flow_case flow_case;
    struct simulation *simulation = NULL;
    describe_case(&flow_case, 2);
    flow_case.bodies[0].y = 3;
    cr_assert_eq(simulation_create(&simulation, &flow_case, &plain), ERR_CONFIG);
    describe_case(&flow_case, 2);
    flow_case.speed = 0.3;
    cr_assert_eq(simulation_create(&simulation, &flow_case, &plain), ERR_CONFIG);
    cr_assert_null(simulation);
}

Test(simulation, stops_when_asked)
{
    volatile sig_atomic_t signal_number = 15;
    struct stop stop = {.signal = &signal_number};
    struct simulation_options options = {.threads = 1, .stop = &stop};
    struct simulation *simulation = make(1, &options);
    struct case_record *record = NULL;
    cr_assert_eq(case_record_create(&record, 48, 40, FRAMES, CASE_RECORD_DROP_STARTS), OK);
    cr_assert_eq(simulation_run(simulation, &record->sink), ERR_STOPPED);
    case_record_destroy(record);
    simulation_destroy(simulation);
}

/* ---- ensemble ---- */

struct gathering {
    int64_t seen, failing;
    float *values; /* of the last frames, one after another */
    double updates;
    enum status answer;
};

static enum status describe(void *context, struct flow_case *flow_case,
                            struct simulation_options *options, struct refusals *refused,
                            int64_t index)
{
    const struct gathering *gathering = context;
    (void)options;
    refused->counts[REFUSAL_GAP] = 2 * index;
    describe_case(flow_case, 1);
    flow_case->index = index;
    flow_case->numerics.frames = 2;
    flow_case->reynolds = 100 + 10 * (double)index;
    flow_case->numerics.discard = index % 3 == 0 ? 12 : 10; /* so that later ones finish first */
    if (index == gathering->failing)
        flow_case->bodies[0].size = -1;
    return OK;
}

static enum status accept(void *context, const struct case_record *record, int64_t index)
{
    struct gathering *gathering = context;
    if (gathering->answer != OK)
        return FAIL(gathering->answer, "the disk is full");
    cr_assert_eq(index, 5 + gathering->seen);
    cr_assert_eq(record->flow.index, index);
    cr_assert_eq(record->refused.counts[REFUSAL_GAP], 2 * index);
    cr_assert_eq(record->status, OK);
    memcpy(gathering->values + gathering->seen * FRAME, case_record_frame(record, 1),
           FRAME * sizeof(float));
    gathering->seen++;
    return OK;
}

static void on_progress(void *context, double updates)
{
    struct gathering *gathering = context;
    cr_assert_geq(updates, gathering->updates);
    gathering->updates = updates;
}

enum { CASES = 6 };

static enum status gather(struct gathering *gathering, int threads)
{
    struct ensemble_options options = {.threads = threads,
                                       .starts = CASE_RECORD_DROP_STARTS,
                                       .context = gathering,
                                       .describe = describe,
                                       .accept = accept,
                                       .progress = on_progress};
    return ensemble_run(&options, 5, CASES);
}

Test(ensemble, hands_over_in_order_and_the_same_from_any_number_of_threads)
{
    float *want = calloc(CASES * FRAME, sizeof *want), *got = calloc(CASES * FRAME, sizeof *got);
    cr_assert(want != NULL && got != NULL);
    struct gathering serial = {.failing = -1, .values = want};
    cr_assert_eq(gather(&serial, 1), OK);
    cr_assert_eq(serial.seen, CASES);
    cr_assert_gt(serial.updates, 0);
    for (int threads = 2; threads <= 4; threads += 2) {
        struct gathering parallel = {.failing = -1, .values = got};
        cr_assert_eq(gather(&parallel, threads), OK);
        cr_assert_eq(parallel.seen, CASES);
        cr_assert_eq(memcmp(want, got, CASES * FRAME * sizeof *want), 0);
        cr_assert_float_eq(parallel.updates, serial.updates, 1);
    }
    free(want);
    free(got);
}

Test(ensemble, ends_with_the_message_of_what_failed)
{
    float *values = calloc(CASES * FRAME, sizeof *values);
    cr_assert_not_null(values);
    for (int threads = 1; threads <= 2; threads++) {
        struct gathering refused = {.failing = 7, .values = values};
        cr_assert_eq(gather(&refused, threads), ERR_CONFIG);
        cr_assert_leq(refused.seen, 2);
        cr_assert_gt(strlen(error_message()), 0);
        struct gathering full = {.failing = -1, .values = values, .answer = ERR_IO};
        cr_assert_eq(gather(&full, threads), ERR_IO);
        cr_assert_not_null(strstr(error_message(), "the disk is full"));
    }
    free(values);
}

/* At Re 11000 on 20 cells, with the strongest kick, a square's wake reaches |u| = 0.55. */
static enum status describe_wild(void *context, struct flow_case *flow_case,
                                 struct simulation_options *options, struct refusals *refused,
                                 int64_t index)
{
    (void)context;
    (void)options;
    (void)refused;
    describe_case(flow_case, 1);
    flow_case->numerics.frames = 1;
    if (index != 1)
        return OK;
    flow_case_defaults(flow_case);
    flow_case->numerics.refine = 1;
    flow_case->numerics.kick = 0.5;
    flow_case->reynolds = 11000;
    flow_case->bodies[0] = (struct body_spec){
        .family = "rectangle", .x = 20.3, .y = 32, .size = 20, .aspect = 1, .sides = 3};
    flow_case->body_count = 1;
    return OK;
}

static enum status accept_wild(void *context, const struct case_record *record, int64_t index)
{
    int64_t *seen = context;
    cr_assert_eq(record->status, index == 1 ? ERR_NUMERIC : OK);
    const struct case_failure *failure = &record->failure;
    cr_assert_eq(isfinite(failure->step) != 0, index == 1);
    if (index == 1) { /* at r = 1 with 8 columns of entry, the same numbers as in the message */
        char place[64];
        snprintf(place, sizeof place, "lattice cell (%d, %d) at lattice step %d has",
                 (int)(failure->x + 7.5), (int)(failure->y - 0.5), (int)failure->step);
        cr_assert_not_null(strstr(record->reason, place), "%s, not %s", record->reason, place);
    } else {
        cr_assert_str_eq(record->reason, "");
    }
    (*seen)++;
    return OK;
}

Test(ensemble, goes_on_past_a_case_that_diverged)
{
    int64_t seen = 0;
    struct ensemble_options options = {
        .threads = 2, .context = &seen, .describe = describe_wild, .accept = accept_wild};
    log_set_level(LOG_QUIET);
    cr_assert_eq(ensemble_run(&options, 0, 3), OK, "%s", error_message());
    cr_assert_eq(seen, 3);
}

/* ---- forecaster ---- */

static enum status find_case(void *context, struct flow_case *out, const struct flow *flow)
{
    (void)context;
    (void)flow;
    describe_case(out, 8); /* the refinement is the forecaster's own */
    return OK;
}

Test(solver_forecaster, goes_on_from_the_truth)
{
    struct simulation_options options = {.threads = 1, .start_frames = {1}, .start_count = 1};
    struct simulation *truth = make(2, &options);
    struct case_record *record = run(truth);
    struct solver_forecaster_options solver = {.threads = 1, .find_case = find_case};
    struct forecaster *forecaster = NULL;
    float *frames = calloc(2 * FRAME, sizeof *frames);
    cr_assert_not_null(frames);
    cr_assert_eq(solver_forecaster_create(&forecaster, 2, &solver), OK);
    cr_assert_str_eq(forecaster->name, "solver r = 2");
    cr_assert_null(forecaster->ops->inject);
    struct forecaster_start start = {.flow = &record->flow,
                                     .sdf = record->sdf,
                                     .mask = record->mask,
                                     .frames = record->values,
                                     .state = NULL};
    cr_assert_eq(forecaster->ops->start(forecaster, &start), ERR_UNSUPPORTED);
    start.state = record->starts[0];
    for (int again = 0; again < 2; again++) {
        cr_assert_eq(forecaster->ops->start(forecaster, &start), OK, "%s", error_message());
        cr_assert_eq(forecaster->ops->cost(forecaster), 0);
        cr_assert_eq(forecaster->ops->advance(forecaster, frames, 2), OK);
        cr_assert_lt(worst_difference(frames, case_record_frame(record, 2)), 5e-6);
        cr_assert_lt(worst_difference(frames + FRAME, case_record_frame(record, 3)), 5e-6);
        cr_assert_gt(forecaster->ops->cost(forecaster), 0);
    }
    forecaster_destroy(forecaster);
    free(frames);
    case_record_destroy(record);
    simulation_destroy(truth);
}
