/* SPDX-License-Identifier: Apache-2.0 */
#include "plain_collide.h"

#include <math.h>
#include <string.h>

#define Q PLAIN_STENCIL_Q

struct plain_collide_flow plain_collide_flow(const double f[Q], double fx, double fy)
{
    struct plain_collide_flow flow = {0, 0.5 * fx, 0.5 * fy};
    for (int i = 0; i < Q; i++) {
        flow.rho += f[i];
        flow.u += plain_stencil_cx(i) * f[i];
        flow.v += plain_stencil_cy(i) * f[i];
    }
    flow.u /= flow.rho;
    flow.v /= flow.rho;
    return flow;
}

double plain_collide_usual(int i, const struct plain_collide_flow *flow)
{
    double u = flow->u, v = flow->v, cu = plain_stencil_cx(i) * u + plain_stencil_cy(i) * v;
    return plain_stencil_weight(i) * flow->rho *
           (1 + 3 * cu + 4.5 * cu * cu - 1.5 * (u * u + v * v));
}

/* Hermite polynomials of c_i. */
struct hermite {
    double x, y, xx, yy, xy, xxy, xyy, xxyy;
};

static struct hermite hermite_of(int i)
{
    double x = plain_stencil_cx(i), y = plain_stencil_cy(i);
    double xx = x * x - 1.0 / 3, yy = y * y - 1.0 / 3;
    return (struct hermite){x, y, xx, yy, x * y, xx * y, yy * x, xx * yy};
}

/* f_i from the Hermite moments a: of order 0 in `rho`, the others named alike. */
static double from_hermite(int i, double rho, const struct hermite *a)
{
    struct hermite h = hermite_of(i);
    double second = h.xx * a->xx + h.yy * a->yy + 2 * h.xy * a->xy;
    double third = h.xxy * a->xxy + h.xyy * a->xyy;
    return plain_stencil_weight(i) * (rho + 3 * (h.x * a->x + h.y * a->y) + 4.5 * second +
                                      13.5 * third + 20.25 * h.xxyy * a->xxyy);
}

static struct hermite equilibrium_moments(const struct plain_collide_flow *flow)
{
    double r = flow->rho, u = flow->u, v = flow->v;
    return (struct hermite){r * u,     r * v,         r * u * u,     r * v * v,
                            r * u * v, r * u * u * v, r * u * v * v, r * u * u * v * v};
}

double plain_collide_product(int i, const struct plain_collide_flow *flow)
{
    struct hermite a = equilibrium_moments(flow);
    return from_hermite(i, flow->rho, &a);
}

/* Stress that is not equilibrium, sum of c_a c_b f less rho u_a u_b and the pressure, and the
 * force's half of it. */
struct stress {
    double xx, yy, xy;
};

static struct stress stress_of(const double f[Q], const struct plain_collide_flow *flow, double fx,
                               double fy)
{
    double u = flow->u, v = flow->v, pressure = flow->rho / 3;
    struct stress n = {-flow->rho * u * u - pressure, -flow->rho * v * v - pressure,
                       -flow->rho * u * v};
    for (int i = 0; i < Q; i++) {
        double cx = plain_stencil_cx(i), cy = plain_stencil_cy(i);
        n.xx += cx * cx * f[i];
        n.yy += cy * cy * f[i];
        n.xy += cx * cy * f[i];
    }
    n.xx += u * fx;
    n.yy += v * fy;
    n.xy += 0.5 * (u * fy + v * fx);
    return n;
}

double plain_collide_eddies(const double f[Q], double tau, double constant, double fx, double fy)
{
    struct plain_collide_flow flow = plain_collide_flow(f, fx, fy);
    struct stress n = stress_of(f, &flow, fx, fy);
    double half_trace = 0.5 * (n.xx + n.yy), xx = n.xx - half_trace, yy = n.yy - half_trace;
    double size = sqrt(2 * (xx * xx + yy * yy + 2 * n.xy * n.xy));
    return 0.5 * (tau + sqrt(tau * tau + 18 * constant * constant * size / flow.rho));
}

/* Guo's source before the factor 1 - omega / 2. */
static double guo(int i, const struct plain_collide_flow *flow, double fx, double fy)
{
    double cx = plain_stencil_cx(i), cy = plain_stencil_cy(i), cu = cx * flow->u + cy * flow->v;
    double x = 3 * (cx - flow->u) + 9 * cu * cx, y = 3 * (cy - flow->v) + 9 * cu * cy;
    return plain_stencil_weight(i) * (x * fx + y * fy);
}

static void plain_collide_bgk(double f[Q], const struct plain_collide_rates *rates)
{
    struct plain_collide_flow flow = plain_collide_flow(f, rates->fx, rates->fy);
    double omega = 1 / rates->tau;
    for (int i = 0; i < Q; i++)
        f[i] += -omega * (f[i] - plain_collide_usual(i, &flow)) +
                (1 - omega / 2) * guo(i, &flow, rates->fx, rates->fy);
}

