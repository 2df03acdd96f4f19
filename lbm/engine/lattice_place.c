/* SPDX-License-Identifier: Apache-2.0
 *
 * What bodies cover holds no flow, and links end at the lattice's edge. So no body may cover cells
 * of the first and last column, but between end walls, nor of the first and last row, but at
 * no-slip edges:
 *
 *     open ends      inflow, outflow and their means take every cell of the column for fluid
 *     periodic       no link leads across the seam
 *     slip edges     the mirror image of a covered cell would flow out of it
 *
 * Walls that reflect each cell's own populations need nothing of their neighbours: a body may stand
 * on them. */
#include "lattice_place.h"

#include "geometry.h"
#include "lattice_private.h"

#include <math.h>
#include <stdint.h>

/* One side of the lattice: the line of the outermost cell centres, which a body may not reach. */
struct side {
    const char *name, *axis;
    int open;        /* bodies must keep off */
    int towards;     /* 1 where moving up the axis leads away from it */
    double line;     /* canvas cells, as boxes are */
    int low_or_high; /* of the box */
};

static enum status check_side(const struct side *side, int64_t index, const struct body *body)
{
    double box[4], reach;
    const struct body_spec *spec = body_get_spec(body);
    body_bounds(box, body);
    reach = (side->line - box[side->low_or_high]) * side->towards;
    if (!side->open || reach < 0)
        return OK;
    double at = side->axis[0] == 'x' ? spec->x : spec->y, place = at + side->towards * reach;
    place = side->towards * (floor(side->towards * place * 10) + 1) / 10; /* beyond the line */
    return FAIL(ERR_CONFIG,
                "body %lld reaches the outermost cells on the %s, which no body may cover; %s of "
                "at %s %.1f would do",
                (long long)index + 1, side->name, side->axis, side->towards > 0 ? "least" : "most",
                place);
}

enum status lattice_place_check(const struct lattice *l)
{
    const struct lattice_options *o = &l->options;
    int ends = o->ends != LATTICE_ENDS_WALLS;
    const struct side sides[] = {
        {"left", "x", ends, 1, 0.5 / o->scale - o->shift_x, 0},
        {"right", "x", ends, -1, ((double)o->nx - 0.5) / o->scale - o->shift_x, 1},
        {"bottom", "y", o->bottom != BOUNDARY_EDGE_NO_SLIP, 1, 0.5 / o->scale, 2},
        {"top", "y", o->top != BOUNDARY_EDGE_NO_SLIP, -1, ((double)o->ny - 0.5) / o->scale, 3}};
    for (int64_t k = 0; k < geometry_count(o->geometry); k++)
        for (size_t n = 0; n < sizeof sides / sizeof sides[0]; n++)
            TRY(check_side(&sides[n], k, geometry_body(o->geometry, k)));
    return OK;
}
