/* SPDX-License-Identifier: Apache-2.0 */
#include "link.h"

#include "array.h"
#include "stencil.h"

#include <stdlib.h>

static void place_of(double place[2], const struct link_frame *frame, int64_t x, int64_t y)
{
    place[0] = ((double)x + 0.5) / frame->scale - frame->shift_x;
    place[1] = ((double)y + 0.5) / frame->scale;
}

void link_mark_solid(unsigned char *solid, const struct geometry *geometry,
                     const struct link_frame *frame)
{
    for (int64_t x = 0; x < frame->nx; x++) {
        for (int64_t y = 0; y < frame->ny; y++) {
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

static struct link make_link(const struct geometry *geometry, const unsigned char *solid,
                             const struct link_frame *frame, enum link_wall wall, int64_t x,
                             int64_t y, int i)
{
    double from[2], to[2], q = 0.5;
    int64_t back_x = x - stencil_cx[i], back_y = y - stencil_cy[i];
    place_of(from, frame, x, y);
    place_of(to, frame, x + stencil_cx[i], y + stencil_cy[i]);
    if (wall == LINK_BOUZIDI)
        q = geometry_crossing(geometry, from[0], from[1], to[0], to[1]);
    if (q < 0.5 && !(inside(frame, back_x, back_y) && !solid[back_x * frame->ny + back_y]))
        q = 0.5;
    struct link link = {(int32_t)y, (uint8_t)i, LINK_REVERSED, 1 / (2 * q), (2 * q - 1) / (2 * q)};
    if (q < 0.5) {
        link.other = LINK_BEHIND;
        link.a = 2 * q;
        link.b = 1 - 2 * q;
    }
    return link;
}

/* Counts the links of the list, and fills them in when there is room. */
static int64_t walk(struct link_list *list, const struct geometry *geometry,
                    const unsigned char *solid, const struct link_frame *frame, enum link_wall wall)
{
    int64_t count = 0;
    for (int64_t x = 0; x < frame->nx; x++) {
        list->first[x] = count;
        for (int64_t y = 0; y < frame->ny; y++) {
            if (solid[x * frame->ny + y])
                continue;
            for (int i = 1; i < STENCIL_Q; i++) {
                int64_t next_x = x + stencil_cx[i], next_y = y + stencil_cy[i];
                if (!inside(frame, next_x, next_y) || !solid[next_x * frame->ny + next_y])
                    continue;
                if (list->links != NULL)
                    list->links[count] = make_link(geometry, solid, frame, wall, x, y, i);
                count++;
            }
        }
    }
    list->first[frame->nx] = count;
    return count;
}

enum status link_list_create(struct link_list **out, const struct geometry *geometry,
                             const unsigned char *solid, const struct link_frame *frame,
                             enum link_wall wall)
{
    enum status status = OK;
    struct link_list *list = calloc(1, sizeof *list);
    TRY_GOTO(list != NULL ? OK : FAIL(ERR_MEMORY, "no memory for a list of links"), cleanup);
    list->nx = frame->nx;
    TRY_GOTO(ARRAY_NEW(list->first, frame->nx + 1), cleanup);
    int64_t count = walk(list, geometry, solid, frame, wall);
    TRY_GOTO(ARRAY_NEW(list->links, count), cleanup);
    walk(list, geometry, solid, frame, wall);
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
    array_free(list->first);
    free(list);
}