static void plain_collide_trt(double f[Q], const struct plain_collide_rates *rates)
{
    struct plain_collide_flow flow = plain_collide_flow(f, rates->fx, rates->fy);
    double even = 1 / rates->tau, odd = 1 / (rates->magic / (rates->tau - 0.5) + 0.5);
    double old[Q], e[Q], source[Q];
    for (int i = 0; i < Q; i++) {
        old[i] = f[i];
        e[i] = plain_collide_usual(i, &flow);
        source[i] = guo(i, &flow, rates->fx, rates->fy);
    }
    for (int i = 0; i < Q; i++) {
        int k = plain_stencil_opposite(i);
        double off_even = 0.5 * (old[i] + old[k]) - 0.5 * (e[i] + e[k]);
        double off_odd = 0.5 * (old[i] - old[k]) - 0.5 * (e[i] - e[k]);
        f[i] += -even * off_even + (1 - even / 2) * 0.5 * (source[i] + source[k]) - odd * off_odd +
                (1 - odd / 2) * 0.5 * (source[i] - source[k]);
    }
}

/* k_ab, the sum of (c_x - u)^a (c_y - v)^b f. */
static void central_moments(double k[3][3], const double f[Q],
                            const struct plain_collide_flow *flow)
{
    memset(k, 0, 9 * sizeof(double));
    for (int i = 0; i < Q; i++) {
        double x = plain_stencil_cx(i) - flow->u, y = plain_stencil_cy(i) - flow->v;
        double in_x[3] = {1, x, x * x}, in_y[3] = {1, y, y * y};
        for (int a = 0; a < 3; a++)
            for (int b = 0; b < 3; b++)
                k[a][b] += in_x[a] * in_y[b] * f[i];
    }
}

/* How much of a central moment a goes to the population of c, one axis at a time: the polynomial
 * that is 1 at c and 0 at the two others, in powers of (c - u). */
static void shares(double out[3][3], double u)
{
    for (int c = -1; c <= 1; c++) {
        double *p = out[c + 1];
        double first = c - 1 < -1 ? 1 : c - 1, second = c + 1 > 1 ? -1 : c + 1;
        double scale = 1 / ((c - first) * (c - second));
        p[0] = scale * (u - first) * (u - second);
        p[1] = scale * (2 * u - first - second);
        p[2] = scale;
    }
}

static void from_central_moments(double f[Q], double k[3][3], const struct plain_collide_flow *flow)
{
    double x[3][3], y[3][3];
    shares(x, flow->u);
    shares(y, flow->v);
    for (int i = 0; i < Q; i++) {
        f[i] = 0;
        for (int a = 0; a < 3; a++)
            for (int b = 0; b < 3; b++)
                f[i] += x[1 + plain_stencil_cx(i)][a] * y[1 + plain_stencil_cy(i)][b] * k[a][b];
    }
}

static void plain_collide_cumulant(double f[Q], const struct plain_collide_rates *rates)
{
    struct plain_collide_flow flow = plain_collide_flow(f, rates->fx, rates->fy);
    double omega = 1 / rates->tau, bulk = rates->omega_bulk, k[3][3];
    central_moments(k, f, &flow);
    double difference = (1 - omega) * (k[2][0] - k[0][2]);
    double sum = (1 - bulk) * (k[2][0] + k[0][2]) + bulk * 2 * flow.rho / 3;
    k[1][0] = -k[1][0]; /* half the force, before and after */
    k[0][1] = -k[0][1];
    k[1][1] = (1 - omega) * k[1][1];
    k[2][0] = 0.5 * (sum + difference);
    k[0][2] = 0.5 * (sum - difference);
    k[2][1] = k[1][2] = 0;
    k[2][2] = (k[2][0] * k[0][2] + 2 * k[1][1] * k[1][1]) / flow.rho;
    from_central_moments(f, k, &flow);
}

/* Half of what the force changes in the equilibrium's moments: F.d/d(rho u), rho u_x u_y being
 * (rho u_x) (rho u_y) / rho and so on. */
static struct hermite push(const struct plain_collide_flow *flow, double fx, double fy)
{
    double u = flow->u, v = flow->v;
    return (struct hermite){0.5 * fx,
                            0.5 * fy,
                            0.5 * (2 * u * fx),
                            0.5 * (2 * v * fy),
                            0.5 * (u * fy + v * fx),
                            0.5 * (2 * u * v * fx + u * u * fy),
                            0.5 * (2 * u * v * fy + v * v * fx),
                            0.5 * (2 * u * v * v * fx + 2 * u * u * v * fy)};
}

static void plain_collide_recursive_regularised(double f[Q],
                                                const struct plain_collide_rates *rates)
{
    struct plain_collide_flow flow = plain_collide_flow(f, rates->fx, rates->fy);
    struct stress n = stress_of(f, &flow, rates->fx, rates->fy);
    struct hermite a = equilibrium_moments(&flow), p = push(&flow, rates->fx, rates->fy);
    double keep = 1 - 1 / rates->tau, u = flow.u, v = flow.v;
    a.x += p.x;
    a.y += p.y;
    a.xx += keep * n.xx + p.xx;
    a.yy += keep * n.yy + p.yy;
    a.xy += keep * n.xy + p.xy;
    a.xxy += keep * (v * n.xx + 2 * u * n.xy) + p.xxy;
    a.xyy += keep * (u * n.yy + 2 * v * n.xy) + p.xyy;
    a.xxyy += keep * (v * v * n.xx + u * u * n.yy + 4 * u * v * n.xy) + p.xxyy;
    for (int i = 0; i < Q; i++)
        f[i] = from_hermite(i, flow.rho, &a);
}

void plain_collide(double f[Q], enum collision_kind kind, const struct plain_collide_rates *rates)
{
    static void (*const operators[COLLISIONS])(double f[Q], const struct plain_collide_rates *) = {
#define X(name, words, tau_min, text) [COLLISION_##name] = plain_collide_##name,
#include "collision_list.h"
#undef X
    };
    operators[kind](f, rates);
}
