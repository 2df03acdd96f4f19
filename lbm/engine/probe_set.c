/* SPDX-License-Identifier: Apache-2.0 */
#include "probe_set.h"

#include "geometry.h"
#include "lattice_probe.h"

#include <math.h>

/* What probe k sees now. */
static enum status probe(double out[SIMULATION_PROBED], const struct probe_set *s, int64_t k)
{
    struct lattice_probe seen;
    double r = (double)s->flow->refine, speed = s->flow->speed;
    double x = (s->places[k][0] + (double)s->entry) * r;
    TRY(lattice_probe_at(&seen, s->lattice, x, s->places[k][1] * r));
    out[0] = 2 * (seen.rho - 1) / (3 * speed * speed);
    out[1] = seen.ux / speed;
    out[2] = seen.uy / speed;
    return OK;
}

/* The surface's nearest place to one in a body; the middle of a body has several. */
static void find_surface(double place[2], const struct probe_set *s)
{
    const double step = 1e-4;
    double distance = geometry_distance(NULL, s->geometry, place[0], place[1]);
    double nx = geometry_distance(NULL, s->geometry, place[0] + step, place[1]) -
                geometry_distance(NULL, s->geometry, place[0] - step, place[1]);
    double ny = geometry_distance(NULL, s->geometry, place[0], place[1] + step) -
                geometry_distance(NULL, s->geometry, place[0], place[1] - step);
    double size = hypot(nx, ny);
    place[0] -= distance * (size > step ? nx / size : 1);
    place[1] -= distance * (size > step ? ny / size : 0);
}

/* On the canvas, and no deeper in a body than a surface that was rounded: half a solver cell. */
static enum status check_probe(const struct probe_set *s, int64_t k)
{
    const double *place = s->places[k];
    double nx = (double)s->flow->nx, ny = (double)s->flow->ny, seen[SIMULATION_PROBED];
    double depth = 0.5 / (double)s->flow->refine, near[2] = {place[0], place[1]};
    if (!(place[0] >= 0 && place[0] <= nx && place[1] >= 0 && place[1] <= ny))
        return FAIL(ERR_CONFIG,
                    "probe %lld at (%g, %g) is outside the canvas; 0..%g, 0..%g would do",
                    (long long)k + 1, place[0], place[1], nx, ny);
    for (int turn = 0; turn < 8 && geometry_distance(NULL, s->geometry, near[0], near[1]) < -depth;
         turn++)
        find_surface(near, s);
    if (near[0] != place[0] || near[1] != place[1])
        return FAIL(ERR_CONFIG,
                    "probe %lld at (%g, %g) is inside a body; (%.3f, %.3f), on its surface, would "
                    "do",
                    (long long)k + 1, place[0], place[1], near[0], near[1]);
    enum status status = probe(seen, s, k);
    return status == OK ? OK : error_prefix(status, "probe %lld", (long long)k + 1);
}

enum status probe_set_check(const struct probe_set *set)
{
    for (int64_t k = 0; k < set->count; k++)
        TRY(check_probe(set, k));
    return OK;
}

enum status probe_set_read(double *out, const struct probe_set *set)
{
    for (int64_t k = 0; k < set->count; k++)
        TRY(probe(out + SIMULATION_PROBED * k, set, k));
    return OK;
}
