/* SPDX-License-Identifier: Apache-2.0
 *
 * A square at Re 100, face to the stream, 5 % blockage (proof_stream.h), against Sohankar,
 * Norberg and Davidson 1998. */
#include "proof_stream.h"

static enum status judge(struct proof_stream *s)
{
    struct proof *v = s->proof;
    struct proof_swing swing;
    struct spectrum_frequency strouhal;
    TRY(proof_stream_settle(&swing, s, 120, 20, 300));
    TRY(proof_stream_record(s, 40));
    proof_stream_swing(&swing, s->drag, s->lift, s->count);
    TRY(proof_stream_strouhal(&strouhal, s));
    proof_stream_add_strouhal(v, "0.146", 0.95 * 0.146, 1.05 * 0.146, &strouhal);
    proof_add_near(v, "mean Cd", "1.478", 1.478, 0.06, swing.drag_mean);
    proof_add(v, "rms of Cl", "0.12 to 0.22", 0.12, 0.22, swing.lift_deviation);
    return OK;
}

enum status proof_square_run(struct proof *proof, const struct proof_case *which)
{
    struct proof_stream s = {.proof = proof};
    enum status status = proof_stream_open_wide(&s, which, "rectangle");
    if (status == OK)
        status = judge(&s);
    proof_stream_fini(&s);
    return status;
}
