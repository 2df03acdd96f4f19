/* SPDX-License-Identifier: Apache-2.0 */
#include "dataset_digest.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(float) == 4 && sizeof(double) == 8, "IEEE formats");
#if defined(__BYTE_ORDER__)
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "digests are over little-endian bytes");
#endif

static enum status add_flow(struct digest *digest, const struct flow *flow)
{
    const int64_t whole[] = {flow->index,          flow->nx,        flow->ny, flow->refine,
                             flow->frame_interval, flow->first_step};
    const double real[] = {flow->reynolds, flow->speed, flow->length, flow->viscosity, flow->tau,
                           flow->blockage, flow->angle, flow->x,      flow->y,         flow->size};
    TRY(digest_update(digest, flow->family, strlen(flow->family) + 1));
    TRY(digest_update(digest, whole, sizeof whole));
    return digest_update(digest, real, sizeof real);
}

static enum status add_record(struct digest *digest, const struct case_record *record)
{
    const size_t cells = (size_t)frames_cells(&record->flow);
    const size_t frames = (size_t)record->frames;
    const int64_t counts[] = {record->frames, record->force_steps};
    TRY(add_flow(digest, &record->flow));
    TRY(digest_update(digest, counts, sizeof counts));
    TRY(digest_update(digest, record->sdf, cells * sizeof(float)));
    TRY(digest_update(digest, record->mask, cells));
    TRY(digest_update(digest, record->values, frames * FRAME_FIELDS * cells * sizeof(float)));
    TRY(digest_update(digest, record->drag, frames * sizeof(double)));
    TRY(digest_update(digest, record->lift, frames * sizeof(double)));
    if (record->force_steps == 0)
        return OK;
    return digest_update(digest, record->forces, (size_t)record->force_steps * 2 * sizeof(double));
}

enum status dataset_digest_record(char out[DIGEST_SIZE], const struct case_record *record)
{
    enum status status = OK;
    struct digest *digest = NULL;
    TRY_GOTO(digest_create(&digest), cleanup);
    TRY_GOTO(add_record(digest, record), cleanup);
    TRY_GOTO(digest_finish(out, digest), cleanup);
cleanup:
    digest_destroy(digest);
    return status;
}

static enum status add_start(struct digest *digest, const struct start_state *state)
{
    const size_t cells = (size_t)(state->nx * state->ny);
    const int64_t whole[] = {state->case_index, state->frame, state->refine,
                             state->nx,         state->ny,    state->entry};
    TRY(digest_update(digest, whole, sizeof whole));
    TRY(digest_update(digest, &state->outlet_rho, sizeof state->outlet_rho));
    TRY(digest_update(digest, state->values, START_FIELDS * cells * sizeof(float)));
    return digest_update(digest, state->solid, cells);
}

enum status dataset_digest_starts(char out[DIGEST_SIZE], const struct case_record *record)
{
    enum status status = OK;
    struct digest *digest = NULL;
    TRY_GOTO(digest_create(&digest), cleanup);
    for (int64_t i = 0; i < record->start_count; i++)
        TRY_GOTO(add_start(digest, record->starts[i]), cleanup);
    TRY_GOTO(digest_finish(out, digest), cleanup);
cleanup:
    digest_destroy(digest);
    return status;
}

enum status dataset_digest_line(struct digest *list, const char *kind, int64_t number,
                                const char *digest)
{
    char line[160];
    int length = snprintf(line, sizeof line, "%s %lld %s\n", kind, (long long)number, digest);
    assert(length > 0 && (size_t)length < sizeof line);
    return digest_update(list, line, (size_t)length);
}
