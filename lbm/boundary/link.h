/* SPDX-License-Identifier: Apache-2.0
 *
 * The links that cross a body's surface, row by row, with the coefficients of linear interpolated
 * bounce-back (Bouzidi, Firdaouss, Lallemand 2001). q is the distance from the fluid node x to the
 * wall along c_i, in links:
 *
 *     q <  1/2:  f_ibar(x, t+1) = 2q f*_i(x) + (1 - 2q) f*_i(x - c_i)
 *     q >= 1/2:  f_ibar(x, t+1) = f*_i(x) / (2q) + (2q - 1) / (2q) f*_ibar(x)
 *
 * Half-way bounce-back is q = 1/2. Where x - c_i is no fluid (gaps of one cell, concave corners,
 * edges) a link with q < 1/2 falls back to 1/2. A wall that moves with u_w where the link meets it
 * takes 6 w_i rho_0 c_i.u_w (q < 1/2), or that divided by 2q, from f_ibar; rho_0 = 1. */
#pragma once

#include "digest.h"
#include "error.h"
#include "geometry.h"

#include <stddef.h>
#include <stdint.h>

enum link_wall { LINK_BOUZIDI, LINK_HALFWAY };
enum link_other { LINK_BEHIND, LINK_REVERSED }; /* f*_i(x - c_i), f*_ibar(x) */

struct link {
    int32_t y;
    uint8_t direction; /* i, from fluid into the body */
    int8_t other;      /* enum link_other: what `b` multiplies */
    uint8_t body;      /* its number */
    double a, b;       /* of f*_i(x) and of the other */
    double lever;      /* (x - centre) x c_i, cells: the torque of a unit force along c_i */
};

/* The wall's motion where a link meets it. */
struct link_wall_speed {
    double u, v;
    double push;  /* what is taken from f_ibar */
    double lever; /* (middle of the link - centre) x u_w */
};

/* A body's motion about its centre, the (x, y) of its spec. Lattice units. */
struct link_motion {
    double u, v;
    double spin; /* radians a step, counter-clockwise */
};

struct link_list {
    struct link *links;             /* by row, then y, then direction */
    struct link_wall_speed *speeds; /* of the links; NULL when all bodies rest */
    int64_t *first;                 /* [nx + 1]: links of row x are first[x] .. first[x + 1] - 1 */
    int64_t nx;
    size_t room, speed_room; /* of the two arrays */
    int64_t begin, end;      /* no other rows have links */
};

/* Where a lattice lies: cell (i, j) has its centre at canvas place ((i + 1/2) / scale - shift_x,
 * (j + 1/2) / scale). */
struct link_frame {
    int64_t nx, ny;
    double scale, shift_x;
};

enum { LINK_BODIES = 255 }; /* at most */

/* solid: [nx][ny], 1 in bodies. motions: one for each body, or NULL when all rest. */
enum status link_list_create(struct link_list **out, const struct geometry *geometry,
                             const unsigned char *solid, const struct link_frame *frame,
                             enum link_wall wall, const struct link_motion *motions);
void link_list_destroy(struct link_list *list);

/* Where the bodies of a list are now, for link_list_renew. */
struct link_places {
    const struct geometry *geometry;
    const unsigned char *solid;  /* [nx][ny] */
    const double *distance;      /* [nx][ny], that of the geometry at the centres of all cells that
                                    may have links and of those behind the wall */
    double far;                  /* no cell has links whose distance is greater */
    int64_t columns[2], rows[2]; /* all links are of cells there: from, to (one beyond) */
};

/* The list of bodies that moved. Its arrays are used again: a lattice with
 * moving bodies does this in every step. *list is NULL at first. */
enum status link_list_renew(struct link_list **list, const struct link_places *places,
                            const struct link_frame *frame, enum link_wall wall,
                            const struct link_motion *motions);

/* Of the links, without the walls' speeds: two lists that agree in it are of the same bodies. */
enum status link_list_digest(char out[DIGEST_SIZE], const struct link_list *list);

/* 1 in `solid` ([nx][ny]) where the cell centre lies in a body, 0 elsewhere. */
void link_mark_solid(unsigned char *solid, const struct geometry *geometry,
                     const struct link_frame *frame);
