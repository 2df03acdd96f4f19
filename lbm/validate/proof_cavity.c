/* SPDX-License-Identifier: Apache-2.0
 *
 * The lid-driven cavity: a square of n cells, half-way walls, lid speed 0.1; extrema of the
 * velocity on the two centre lines over the lid's speed, when they change by less than 1e-6 of the
 * lid's speed in the time in which the lid passes five times. Corner links belong to the side walls
 * and rest: a moving corner costs 3 %. tau is 0.692 at Re 100, 0.519 at Re 1000 with 64 cells,
 * below TRT's limit, so the operator is the cumulant one. */
#include "array.h"
#include "lattice.h"
#include "proof.h"

#include <math.h>

static const double lid = 0.1, steady = 1e-6, passes = 5, most_passes = 1000;

struct extrema {
    double u_least, v_most, v_least;
};

/* Extremum of evenly spaced values by the parabola through the greatest of sign * value. */
static double extremum(const double *values, int64_t count, double sign)
{
    int64_t best = 1;
    for (int64_t k = 1; k < count - 1; k++)
        if (sign * values[k] > sign * values[best])
            best = k;
    double slope = (values[best + 1] - values[best - 1]) / 2;
    double curve = values[best + 1] - 2 * values[best] + values[best - 1];
    return curve != 0 ? values[best] - slope * slope / (2 * curve) : values[best];
}

/* u along the vertical and v along the horizontal centre line; n is even, so both lie between two
 * lines of cells, of which the mean is taken. */
static enum status read_lines(double *u, double *v, const struct lattice *lattice, int64_t n)
{
    double *row = NULL;
    TRY(ARRAY_NEW(row, 3 * n));
    for (int64_t y = 0; y < n; y++)
        u[y] = 0;
    for (int64_t x = 0; x < n; x++) {
        lattice_row(row, row + n, row + 2 * n, lattice, x);
        const double *across = row + 2 * n + n / 2;
        v[x] = (across[0] + across[-1]) / 2 / lid;
        if (x != n / 2 && x != n / 2 - 1)
            continue;
        for (int64_t y = 0; y < n; y++)
            u[y] += row[n + y] / 2 / lid;
    }
    array_free(row);
    return OK;
}

static enum status look(struct extrema *out, struct proof *proof, const struct lattice *lattice,
                        int64_t n)
{
    static const char *const columns[] = {"place", "u on the vertical centre line",
                                          "v on the horizontal centre line", NULL};
    enum status status = OK;
    double *u = NULL;
    TRY_GOTO(ARRAY_NEW(u, 2 * n), cleanup);
    double *v = u + n;
    TRY_GOTO(read_lines(u, v, lattice, n), cleanup);
    *out = (struct extrema){extremum(u, n, -1), extremum(v, n, 1), extremum(v, n, -1)};
    proof_series(proof, columns);
    for (int64_t k = 0; k < n; k++) {
        const double point[3] = {((double)k + 0.5) / (double)n, u[k], v[k]};
        TRY_GOTO(proof_point(proof, point), cleanup);
    }
cleanup:
    array_free(u);
    return status;
}

static enum status run_until_steady(struct extrema *now, struct proof *proof,
                                    struct lattice *lattice, int64_t n)
{
    int64_t interval = (int64_t)(passes * (double)n / lid);
    double change = 1;
    *now = (struct extrema){0, 0, 0};
    while (change > steady) {
        struct extrema before = *now;
        if ((double)lattice_step(lattice) > most_passes * (double)n / lid)
            return FAIL(ERR_NUMERIC, "the cavity is not steady after %g passes of the lid",
                        most_passes);
        TRY(proof_go_on(proof));
        TRY(lattice_run(lattice, interval, NULL));
        proof->updates += (double)(n * n * interval);
        TRY(look(now, proof, lattice, n));
        change = fmax(fabs(now->u_least - before.u_least),
                      fmax(fabs(now->v_most - before.v_most), fabs(now->v_least - before.v_least)));
    }
    return OK;
}

enum status proof_cavity_run(struct proof *proof, const struct proof_case *which)
{
    struct lattice_options o;
    struct lattice *lattice = NULL;
    struct extrema found;
    lattice_defaults(&o);
    o.nx = o.ny = which->cells;
    o.number = ROW_DOUBLE;
    o.tau = 0.5 + 3 * lid * (double)which->cells / (double)which->reynolds;
    o.ends = LATTICE_ENDS_WALLS;
    o.bottom = o.top = BOUNDARY_EDGE_NO_SLIP;
    o.top_speed = lid;
    o.threads = proof->threads;
    TRY(lattice_create(&lattice, &o));
    enum status status = run_until_steady(&found, proof, lattice, which->cells);
    lattice_destroy(lattice);
    TRY(status);
    TRY(proof_add(proof, "least u, vertical centre line", found.u_least));
    TRY(proof_add(proof, "greatest v, horizontal centre line", found.v_most));
    TRY(proof_add(proof, "least v, horizontal centre line", found.v_least));
    return OK;
}
