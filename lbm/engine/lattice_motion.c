/* SPDX-License-Identifier: Apache-2.0
 *
 * A body's distance function moves with it, so a step costs what lies near its surface:
 *
 *     - No point of a body moves further than its place does, plus its turn times its reach. The
 *       sum of that over all steps so far is the odometer; a distance that was `d` when the
 *       odometer stood at `o` is still at least d - (now - o). So a cell is looked at again only
 *       when the odometer reaches its `due`: o + d - band, the band being as wide as a link is
 *       long. Cells in the band are looked at in every step: links need their distances.
 *     - Only cells in the bodies' boxes are asked for their due, only rows with a cell that changed
 *       sides are marked anew, only cells in the boxes are searched for links.
 *
 * The mask is to the bit what looking at every cell would give. */
#include "lattice_motion.h"

#include "array.h"
#include "digest.h"
#include "exact_math.h"
#include "geometry.h"
#include "lattice_private.h"
#include "lattice_refill.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double degrees = 180 / EXACT_MATH_PI; /* of a radian */
static const double band = 1.5;                    /* cells; a diagonal link is 1.42 long */
static const double slack = 1e-3; /* canvas cells: what a distance is not exact to, and more */

enum { MARGIN = 3 }; /* cells around a body's box; it moves less than one a step */

struct body_path {
    struct body_course course;
    double x, y, angle; /* at rest */
    double reach;       /* of its outline from (x, y) */
    int round;
    double way; /* where it is now */
};

struct lattice_motion {
    struct body_path *paths;    /* [bodies] */
    struct link_motion *speeds; /* [bodies], now */
    double *poses;              /* [bodies][GEOMETRY_POSE], now */
    struct geometry *geometry;  /* now */
    double *distance;           /* [nx][ny], when it was looked at last */
    double *due;                /* [nx][ny], odometer at which it is to be looked at again */
    double odometer;            /* canvas cells */
    int64_t step;               /* for which all this is */
    struct lattice_refill *refill;
    char facts[DIGEST_SIZE];
};

static int outline_moves(const struct body_path *path)
{
    const struct body_course *c = &path->course;
    return c->u != 0 || c->v != 0 || (c->spin != 0 && !path->round);
}

static int any_outline_moves(const struct lattice *l)
{
    for (int64_t k = 0; k < l->bodies; k++)
        if (outline_moves(&l->motion->paths[k]))
            return 1;
    return 0;
}

int64_t lattice_motion_quiet(const struct lattice *l, int64_t most)
{
    for (int64_t k = 0; l->motion != NULL && k < l->bodies; k++) {
        const struct body_path *path = &l->motion->paths[k];
        const struct body_course *c = &path->course;
        if (!body_course_moves(c))
            continue;
        int at_speed = (double)l->step >= c->begin + c->rise;
        double rest = floor(c->begin) - (double)l->step;
        if (outline_moves(path) || !at_speed)
            most = rest < 1 ? 0 : rest < (double)most ? (int64_t)rest : most;
    }
    return most;
}

/* ---- where the bodies are ---- */

/* Poses and speeds after `step` steps; the odometer goes on by the most that any of them moved. */
static void set_poses(struct lattice *l, double step)
{
    struct lattice_motion *m = l->motion;
    double most = 0;
    for (int64_t k = 0; k < l->bodies; k++) {
        struct body_path *path = &m->paths[k];
        const struct body_course *c = &path->course;
        double way = body_course_way(c, step), speed = body_course_speed(c, step);
        double *pose = m->poses + GEOMETRY_POSE * k;
        pose[0] = path->x + c->u * way / l->options.scale;
        pose[1] = path->y + c->v * way / l->options.scale;
        pose[2] = path->angle;
        if (!path->round) /* else the links would depend on when they were made, by a rounding */
            pose[2] = fmod(path->angle + c->spin * way * degrees, 360);
        m->speeds[k] = (struct link_motion){c->u * speed, c->v * speed, c->spin * speed};
        double moved = hypot(c->u, c->v) / l->options.scale + fabs(c->spin) * path->reach;
        most = fmax(most, moved * fabs(way - path->way));
        path->way = way;
    }
    m->odometer += most;
}

struct lattice_motion_pose lattice_motion_pose(const struct lattice *l, int64_t body)
{
    const double *pose = l->motion->poses + GEOMETRY_POSE * body;
    const struct link_motion *speed = &l->motion->speeds[body];
    return (struct lattice_motion_pose){pose[0], pose[1], pose[2], speed->u, speed->v, speed->spin};
}

