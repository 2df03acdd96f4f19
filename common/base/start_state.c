/* SPDX-License-Identifier: Apache-2.0 */
#include "start_state.h"

#include "array.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum status start_state_create(struct start_state **out, int64_t nx, int64_t ny)
{
    enum status status = OK;
    size_t cells = 0;
    assert(nx > 0 && ny > 0);
    struct start_state *state = calloc(1, sizeof *state);
    if (state == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    state->nx = nx;
    state->ny = ny;
    TRY_GOTO(array_size(&cells, (size_t)nx, (size_t)ny), cleanup);
    TRY_GOTO(ARRAY_NEW(state->solid, cells), cleanup);
    TRY_GOTO(array_size(&cells, cells, START_FIELDS), cleanup);
    TRY_GOTO(ARRAY_NEW(state->values, cells), cleanup);
    *out = state;
    state = NULL;
cleanup:
    start_state_destroy(state);
    return status;
}

enum status start_state_copy(struct start_state **out, const struct start_state *state)
{
    struct start_state *copy = NULL;
    TRY(start_state_create(&copy, state->nx, state->ny));
    float *values = copy->values;
    unsigned char *solid = copy->solid;
    size_t cells = (size_t)(state->nx * state->ny);
    *copy = *state;
    copy->values = values;
    copy->solid = solid;
    memcpy(values, state->values, cells * START_FIELDS * sizeof *values);
    memcpy(solid, state->solid, cells);
    *out = copy;
    return OK;
}

void start_state_destroy(struct start_state *state)
{
    if (state == NULL)
        return;
    array_free(state->values);
    array_free(state->solid);
    free(state);
}
