/* SPDX-License-Identifier: Apache-2.0
 *
 * One walk over a record's parts serves for counting, writing and reading, so that the three cannot
 * disagree about the order. */
#include "case_record_bytes.h"

#include "array.h"

#include <string.h>

enum direction { COUNT, WRITE, READ };

struct walk {
    enum direction direction;
    unsigned char *to;         /* WRITE */
    const unsigned char *from; /* READ */
    size_t at, size;
    int broken; /* READ: the bytes end too early */
};

static void pass(struct walk *walk, void *data, size_t size)
{
    if (walk->direction != COUNT && size > walk->size - walk->at) {
        walk->broken = 1;
        return;
    }
    if (walk->direction == WRITE && size > 0)
        memcpy(walk->to + walk->at, data, size);
    if (walk->direction == READ && size > 0)
        memcpy(data, walk->from + walk->at, size);
    walk->at += size;
}

/* What must be known before the rest can be placed. */
struct head {
    struct flow flow;
    struct refusals refused;
    struct case_failure failure;
    int64_t frames, force_steps, start_count;
    int32_t status;
    char reason[sizeof((struct case_record *)NULL)->reason];
};

static void fill_head(struct head *out, const struct case_record *record)
{
    memset(out, 0, sizeof *out); /* the padding too */
    out->flow = record->flow;
    out->refused = record->refused;
    out->failure = record->failure;
    out->status = (int32_t)record->status;
    memcpy(out->reason, record->reason, sizeof out->reason);
    if (record->status != OK)
        return;
    out->frames = record->frames;
    out->force_steps = record->force_steps;
    out->start_count = record->start_count;
}

static void pass_fields(struct walk *walk, struct case_record *record, const struct head *head)
{
    size_t cells = (size_t)frames_cells(&head->flow);
    size_t frames = (size_t)head->frames;
    pass(walk, record->sdf, cells * sizeof *record->sdf);
    pass(walk, record->mask, cells);
    pass(walk, record->values, frames * FRAME_FIELDS * cells * sizeof *record->values);
    pass(walk, record->drag, frames * sizeof *record->drag);
    pass(walk, record->lift, frames * sizeof *record->lift);
    pass(walk, record->forces, (size_t)head->force_steps * 2 * sizeof *record->forces);
}

static void pass_state_head(struct walk *walk, struct start_state *state)
{
    pass(walk, &state->case_index, sizeof state->case_index);
    pass(walk, &state->frame, sizeof state->frame);
    pass(walk, &state->refine, sizeof state->refine);
    pass(walk, &state->nx, sizeof state->nx);
    pass(walk, &state->ny, sizeof state->ny);
    pass(walk, &state->entry, sizeof state->entry);
    pass(walk, &state->outlet_rho, sizeof state->outlet_rho);
}

static void pass_state_fields(struct walk *walk, struct start_state *state)
{
    size_t cells = (size_t)(state->nx * state->ny);
    pass(walk, state->values, START_FIELDS * cells * sizeof *state->values);
    pass(walk, state->solid, cells);
}

/* ---- writing ---- */

static void walk_record(struct walk *walk, struct case_record *record, struct head *head)
{
    pass(walk, head, sizeof *head);
    pass_fields(walk, record, head);
    for (int64_t i = 0; i < head->start_count; i++) {
        pass_state_head(walk, record->starts[i]);
        pass_state_fields(walk, record->starts[i]);
    }
}

enum status case_record_bytes_write(unsigned char **out, size_t *size,
                                    const struct case_record *record)
{
    struct head head;
    struct case_record parts = *record; /* the walk only reads what the copy points to */
    struct walk walk = {.direction = COUNT};
    fill_head(&head, record);
    walk_record(&walk, &parts, &head);
    *size = walk.at;
    TRY(ARRAY_NEW(*out, *size));
    walk = (struct walk){.direction = WRITE, .to = *out, .size = *size};
    walk_record(&walk, &parts, &head);
    return OK;
}

/* ---- reading ---- */

static enum status read_state(struct case_record *record, struct walk *walk)
{
    enum status status = OK;
    struct start_state head = {0}, *state = NULL;
    pass_state_head(walk, &head);
    if (walk->broken || head.nx < 1 || head.ny < 1)
        TRY_GOTO(FAIL(ERR_INTERNAL, "a start state of a case's bytes is broken"), cleanup);
    TRY_GOTO(start_state_create(&state, head.nx, head.ny), cleanup);
    head.values = state->values;
    head.solid = state->solid;
    *state = head;
    pass_state_fields(walk, state);
    TRY_GOTO(record->sink.ops->start(&record->sink, state), cleanup);
cleanup:
    start_state_destroy(state);
    return status;
}

static enum status read_forces(struct case_record *record, const struct head *head)
{
    double *grown = array_grow(record->forces, &record->force_capacity, (size_t)head->force_steps,
                               2 * sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    record->forces = grown;
    return OK;
}

static enum status read_parts(struct case_record *record, struct walk *walk,
                              const struct head *head)
{
    record->flow = head->flow;
    record->refused = head->refused;
    record->failure = head->failure;
    record->status = (enum status)head->status;
    memcpy(record->reason, head->reason, sizeof record->reason);
    record->frames = head->frames;
    if (head->force_steps > 0)
        TRY(read_forces(record, head));
    record->force_steps = head->force_steps;
    pass_fields(walk, record, head);
    for (int64_t i = 0; i < head->start_count && !walk->broken; i++)
        TRY(read_state(record, walk));
    if (walk->broken || walk->at != walk->size)
        return FAIL(ERR_INTERNAL, "a case's bytes are %zu, not what they say they hold",
                    walk->size);
    return OK;
}

enum status case_record_bytes_read(struct case_record **out, const unsigned char *bytes,
                                   size_t size)
{
    enum status status = OK;
    struct head head = {.frames = 0};
    struct case_record *record = NULL;
    struct walk walk = {.direction = READ, .from = bytes, .size = size};
    pass(&walk, &head, sizeof head);
    if (walk.broken || head.flow.nx < 1 || head.flow.ny < 1 || head.frames < 0 ||
        head.force_steps < 0 || head.start_count < 0)
        TRY_GOTO(FAIL(ERR_INTERNAL, "%zu bytes are no case", size), cleanup);
    TRY_GOTO(case_record_create(&record, head.flow.nx, head.flow.ny,
                                head.frames > 0 ? head.frames : 1, CASE_RECORD_KEEP_STARTS),
             cleanup);
    TRY_GOTO(read_parts(record, &walk, &head), cleanup);
    *out = record;
    record = NULL;
cleanup:
    case_record_destroy(record);
    return status;
}