static enum status check_place(const struct lattice *l)
{
    const struct lattice_options *o = &l->options;
    const double margin = 2;
    double box[4];
    geometry_bounds(box, l->motion->geometry);
    double left = (box[0] + o->shift_x) * o->scale, right = (box[1] + o->shift_x) * o->scale;
    double bottom = box[2] * o->scale, top = box[3] * o->scale;
    if (left < margin || right > (double)o->nx - margin || bottom < margin ||
        top > (double)o->ny - margin)
        return FAIL(ERR_CONFIG,
                    "at lattice step %lld a body has come within %g cells of the lattice's edge: "
                    "it spans %.2f to %.2f of %lld columns, %.2f to %.2f of %lld rows",
                    (long long)l->step, margin, left, right, (long long)o->nx, bottom, top,
                    (long long)o->ny);
    return OK;
}

/* ---- mask and links ---- */

/* Cells: columns from, to, rows from, to (one beyond). */
struct cells {
    int64_t columns[2], rows[2];
};

static int64_t within(double place, int64_t most)
{
    return place <= 0 ? 0 : place >= (double)most ? most : (int64_t)place;
}

static struct cells cells_around(const struct lattice *l, const double box[4])
{
    const struct lattice_options *o = &l->options;
    return (struct cells){{within(floor((box[0] + o->shift_x) * o->scale) - MARGIN, o->nx),
                           within(ceil((box[1] + o->shift_x) * o->scale) + MARGIN, o->nx)},
                          {within(floor(box[2] * o->scale) - MARGIN, o->ny),
                           within(ceil(box[3] * o->scale) + MARGIN, o->ny)}};
}

/* Looks at cell (x, y) of row x; 1 when it changed sides. */
static int look(struct lattice *l, int64_t x, int64_t y)
{
    struct lattice_motion *m = l->motion;
    const struct lattice_options *o = &l->options;
    int64_t cell = x * o->ny + y;
    double distance = geometry_distance(
        NULL, m->geometry, ((double)x + 0.5) / o->scale - o->shift_x, ((double)y + 0.5) / o->scale);
    int solid = distance < 0, changed = solid != l->solid[cell];
    m->distance[cell] = distance;
    m->due[cell] = m->odometer + fmax(fabs(distance) - band / o->scale - slack, 0);
    l->solid[cell] = (unsigned char)solid;
    l->fluid_cells += changed ? 1 - 2 * solid : 0;
    return changed;
}

static enum status look_around(struct lattice *l, const struct cells *cells)
{
    struct lattice_motion *m = l->motion;
    for (int64_t x = cells->columns[0]; x < cells->columns[1]; x++) {
        int changed = 0;
        for (int64_t y = cells->rows[0]; y < cells->rows[1]; y++) {
            int64_t cell = x * l->options.ny + y;
            if (m->odometer < m->due[cell] || !look(l, x, y))
                continue;
            changed = 1;
            if (!l->solid[cell])
                TRY(lattice_refill_note(m->refill, cell));
        }
        if (changed)
            lattice_private_mark_row(l, x);
    }
    return OK;
}

static enum status renew_links(struct lattice *l)
{
    const struct lattice_options *o = &l->options;
    const struct lattice_motion *m = l->motion;
    const struct link_frame frame = {o->nx, o->ny, o->scale, o->shift_x};
    double box[4];
    geometry_bounds(box, m->geometry);
    const struct cells all = cells_around(l, box);
    const struct link_places places = {.geometry = m->geometry,
                                       .solid = l->solid,
                                       .distance = m->distance,
                                       .far = band / o->scale,
                                       .columns = {all.columns[0], all.columns[1]},
                                       .rows = {all.rows[0], all.rows[1]}};
    TRY(link_list_renew(&l->links, &places, &frame, o->wall, m->speeds));
    TRY(link_slots_renew(&l->link_slots, l->links, (size_t)l->kernels->bytes, l->row, l->line));
    return OK;
}

/* The bodies as they are after `step` steps; what they uncover is noted. */
static enum status put(struct lattice *l, int64_t step)
{
    struct lattice_motion *m = l->motion;
    set_poses(l, (double)step);
    TRY(geometry_place(m->geometry, m->poses));
    if (any_outline_moves(l))
        TRY(check_place(l));
    for (int64_t k = 0; k < l->bodies; k++) {
        double box[4];
        body_bounds(box, geometry_body(m->geometry, k));
        const struct cells cells = cells_around(l, box);
        TRY(look_around(l, &cells));
    }
    TRY(renew_links(l));
    m->step = step;
    return OK;
}

