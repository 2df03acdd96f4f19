/* SPDX-License-Identifier: Apache-2.0 */
#include "link.h"

#include "array.h"
#include "stencil.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void place_of(double place[2], const struct link_frame *frame, int64_t x, int64_t y)
{
    place[0] = ((double)x + 0.5) / frame->scale - frame->shift_x;
    place[1] = ((double)y + 0.5) / frame->scale;
}

/* Cells of one axis whose centres may lie between two places: the bodies' box and a cell around. */
static void cells_between(int64_t range[2], double low, double high, double scale, double shift,
                          int64_t count)
{
    range[0] = (int64_t)fmax(floor((low + shift) * scale - 1.5), 0);
    range[1] = (int64_t)fmin(ceil((high + shift) * scale + 1.5), (double)count);
}

void link_mark_solid(unsigned char *solid, const struct geometry *geometry,
                     const struct link_frame *frame)
{
    double box[4];
    int64_t columns[2], rows[2];
    memset(solid, 0, (size_t)(frame->nx * frame->ny));
    if (geometry_count(geometry) == 0)
        return;
    geometry_bounds(box, geometry);
    cells_between(columns, box[0], box[1], frame->scale, frame->shift_x, frame->nx);
    cells_between(rows, box[2], box[3], frame->scale, 0, frame->ny);
    for (int64_t x = columns[0]; x < columns[1]; x++) {
        for (int64_t y = rows[0]; y < rows[1]; y++) {
            double place[2];
            place_of(place, frame, x, y);
            solid[x * frame->ny + y] = geometry_distance(NULL, geometry, place[0], place[1]) < 0;
        }
    }
}

static int inside(const struct link_frame *frame, int64_t x, int64_t y)
{
    return x >= 0 && x < frame->nx && y >= 0 && y < frame->ny;
}

/* What a walk over the links reads. */
struct walk {
    const struct geometry *geometry;
    const unsigned char *solid;
    const struct link_frame *frame;
    enum link_wall wall;
    const struct link_motion *motions;
};

/* From the body's centre to the place q links from cell (x, y), in cells. */
static void arm_of(double arm[2], const struct walk *walk, int64_t body, double x, double y)
{
    const struct body_spec *spec = body_get_spec(geometry_body(walk->geometry, body));
    arm[0] = x + 0.5 - (spec->x + walk->frame->shift_x) * walk->frame->scale;
    arm[1] = y + 0.5 - spec->y * walk->frame->scale;
}

/* The link of cell (x, y) in direction i, and in `fraction` its q. */
static struct link make_link(double *fraction, const struct walk *walk, int64_t x, int64_t y, int i)
{
    const struct link_frame *frame = walk->frame;
    double from[2], to[2], arm[2], q = 0.5;
    int64_t body, back_x = x - stencil_cx[i], back_y = y - stencil_cy[i];
    place_of(from, frame, x, y);
    place_of(to, frame, x + stencil_cx[i], y + stencil_cy[i]);
    if (walk->wall == LINK_BOUZIDI)
        q = geometry_crossing(walk->geometry, from[0], from[1], to[0], to[1]);
    if (q < 0.5 && !(inside(frame, back_x, back_y) && !walk->solid[back_x * frame->ny + back_y]))
        q = 0.5;
    geometry_distance(&body, walk->geometry, to[0], to[1]);
    arm_of(arm, walk, body, (double)x, (double)y);
    struct link link = {.y = (int32_t)y,
                        .direction = (uint8_t)i,
                        .other = LINK_REVERSED,
                        .body = (uint8_t)body,
                        .a = 1 / (2 * q),
                        .b = (2 * q - 1) / (2 * q),
                        .lever = arm[0] * stencil_cy[i] - arm[1] * stencil_cx[i]};
    if (q < 0.5) {
        link.other = LINK_BEHIND;
        link.a = 2 * q;
        link.b = 1 - 2 * q;
    }
    *fraction = q;
    return link;
}

/* The lever is taken half-way along the link, not at the wall: summed over the chords of a body in
 * one direction, those lengths are its number of cells in every direction, so that a stream that
 * goes with the body exerts no torque at all. */
static struct link_wall_speed make_speed(const struct walk *walk, const struct link *link,
                                         int64_t x, double q)
{
    const struct link_motion *motion = &walk->motions[link->body];
    int i = link->direction, cx = stencil_cx[i], cy = stencil_cy[i];
    double arm[2], half[2];
    arm_of(arm, walk, link->body, (double)x + q * cx, link->y + q * cy);
    arm_of(half, walk, link->body, (double)x + 0.5 * cx, link->y + 0.5 * cy);
    double u = motion->u - motion->spin * arm[1], v = motion->v + motion->spin * arm[0];
    double push = 6 * stencil_weight[i] * (cx * u + cy * v);
    return (struct link_wall_speed){u, v, q < 0.5 ? push : push / (2 * q),
                                    half[0] * v - half[1] * u};
}

/* Counts the links of the list, and fills them in when there is room. */
static int64_t go_round(struct link_list *list, const struct walk *walk)
{
    const struct link_frame *frame = walk->frame;
    int64_t count = 0;
    for (int64_t x = 0; x < frame->nx; x++) {
        list->first[x] = count;
        for (int64_t y = 0; y < frame->ny; y++) {
            if (walk->solid[x * frame->ny + y])
                continue;
            for (int i = 1; i < STENCIL_Q; i++) {
                int64_t next_x = x + stencil_cx[i], next_y = y + stencil_cy[i];
                double q = 0.5;
                if (!inside(frame, next_x, next_y) || !walk->solid[next_x * frame->ny + next_y])
                    continue;
                if (list->links != NULL)
                    list->links[count] = make_link(&q, walk, x, y, i);
                if (list->speeds != NULL)
                    list->speeds[count] = make_speed(walk, &list->links[count], x, q);
                count++;
            }
        }
    }
    list->first[frame->nx] = count;
    return count;
}

enum status link_list_create(struct link_list **out, const struct geometry *geometry,
                             const unsigned char *solid, const struct link_frame *frame,
                             enum link_wall wall, const struct link_motion *motions)
{
    enum status status = OK;
    struct link_list *list = NULL;
    const struct walk walk = {geometry, solid, frame, wall, motions};
    if (geometry_count(geometry) > LINK_BODIES)
        return FAIL(ERR_CONFIG, "%lld bodies on a lattice; %d at most will do",
                    (long long)geometry_count(geometry), LINK_BODIES);
    list = calloc(1, sizeof *list);
    TRY_GOTO(list != NULL ? OK : FAIL(ERR_MEMORY, "no memory for a list of links"), cleanup);
    list->nx = frame->nx;
    TRY_GOTO(ARRAY_NEW(list->first, frame->nx + 1), cleanup);
    int64_t count = go_round(list, &walk);
    TRY_GOTO(ARRAY_NEW(list->links, count), cleanup);
    if (motions != NULL)
        TRY_GOTO(ARRAY_NEW(list->speeds, count), cleanup);
    go_round(list, &walk);
    *out = list;
    list = NULL;
cleanup:
    link_list_destroy(list);
    return status;
}

void link_list_destroy(struct link_list *list)
{
    if (list == NULL)
        return;
    array_free(list->links);
    array_free(list->speeds);
    array_free(list->first);
    free(list);
}
