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
    const struct link_places *places; /* NULL: the whole lattice, nothing is known of distances */
};

/* From the body's centre to the place q links from cell (x, y), in cells. */
static void arm_of(double arm[2], const struct walk *walk, int64_t body, double x, double y)
{
    const struct body_spec *spec = body_get_spec(geometry_body(walk->geometry, body));
    arm[0] = x + 0.5 - (spec->x + walk->frame->shift_x) * walk->frame->scale;
    arm[1] = y + 0.5 - spec->y * walk->frame->scale;
}

/* q of the link from cell (x, y) to cell (to_x, to_y). */
static double find_crossing(const struct walk *walk, const int64_t from[2], const int64_t to[2])
{
    const struct link_frame *frame = walk->frame;
    double a[2], b[2];
    place_of(a, frame, from[0], from[1]);
    place_of(b, frame, to[0], to[1]);
    if (walk->places == NULL)
        return geometry_crossing(walk->geometry, a[0], a[1], b[0], b[1]);
    const double at_ends[2] = {walk->places->distance[from[0] * frame->ny + from[1]],
                               walk->places->distance[to[0] * frame->ny + to[1]]};
    return geometry_crossing_between(walk->geometry, a, b, at_ends);
}

/* The body that cell (x, y) lies in. */
static int64_t find_body(const struct walk *walk, int64_t x, int64_t y)
{
    int64_t body = 0;
    double place[2];
    place_of(place, walk->frame, x, y);
    if (geometry_count(walk->geometry) > 1)
        geometry_distance(&body, walk->geometry, place[0], place[1]);
    return body;
}