enum status lattice_motion_advance(struct lattice *lattice)
{
    struct lattice_motion *m = lattice->motion;
    TRY(put(lattice, lattice->step + 1));
    lattice_refill_apply(m->refill, lattice, m->geometry, m->speeds);
    return OK;
}

enum status lattice_motion_place(struct lattice *lattice, int64_t step)
{
    int64_t cells = lattice->options.nx * lattice->options.ny;
    struct lattice_motion *m = lattice->motion;
    if (m == NULL)
        return OK;
    memset(lattice->solid, 0, (size_t)cells);
    memset(m->due, 0, (size_t)cells * sizeof *m->due);
    TRY(put(lattice, step));
    lattice_private_mark(lattice);
    return OK;
}

/* ---- from the options ---- */

static enum status measure_reach(double *reach, const struct body *body)
{
    const double tolerance = 0.01;
    const struct body_spec *spec = body_get_spec(body);
    double *points = NULL;
    int64_t count;
    TRY(body_outline(&points, &count, body, tolerance));
    *reach = 0;
    for (int64_t i = 0; i < count; i++)
        *reach = fmax(*reach, hypot(points[2 * i] - spec->x, points[2 * i + 1] - spec->y));
    *reach += tolerance;
    array_free(points);
    return OK;
}

static enum status take_bodies(struct lattice *l)
{
    enum status status = OK;
    struct lattice_motion *m = l->motion;
    struct body_spec *specs = NULL;
    TRY_GOTO(ARRAY_NEW(specs, l->bodies), cleanup);
    for (int64_t k = 0; k < l->bodies; k++) {
        const struct body *body = geometry_body(l->options.geometry, k);
        struct body_path *path = &m->paths[k];
        specs[k] = *body_get_spec(body);
        path->course = l->options.courses[k];
        path->x = specs[k].x;
        path->y = specs[k].y;
        path->angle = specs[k].angle;
        path->round = strcmp(specs[k].family, "circle") == 0;
        TRY_GOTO(measure_reach(&path->reach, body), cleanup);
    }
    TRY_GOTO(geometry_create(&m->geometry, specs, l->bodies), cleanup);
cleanup:
    array_free(specs);
    return status;
}

/* Links at rest stand for bodies and lattice, courses for what becomes of them. */
static enum status note_facts(struct lattice *l)
{
    enum status status = OK;
    struct digest *digest = NULL;
    char links[DIGEST_SIZE];
    TRY(link_list_digest(links, l->links));
    TRY(digest_create(&digest));
    TRY_GOTO(digest_update(digest, links, sizeof links), cleanup);
    for (int64_t k = 0; k < l->bodies; k++) {
        const struct body_course *c = &l->motion->paths[k].course;
        const double fields[] = {c->u, c->v, c->spin, c->begin, c->rise};
        TRY_GOTO(digest_update(digest, fields, sizeof fields), cleanup);
    }
    TRY_GOTO(digest_finish(l->motion->facts, digest), cleanup);
cleanup:
    digest_destroy(digest);
    return status;
}

enum status lattice_motion_begin(struct lattice *l)
{
    int64_t cells = l->options.nx * l->options.ny;
    TRY(ARRAY_NEW(l->motion, 1));
    TRY(ARRAY_NEW(l->motion->paths, l->bodies));
    TRY(ARRAY_NEW(l->motion->speeds, l->bodies));
    TRY(ARRAY_NEW(l->motion->poses, GEOMETRY_POSE * l->bodies));
    TRY(ARRAY_NEW(l->motion->distance, cells));
    TRY(ARRAY_NEW(l->motion->due, cells));
    TRY(lattice_refill_create(&l->motion->refill, cells));
    TRY(take_bodies(l));
    for (int64_t cell = 0; cell < cells; cell++)
        l->motion->distance[cell] = GEOMETRY_FAR;
    TRY(lattice_motion_place(l, 0));
    TRY(note_facts(l));
    return OK;
}

void lattice_motion_destroy(struct lattice_motion *motion)
{
    if (motion == NULL)
        return;
    geometry_destroy(motion->geometry);
    lattice_refill_destroy(motion->refill);
    array_free(motion->paths);
    array_free(motion->speeds);
    array_free(motion->poses);
    array_free(motion->distance);
    array_free(motion->due);
    array_free(motion);
}

const char *lattice_motion_facts(const struct lattice_motion *motion)
{
    return motion->facts;
}
