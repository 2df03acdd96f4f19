/* SPDX-License-Identifier: Apache-2.0
 *
 * A circle in a wide stream (proof_stream.h): steady at Re 40, still so at Re 45, shedding at
 * Re 60 and 100. The intervals are those in which published figures for 5 % blockage and less lie;
 * St at Re 60 after Williamson's relation for the free cylinder, 0.136, with 8 % for blockage. */
#include "proof_stream.h"

#include <math.h>

static enum status run_steady(struct proof_stream *s)
{
    struct proof_swing swing;
    double wake;
    TRY(proof_stream_settle(&swing, s, 160, 10, 300));
    TRY(proof_stream_wake(&wake, s));
    TRY(proof_add(s->proof, "mean Cd", swing.drag_mean));
    TRY(proof_add(s->proof, "length of the wake / D", wake));
    TRY(proof_add(s->proof, "deviation of Cl", swing.lift_deviation));
    return OK;
}

/* The kick's shedding dies away: the lift's swing falls from window to window. */
static enum status run_fading(struct proof_stream *s)
{
    struct proof_swing early, late;
    TRY(proof_stream_pass(&early, s, 100, 20));
    TRY(proof_stream_pass(&late, s, 60, 20));
    return proof_add(s->proof, "swing of Cl, 160 over 100 D / U",
                     late.lift_deviation / early.lift_deviation);
}

static enum status run_shedding(struct proof_stream *s, int fast)
{
    struct proof_swing swing;
    struct spectrum_frequency strouhal;
    TRY(proof_stream_settle(&swing, s, fast ? 100 : 200, 20, fast ? 300 : 500));
    TRY(proof_stream_record(s, 40));
    proof_stream_swing(&swing, s->drag, s->lift, s->count);
    TRY(proof_stream_strouhal(&strouhal, s));
    double amplitude = (swing.lift_most - swing.lift_least) / 2;
    TRY(proof_stream_add_strouhal(s, &strouhal));
    if (fast)
        TRY(proof_add(s->proof, "mean Cd", swing.drag_mean));
    return proof_add(s->proof, "amplitude of Cl", amplitude);
}

enum status proof_cylinder_run(struct proof *proof, const struct proof_case *which)
{
    struct proof_stream s = {.proof = proof};
    enum status status = proof_stream_open_wide(&s, which, "circle");
    if (status == OK && which->reynolds < 45)
        status = run_steady(&s);
    else if (status == OK && which->reynolds < 50)
        status = run_fading(&s);
    else if (status == OK)
        status = run_shedding(&s, which->reynolds >= 100);
    proof_stream_fini(&s);
    return status;
}
