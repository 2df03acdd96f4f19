/* SPDX-License-Identifier: Apache-2.0 */
#include "engine_case.h"

#include "collision.h"
#include "outflow.h"
#include "philox.h"

#include <stdio.h>
#include <string.h>

enum edges { EDGES_PERIODIC, EDGES_SLIP, EDGES_NO_SLIP, EDGES_MOVING, EDGES_TUB, EDGES_LID };
enum ends { ENDS_PERIODIC, ENDS_WALLS, ENDS_MOVING, ENDS_UNIFORM, ENDS_PARABOLIC, ENDS_TABLE };
enum { EDGES = EDGES_LID + 1, ENDS = ENDS_TABLE + 1 };
enum { FORCE_NONE, FORCE_X, FORCE_XY, FORCES };
enum { MOTION_REST, MOTION_SPIN, MOTION_TRAVEL, MOTIONS };

static const int levels[ENGINE_CASE_FACTORS] = {[ENGINE_CASE_OPERATOR] = COLLISIONS + 1,
                                                [ENGINE_CASE_WALL] = 2,
                                                [ENGINE_CASE_EDGES] = EDGES,
                                                [ENGINE_CASE_ENDS] = ENDS,
                                                [ENGINE_CASE_FORCE] = 3,
                                                [ENGINE_CASE_EDDIES] = 2,
                                                [ENGINE_CASE_MOTION] = MOTIONS,
                                                [ENGINE_CASE_SPONGE] = 2,
                                                [ENGINE_CASE_MAGIC] = 2,
                                                [ENGINE_CASE_PLACE] = 2};

int engine_case_levels(enum engine_case_factor factor)
{
    return levels[factor];
}

/* 0 where nothing sets the fluid going; a body force does not in a closed box. */
static int flows(const struct engine_case_choices *c)
{
    int ends = c->of[ENGINE_CASE_ENDS], edges = c->of[ENGINE_CASE_EDGES];
    int pushed = c->of[ENGINE_CASE_FORCE] != FORCE_NONE && ends == ENDS_PERIODIC;
    return pushed || ends >= ENDS_MOVING || edges == EDGES_MOVING || edges == EDGES_LID ||
           c->of[ENGINE_CASE_MOTION] != MOTION_REST;
}

struct engine_case_choices engine_case_draw(int k)
{
    struct engine_case_choices c;
    uint64_t index = (uint64_t)k << 16;
    do
        for (int factor = 0; factor < ENGINE_CASE_FACTORS; factor++)
            c.of[factor] =
                (int)philox_below(500, PHILOX_STREAM_TEST, index++, (uint64_t)levels[factor]);
    while (!flows(&c));
    return c;
}

enum { MOST_LEVELS = 16 };

struct pairs {
    unsigned char met[ENGINE_CASE_FACTORS][MOST_LEVELS][ENGINE_CASE_FACTORS][MOST_LEVELS];
};

/* Pairs of choices of a case that have not met; from now on they have, if `keep`. */
static int meet(struct pairs *pairs, const struct engine_case_choices *c, int keep)
{
    int fresh = 0;
    for (int a = 0; a < ENGINE_CASE_FACTORS; a++)
        for (int b = a + 1; b < ENGINE_CASE_FACTORS; b++) {
            unsigned char *met = &pairs->met[a][c->of[a]][b][c->of[b]];
            fresh += !*met;
            *met = (unsigned char)(*met || keep);
        }
    return fresh;
}

/* Of the next forty drawn always the one in which most pairs meet for the first time. */
int engine_case_cover(struct engine_case_choices *out, int most)
{
    enum { DRAWN = 40 };
    struct pairs pairs;
    int left = 0, drawn = 0;
    memset(&pairs, 0, sizeof pairs);
    for (int a = 0; a < ENGINE_CASE_FACTORS; a++)
        for (int b = a + 1; b < ENGINE_CASE_FACTORS; b++)
            left += levels[a] * levels[b];
    for (int count = 0; count < most; count++) {
        int best = -1;
        for (int k = 0; k < DRAWN; k++) {
            struct engine_case_choices c = engine_case_draw(drawn++);
            int fresh = meet(&pairs, &c, 0);
            if (fresh > best) {
                best = fresh;
                out[count] = c;
            }
        }
        left -= meet(&pairs, &out[count], 1);
        if (left == 0)
            return count + 1;
    }
    return 0;
}

static void set_edges(struct lattice_options *o, enum edges edges)
{
    static const enum boundary_edge_kind bottom[EDGES] = {
        BOUNDARY_EDGE_PERIODIC, BOUNDARY_EDGE_SLIP,    BOUNDARY_EDGE_NO_SLIP,
        BOUNDARY_EDGE_NO_SLIP,  BOUNDARY_EDGE_NO_SLIP, BOUNDARY_EDGE_SLIP};
    static const enum boundary_edge_kind top[EDGES] = {
        BOUNDARY_EDGE_PERIODIC, BOUNDARY_EDGE_SLIP, BOUNDARY_EDGE_NO_SLIP,
        BOUNDARY_EDGE_NO_SLIP,  BOUNDARY_EDGE_SLIP, BOUNDARY_EDGE_NO_SLIP};
    o->bottom = bottom[edges];
    o->top = top[edges];
    o->bottom_speed = edges == EDGES_MOVING ? -0.02 : 0;
    o->top_speed = edges == EDGES_MOVING || edges == EDGES_LID ? 0.04 : 0;
}

