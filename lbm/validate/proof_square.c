/* SPDX-License-Identifier: Apache-2.0
 *
 * A square at Re 100, face to the stream, 5 % blockage (proof_stream.h), against Sohankar,
 * Norberg and Davidson 1998. */
#include "proof_stream.h"

static enum status judge(struct proof_stream *s)
{
    struct proof_swing swing;
    struct spectrum_frequency strouhal;
    TRY(proof_stream_settle(&swing, s, 120, 20, 300));
    TRY(proof_stream_record(s, 40));
    proof_stream_swing(&swing, s->drag, s->lift, s->count);
    TRY(proof_stream_strouhal(&strouhal, s));
    TRY(proof_stream_add_strouhal(s, &strouhal));
    TRY(proof_add(s->proof, "mean Cd", swing.drag_mean));
    TRY(proof_add(s->proof, "rms of Cl", swing.lift_deviation));
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
