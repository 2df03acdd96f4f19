/* SPDX-License-Identifier: Apache-2.0 */
#include "case_compare.h"

#include <criterion/criterion.h>
#include <math.h>

enum { NX = 4, NY = 3, CELLS = NX * NY, FRAMES = 3, INTERVAL = 40 };

static const double PERIOD = 12; /* frames' force steps at r = 1 */

/* Cell 0 is a body. Velocity `stream` everywhere, density 1 + pressure; forces of a sine. */
static struct case_record *make(int64_t refine, float stream, float pressure, double lift)
{
    struct case_record *record = NULL;
    const struct flow flow = {.nx = NX,
                              .ny = NY,
                              .speed = 0.1,
                              .length = 6,
                              .refine = refine,
                              .frame_interval = INTERVAL};
    float sdf[CELLS], values[FRAME_FIELDS * CELLS];
    double forces[2 * INTERVAL * 2];
    cr_assert_eq(case_record_create(&record, NX, NY, FRAMES, CASE_RECORD_DROP_STARTS), OK);
    for (int i = 0; i < CELLS; i++)
        sdf[i] = (float)i - 0.5F;
    cr_assert_eq(record->sink.ops->begin(&record->sink, &flow, sdf), OK);
    for (int64_t t = 0; t < FRAMES; t++) {
        int64_t steps = t == 0 ? 0 : INTERVAL * refine;
        for (int i = 0; i < CELLS; i++) {
            values[i] = 1 + pressure;
            values[CELLS + i] = i == 0 ? 99 * (float)t : stream; /* in the body it does not count */
            values[2 * CELLS + i] = 0;
        }
        for (int64_t s = 0; s < steps; s++) {
            double time = (double)((t - 1) * steps + s) / (double)refine;
            forces[2 * s] = 1.5 * stream / 0.1;
            forces[2 * s + 1] = lift * sin(2 * acos(-1) * time / PERIOD);
        }
        const struct frame frame = {t, values, 0, 0, forces, steps};
        cr_assert_eq(record->sink.ops->frame(&record->sink, &frame), OK);
    }
    return record;
}

Test(case_compare, frames_have_the_error_of_their_fields)
{
    double velocity[FRAMES], density[FRAMES];
    struct case_record *own = make(1, 0.1F, 0.004F, 0.2), *other = make(2, 0.11F, 0.003F, 0.2);
    cr_assert_eq(case_compare_frames(velocity, density, other, own), OK);
    for (int t = 0; t < FRAMES; t++) {
        cr_assert_float_eq(velocity[t], 0.1, 1e-6);
        cr_assert_float_eq(density[t], 0.25, 1e-4);
    }
    case_record_destroy(own);
    case_record_destroy(other);
}

Test(case_compare, a_case_is_no_distance_from_itself)
{
    double velocity[FRAMES], density[FRAMES];
    struct case_record *own = make(1, 0.1F, 0.004F, 0.2);
    cr_assert_eq(case_compare_frames(velocity, density, own, own), OK);
    for (int t = 0; t < FRAMES; t++)
        cr_assert(velocity[t] == 0 && density[t] == 0);
    case_record_destroy(own);
}

Test(case_compare, forces_do_not_depend_on_how_finely_they_are_sampled)
{
    struct case_compare_forces coarse, fine;
    struct case_record *a = make(1, 0.1F, 0, 0.2), *b = make(2, 0.1F, 0, 0.2);
    case_compare_summarise(&coarse, a);
    case_compare_summarise(&fine, b);
    cr_assert_float_eq(coarse.drag, 1.5, 1e-6);
    cr_assert_float_eq(fine.drag, 1.5, 1e-6);
    cr_assert_float_eq(coarse.strouhal, 6 / (0.1 * PERIOD), 1e-2);
    cr_assert_float_eq(fine.strouhal, coarse.strouhal, 1e-2);
    cr_assert_float_eq(fine.lift, 0.2 / sqrt(2), 0.01);
    case_record_destroy(a);
    case_record_destroy(b);
}

Test(case_compare, a_case_without_forces_has_no_means)
{
    struct case_compare_forces forces;
    struct case_record *record = make(1, 0.1F, 0, 0.2);
    record->force_steps = 0;
    case_compare_summarise(&forces, record);
    cr_assert(isnan(forces.drag) && isnan(forces.lift) && isnan(forces.strouhal));
    case_record_destroy(record);
}

Test(case_compare, other_canvases_and_times_are_refused)
{
    double velocity[FRAMES], density[FRAMES];
    struct case_record *own = make(1, 0.1F, 0, 0.2), *other = make(1, 0.1F, 0, 0.2);
    other->frames--;
    cr_assert_eq(case_compare_frames(velocity, density, other, own), ERR_DATA);
    other->frames++;
    other->flow.frame_interval++;
    cr_assert_eq(case_compare_frames(velocity, density, other, own), ERR_DATA);
    case_record_destroy(own);
    case_record_destroy(other);
}

Test(case_compare, the_first_error_above_the_limit_is_found)
{
    const double errors[] = {0.01, 0.05, 0.06, 0.01}, lost[] = {0.01, NAN};
    cr_assert_eq(case_compare_passes(errors, 4, 0.05), 2);
    cr_assert_eq(case_compare_passes(errors, 4, 0.5), -1);
    cr_assert_eq(case_compare_passes(lost, 2, 0.5), 1);
}