static void set_ends(struct engine_case *c, enum ends ends)
{
    static const double table[ENGINE_CASE_TABLE] = {0.6, 1, 1.5, 1.2, 0.3};
    struct lattice_options *o = &c->options;
    o->ends = ends >= ENDS_UNIFORM    ? LATTICE_ENDS_OPEN
              : ends == ENDS_PERIODIC ? LATTICE_ENDS_PERIODIC
                                      : LATTICE_ENDS_WALLS;
    o->left_speed = ends == ENDS_MOVING ? 0.03 : 0;
    o->right_speed = ends == ENDS_MOVING ? -0.045 : 0;
    memcpy(c->table, table, sizeof table);
    if (ends == ENDS_UNIFORM)
        o->inflow = (struct inflow){.speed = 0.02};
    if (ends == ENDS_PARABOLIC)
        o->inflow = (struct inflow){
            .profile = INFLOW_PARABOLIC, .speed = 0.05, .ramp_steps = 200, .kick = 0.004};
    if (ends == ENDS_TABLE)
        o->inflow = (struct inflow){.profile = INFLOW_TABLE,
                                    .speed = 0.05,
                                    .ramp_steps = 150.5,
                                    .kick = -0.003,
                                    .table = c->table,
                                    .points = ENGINE_CASE_TABLE};
    o->outflow_rate = ends > ENDS_UNIFORM ? outflow_default_rate((double)o->nx) : 0;
}

/* In cells of the lattice. The last two leave one column of fluid between them, whose links have no
 * fluid behind them. */
static enum status set_bodies(struct engine_case *c, int motion)
{
    struct body_spec specs[ENGINE_CASE_BODIES] = {
        {.family = "circle", .x = 9.8, .y = 23.4, .size = 6.3},
        {.family = "rectangle", .x = 23.2, .y = 19.7, .size = 8.5, .aspect = 0.6, .angle = 17},
        {.family = "rectangle", .x = 10.4, .y = 8.5, .size = 4.6, .aspect = 1.2},
        {.family = "rectangle", .x = 16.2, .y = 8.7, .size = 4.6, .aspect = 1.2}};
    static const struct body_course courses[MOTIONS][ENGINE_CASE_BODIES] = {
        [MOTION_SPIN] = {{.spin = 0.008}},
        [MOTION_TRAVEL] = {{.spin = -0.005}, {.u = 0.012, .v = -0.004, .spin = 0.002}}};
    struct lattice_options *o = &c->options;
    int64_t count = o->nx >= ENGINE_CASE_NX && o->ny >= ENGINE_CASE_NY ? ENGINE_CASE_BODIES
                    : o->nx >= 15 && o->ny >= 15                       ? 1
                                                                       : 0;
    if (count == 0)
        return OK;
    if (count == 1)
        specs[0] = (struct body_spec){.family = "circle",
                                      .x = 0.5 * (double)o->nx + 0.3,
                                      .y = 0.5 * (double)o->ny - 0.2,
                                      .size = 5.4};
    for (int64_t k = 0; k < count; k++) {
        specs[k].x = specs[k].x / o->scale - o->shift_x;
        specs[k].y /= o->scale;
        specs[k].size /= o->scale;
    }
    TRY(geometry_create(&c->geometry, specs, count));
    memcpy(c->courses, courses[motion], sizeof c->courses);
    o->geometry = c->geometry;
    o->courses = motion != MOTION_REST ? c->courses : NULL;
    return OK;
}

static void set_name(struct engine_case *c, const struct engine_case_choices *choices)
{
    static const char *const words[ENGINE_CASE_FACTORS] = {"operator", "wall",   "edges",  "ends",
                                                           "force",    "eddies", "motion", "sponge",
                                                           "magic",    "place"};
    size_t used = 0;
    for (int k = 0; k < ENGINE_CASE_FACTORS; k++) {
        snprintf(c->name + used, sizeof c->name - used, "%s %d%s", words[k], choices->of[k],
                 k + 1 < ENGINE_CASE_FACTORS ? ", " : "");
        used = strlen(c->name);
    }
}

enum status engine_case_init(struct engine_case *c, const struct engine_case_choices *choices,
                             int64_t nx, int64_t ny)
{
    const int *of = choices->of;
    struct lattice_options *o = &c->options;
    memset(c, 0, sizeof *c);
    lattice_defaults(o);
    o->nx = nx;
    o->ny = ny;
    o->number = ROW_DOUBLE;
    enum collision_kind kind = COLLISION_cumulant;
    if (of[ENGINE_CASE_OPERATOR] < COLLISIONS)
        kind = (enum collision_kind)of[ENGINE_CASE_OPERATOR];
    else
        o->bulk_rate = 1.4;
    snprintf(o->collision, sizeof o->collision, "%s", collision_name(kind));
    o->tau = 0.58;
    o->wall = of[ENGINE_CASE_WALL] == 0 ? LINK_BOUZIDI : LINK_HALFWAY;
    o->force_x = of[ENGINE_CASE_FORCE] != FORCE_NONE ? 3e-5 : 0;
    o->force_y = of[ENGINE_CASE_FORCE] == FORCE_XY ? -1e-5 : 0;
    o->smagorinsky = of[ENGINE_CASE_EDDIES] ? 0.17 : 0;
    o->sponge = of[ENGINE_CASE_SPONGE] ? (nx < 7 ? nx : 7) : 0;
    o->magic = of[ENGINE_CASE_MAGIC] ? 0.1 : 3.0 / 16;
    o->scale = of[ENGINE_CASE_PLACE] ? 2 : 1;
    o->shift_x = of[ENGINE_CASE_PLACE] ? 1.5 : 0;
    o->refine = o->scale;
    set_edges(o, (enum edges)of[ENGINE_CASE_EDGES]);
    set_ends(c, (enum ends)of[ENGINE_CASE_ENDS]);
    set_name(c, choices);
    return set_bodies(c, of[ENGINE_CASE_MOTION]);
}

void engine_case_fini(struct engine_case *c)
{
    geometry_destroy(c->geometry);
}
