/* SPDX-License-Identifier: Apache-2.0 */
#include "probe_set.h"

#include "geometry.h"
#include "lattice_probe.h"

#include <math.h>

/* A surface may be rounded: what is no deeper in a body counts as on it. */
static double depth_of(const struct probe_set *s)
{
    return 0.5 / (double)s->flow->refine;
}

static void coefficients(double out[SIMULATION_PROBED], const struct lattice_probe *seen,
                         double speed)
{
    out[0] = 2 * (seen->rho - 1) / (3 * speed * speed);
    out[1] = seen->ux / speed;
    out[2] = seen->uy / speed;
}

/* What probe k sees now: no numbers in a body that came there. */
static enum status probe(double out[SIMULATION_PROBED], const struct probe_set *s, int64_t k)
{
    struct lattice_probe seen = {NAN, NAN, NAN};
    const double *place = s->places[k];
    double r = (double)s->flow->refine;
    if (geometry_distance(NULL, s->geometry, place[0], place[1]) >= -depth_of(s))
        TRY(lattice_probe_look(&seen, s->lattice, (place[0] + (double)s->entry) * r, place[1] * r));
    coefficients(out, &seen, s->flow->speed);
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

static enum status check_probe(const struct probe_set *s, int64_t k)
{
    const double *place = s->places[k];
    double nx = (double)s->flow->nx, ny = (double)s->flow->ny, r = (double)s->flow->refine;
    double depth = depth_of(s), near[2] = {place[0], place[1]};
    struct lattice_probe seen;
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
    enum status status =
        lattice_probe_at(&seen, s->lattice, (place[0] + (double)s->entry) * r, place[1] * r);
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
