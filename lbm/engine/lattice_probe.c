/* SPDX-License-Identifier: Apache-2.0 */
#include "lattice_probe.h"

#include "array.h"
#include "lattice.h"
#include "lattice_private.h"

#include <math.h>

enum { TERMS = 6, FIELDS = 3 };

/* The normal equations: sum of t t^T, sum of t times (rho - 1, ux, uy). */
struct normal {
    double matrix[TERMS][TERMS], right[TERMS][FIELDS];
    int cells;
};

static void add_cell(struct normal *normal, double dx, double dy, const double value[FIELDS])
{
    const double term[TERMS] = {1, dx, dy, dx * dx, dx * dy, dy * dy};
    for (int a = 0; a < TERMS; a++) {
        for (int b = 0; b < TERMS; b++)
            normal->matrix[a][b] += term[a] * term[b];
        for (int k = 0; k < FIELDS; k++)
            normal->right[a][k] += term[a] * value[k];
    }
    normal->cells++;
}

static enum status gather(struct normal *normal, const struct lattice *l, double x, double y)
{
    int64_t nx = l->options.nx, ny = l->options.ny, reach = (int64_t)LATTICE_PROBE_RADIUS + 1;
    int64_t at_x = (int64_t)floor(x), at_y = (int64_t)floor(y);
    double *row = NULL;
    TRY(ARRAY_NEW(row, FIELDS * ny));
    for (int64_t i = at_x - reach; i <= at_x + reach; i++) {
        if (i < 0 || i >= nx)
            continue;
        lattice_row(row, row + ny, row + 2 * ny, l, i);
        for (int64_t j = at_y - reach; j <= at_y + reach; j++) {
            double dx = (double)i + 0.5 - x, dy = (double)j + 0.5 - y;
            if (j < 0 || j >= ny || l->solid[i * ny + j] || hypot(dx, dy) > LATTICE_PROBE_RADIUS)
                continue;
            const double value[FIELDS] = {row[j] - 1, row[ny + j], row[2 * ny + j]};
            add_cell(normal, dx, dy, value);
        }
    }
    array_free(row);
    return OK;
}

/* Cholesky's decomposition in place, L below and on the diagonal; 0 when it is singular. */
static int decompose(double m[TERMS][TERMS])
{
    for (int a = 0; a < TERMS; a++) {
        for (int b = 0; b <= a; b++) {
            double sum = m[a][b];
            for (int k = 0; k < b; k++)
                sum -= m[a][k] * m[b][k];
            if (a == b && !(sum > 1e-9 * m[a][a]))
                return 0;
            m[a][b] = a == b ? sqrt(sum) : sum / m[b][b];
        }
    }
    return 1;
}

/* The first of the coefficients: the value at the place itself. */
static double solve_first(double m[TERMS][TERMS], double right[TERMS][FIELDS], int k)
{
    double v[TERMS];
    for (int a = 0; a < TERMS; a++) {
        v[a] = right[a][k];
        for (int b = 0; b < a; b++)
            v[a] -= m[a][b] * v[b];
        v[a] /= m[a][a];
    }
    for (int a = TERMS - 1; a >= 0; a--) {
        for (int b = a + 1; b < TERMS; b++)
            v[a] -= m[b][a] * v[b];
        v[a] /= m[a][a];
    }
    return v[0];
}

/* `seen`: 1 when there were fluid cells enough. */
static enum status look(struct lattice_probe *out, int *seen, struct normal *normal,
                        const struct lattice *l, double x, double y)
{
    *out = (struct lattice_probe){NAN, NAN, NAN};
    TRY(gather(normal, l, x, y));
    *seen = decompose(normal->matrix);
    if (!*seen)
        return OK;
    out->rho = 1 + solve_first(normal->matrix, normal->right, 0);
    out->ux = solve_first(normal->matrix, normal->right, 1);
    out->uy = solve_first(normal->matrix, normal->right, 2);
    return OK;
}

enum status lattice_probe_at(struct lattice_probe *out, const struct lattice *lattice, double x,
                             double y)
{
    struct normal normal = {.cells = 0};
    double nx = (double)lattice->options.nx, ny = (double)lattice->options.ny;
    int seen;
    if (!(x >= 0 && x <= nx && y >= 0 && y <= ny))
        return FAIL(ERR_CONFIG, "a probe at (%g, %g) is outside the lattice: 0 to %g, 0 to %g", x,
                    y, nx, ny);
    TRY(look(out, &seen, &normal, lattice, x, y));
    if (!seen)
        return FAIL(ERR_CONFIG,
                    "a probe at (%g, %g) has %d fluid cells within %g: too few, or all in line", x,
                    y, normal.cells, LATTICE_PROBE_RADIUS);
    return OK;
}

enum status lattice_probe_look(struct lattice_probe *out, const struct lattice *lattice, double x,
                               double y)
{
    struct normal normal = {.cells = 0};
    int seen;
    TRY(look(out, &seen, &normal, lattice, x, y));
    return OK;
}
