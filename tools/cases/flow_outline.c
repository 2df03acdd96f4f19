/* SPDX-License-Identifier: Apache-2.0 */
#include "flow_outline.h"

#include "array.h"
#include "body.h"

#include <math.h>
#include <string.h>

static const double TOLERANCE = 0.01; /* cells: a small part of a pixel */

static enum status trace(struct flow_outline *out, const struct body_spec *spec)
{
    enum status status = OK;
    struct body *body = NULL;
    int64_t count, number = out->shown.count;
    TRY_GOTO(body_create(&body, spec), cleanup);
    TRY_GOTO(body_outline(&out->owned[number], &count, body, TOLERANCE), cleanup);
    out->shown.lines[number] =
        (struct picture_outline){.count = count, .points = out->owned[number]};
    out->shown.count++;
cleanup:
    body_destroy(body);
    return status;
}

enum status flow_outline_make(struct flow_outline *out, const struct flow_case *flow_case)
{
    enum status status = OK;
    for (int64_t k = 0; k < flow_case->body_count; k++)
        TRY_GOTO(trace(out, &flow_case->bodies[k]), cleanup);
cleanup:
    if (status != OK)
        flow_outline_fini(out);
    return status;
}

/* The same bodies at the same place; how the flow was computed does not matter. */
static int is_same(const struct flow *a, const struct flow *b)
{
    static const double least = 1e-6; /* a dataset may hold single precision */
    const double pairs[][2] = {{a->x, b->x},
                               {a->y, b->y},
                               {a->size, b->size},
                               {a->angle, b->angle},
                               {a->length, b->length}};
    int same = strcmp(a->family, b->family) == 0 && a->nx == b->nx && a->ny == b->ny;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        same &= fabs(pairs[i][0] - pairs[i][1]) <= least * fmax(1, fabs(pairs[i][0]));
    return same;
}

void flow_outline_find(struct flow_outline *out, struct case_book *book, const struct flow *flow)
{
    struct flow_case drawn;
    struct flow facts;
    if (flow->index < 0 || flow->index >= case_draw_count(&book->plan))
        return;
    if (case_book_find(book, &drawn, flow) != OK || flow_case_describe(&facts, &drawn) != OK ||
        (is_same(&facts, flow) && flow_outline_make(out, &drawn) != OK))
        error_clear(); /* a picture without exact corners is no fault */
}

void flow_outline_look_up(struct flow_outline *out, const struct dataset *dataset,
                          const struct flow *flow)
{
    struct case_book book;
    if (case_book_open(&book, dataset) != OK) {
        error_clear();
        return;
    }
    flow_outline_find(out, &book, flow);
    case_book_close(&book);
}

void flow_outline_fini(struct flow_outline *outline)
{
    for (int64_t k = 0; k < FLOW_CASE_BODIES; k++)
        array_free(outline->owned[k]);
    *outline = (struct flow_outline){.shown = {.count = 0}};
}