/* The link of cell (x, y) in direction i, and in `fraction` its q. */
static struct link make_link(double *fraction, const struct walk *walk, int64_t x, int64_t y, int i)
{
    const struct link_frame *frame = walk->frame;
    const int64_t from[2] = {x, y}, to[2] = {x + stencil_cx[i], y + stencil_cy[i]};
    double arm[2], q = 0.5;
    int64_t body, back_x = x - stencil_cx[i], back_y = y - stencil_cy[i];
    if (walk->wall == LINK_BOUZIDI)
        q = find_crossing(walk, from, to);
    if (q < 0.5 && !(inside(frame, back_x, back_y) && !walk->solid[back_x * frame->ny + back_y]))
        q = 0.5;
    body = find_body(walk, to[0], to[1]);
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

static enum status make_room(struct link_list *list, const struct walk *walk, int64_t count)
{
    size_t needed = (size_t)(count + STENCIL_Q);
    struct link *links = array_grow(list->links, &list->room, needed, sizeof *links);
    if (links == NULL)
        return ERR_MEMORY;
    list->links = links;
    if (walk->motions == NULL)
        return OK;
    struct link_wall_speed *speeds =
        array_grow(list->speeds, &list->speed_room, needed, sizeof *speeds);
    if (speeds == NULL)
        return ERR_MEMORY;
    list->speeds = speeds;
    return OK;
}

/* Adds the links of a fluid cell. */
static enum status add_cell(struct link_list *list, int64_t *count, const struct walk *walk,
                            int64_t x, int64_t y)
{
    const struct link_frame *frame = walk->frame;
    TRY(make_room(list, walk, *count));
    for (int i = 1; i < STENCIL_Q; i++) {
        int64_t next_x = x + stencil_cx[i], next_y = y + stencil_cy[i];
        double q;
        if (!inside(frame, next_x, next_y) || !walk->solid[next_x * frame->ny + next_y])
            continue;
        list->links[*count] = make_link(&q, walk, x, y, i);
        if (walk->motions != NULL)
            list->speeds[*count] = make_speed(walk, &list->links[*count], x, q);
        (*count)++;
    }
    return OK;
}

/* Fills the list from the beginning. */
static enum status go_round(struct link_list *list, const struct walk *walk)
{
    const struct link_frame *frame = walk->frame;
    const struct link_places *places = walk->places;
    int64_t count = 0, rows[2] = {0, frame->ny}, columns[2] = {0, frame->nx};
    if (places != NULL) {
        memcpy(rows, places->rows, sizeof rows);
        memcpy(columns, places->columns, sizeof columns);
    }
    TRY(make_room(list, walk, 0));
    for (int64_t x = 0; x < frame->nx; x++) {
        list->first[x] = count;
        for (int64_t y = rows[0]; x >= columns[0] && x < columns[1] && y < rows[1]; y++) {
            int64_t cell = x * frame->ny + y;
            if (!walk->solid[cell] && (places == NULL || places->distance[cell] <= places->far))
                TRY(add_cell(list, &count, walk, x, y));
        }
    }
    list->first[frame->nx] = count;
    list->begin = 0;
    while (list->begin < list->nx && list->first[list->begin + 1] == 0)
        list->begin++;
    for (list->end = list->nx; list->end > list->begin && list->first[list->end - 1] == count;)
        list->end--;
    return OK;
}

static enum status check_count(const struct geometry *geometry)
{
    if (geometry_count(geometry) > LINK_BODIES)
        return FAIL(ERR_CONFIG, "%lld bodies on a lattice; %d at most will do",
                    (long long)geometry_count(geometry), LINK_BODIES);
    return OK;
}

/* Without links. */
static enum status create(struct link_list **out, int64_t nx)
{
    enum status status = OK;
    struct link_list *list = calloc(1, sizeof *list);
    TRY_GOTO(list != NULL ? OK : FAIL(ERR_MEMORY, "no memory for a list of links"), cleanup);
    list->nx = nx;
    TRY_GOTO(ARRAY_NEW(list->first, nx + 1), cleanup);
    *out = list;
    list = NULL;
cleanup:
    link_list_destroy(list);
    return status;
}

enum status link_list_create(struct link_list **out, const struct geometry *geometry,
                             const unsigned char *solid, const struct link_frame *frame,
                             enum link_wall wall, const struct link_motion *motions)
{
    enum status status = OK;
    struct link_list *list = NULL;
    const struct walk walk = {geometry, solid, frame, wall, motions, NULL};
    TRY(check_count(geometry));
    TRY_GOTO(create(&list, frame->nx), cleanup);
    TRY_GOTO(go_round(list, &walk), cleanup);
    *out = list;
    list = NULL;
cleanup:
    link_list_destroy(list);
    return status;
}

enum status link_list_renew(struct link_list **list, const struct link_places *places,
                            const struct link_frame *frame, enum link_wall wall,
                            const struct link_motion *motions)
{
    const struct walk walk = {places->geometry, places->solid, frame, wall, motions, places};
    TRY(check_count(places->geometry));
    if (*list == NULL)
        TRY(create(list, frame->nx));
    TRY(go_round(*list, &walk));
    return OK;
}

/* Field by field: what lies between the fields of a struct is anything. */
enum status link_list_digest(char out[DIGEST_SIZE], const struct link_list *list)
{
    enum status status = OK;
    struct digest *digest = NULL;
    TRY(digest_create(&digest));
    for (int64_t k = 0; k < list->first[list->nx]; k++) {
        const struct link *link = &list->links[k];
        const double fields[] = {link->y, link->direction, link->body, link->a, link->b};
        TRY_GOTO(digest_update(digest, fields, sizeof fields), cleanup);
    }
    TRY_GOTO(digest_update(digest, list->first, (size_t)(list->nx + 1) * sizeof *list->first),
             cleanup);
    TRY_GOTO(digest_finish(out, digest), cleanup);
cleanup:
    digest_destroy(digest);
    return status;
}

void link_list_destroy(struct link_list *list)
{
    if (list == NULL)
        return;
    free(list->links);
    free(list->speeds);
    array_free(list->first);
    free(list);
}
