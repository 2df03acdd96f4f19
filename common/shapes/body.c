/* SPDX-License-Identifier: Apache-2.0
 *
 * Place and angle of a shape: p' = R^T (p - c). The distance does not change by that. */
#include "body.h"

#include "array.h"
#include "exact_math.h"
#include "shape.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct shape_ops *const families[] = {
#define X(name) &shape_##name##_ops,
#include "shape_list.h"
#undef X
};

enum { FAMILIES = sizeof families / sizeof families[0] };

static const double size_limit = 1e6; /* cells; far beyond any canvas */

struct body {
    struct body_spec spec; /* vertices: own */
    struct shape *shape;
    double cosine, sine;
    double *vertices;
};

static const struct shape_ops *find_family(const char *name)
{
    for (int i = 0; i < FAMILIES; i++)
        if (strncmp(name, families[i]->name, BODY_NAME_SIZE) == 0)
            return families[i];
    return NULL;
}

static enum status fail_unknown(const char *name)
{
    char list[FAMILIES * (BODY_NAME_SIZE + 2)] = "";
    size_t used = 0;
    for (int i = 0; i < FAMILIES; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "",
                                 families[i]->name);
    return FAIL(ERR_CONFIG, "body family '%.*s' is unknown; there are: %s", BODY_NAME_SIZE - 1,
                name, list);
}

static enum status check_place(const struct body_spec *spec)
{
    TRY(shape_check_range("x", spec->x, -size_limit, size_limit));
    TRY(shape_check_range("y", spec->y, -size_limit, size_limit));
    if (!(spec->size > 0 && spec->size <= size_limit))
        return FAIL(ERR_CONFIG, "size %g is outside 0..%g (0 excluded)", spec->size, size_limit);
    if (!isfinite(spec->angle))
        return FAIL(ERR_CONFIG, "angle %g is not finite", spec->angle);
    return OK;
}

/* Whole quarter turns are exact, so that a body turned by 90 degrees has the same mask, turned. */
static void set_angle(struct body *body)
{
    double degrees = fmod(body->spec.angle, 360);
    double quarters = floor(degrees / 90 + 0.5);
    double rest = (degrees - 90 * quarters) * (EXACT_MATH_PI / 180);
    double c = exact_math_cos(rest), s = exact_math_sin(rest);
    int quarter = ((int)quarters % 4 + 4) % 4;
    body->cosine = quarter == 0 ? c : quarter == 1 ? -s : quarter == 2 ? -c : s;
    body->sine = quarter == 0 ? s : quarter == 1 ? c : quarter == 2 ? -s : -c;
}

static enum status copy_vertices(struct body *body)
{
    if (body->spec.vertices == NULL)
        return OK;
    TRY(ARRAY_NEW(body->vertices, 2 * body->spec.vertex_count));
    memcpy(body->vertices, body->spec.vertices,
           (size_t)body->spec.vertex_count * 2 * sizeof *body->vertices);
    body->spec.vertices = body->vertices;
    return OK;
}

enum status body_create(struct body **out, const struct body_spec *spec)
{
    enum status status = OK;
    struct body *body = NULL;
    const struct shape_ops *ops = find_family(spec->family);
    if (ops == NULL)
        return fail_unknown(spec->family);
    TRY(ARRAY_NEW(body, 1));
    body->spec = *spec;
    TRY_GOTO(check_place(spec), cleanup);
    TRY_GOTO(ops->create(&body->shape, spec), cleanup);
    TRY_GOTO(copy_vertices(body), cleanup);
    set_angle(body);
    *out = body;
    body = NULL;
cleanup:
    body_destroy(body);
    if (status == ERR_CONFIG)
        error_prefix(status, "%s", ops->name);
    return status;
}

void body_destroy(struct body *body)
{
    if (body == NULL)
        return;
    if (body->shape != NULL)
        body->shape->ops->destroy(body->shape);
    array_free(body->vertices);
    array_free(body);
}

const struct body_spec *body_get_spec(const struct body *body)
{
    return &body->spec;
}

void body_place(struct body *body, double x, double y, double angle)
{
    body->spec.x = x;
    body->spec.y = y;
    body->spec.angle = angle;
    set_angle(body);
}

double body_distance(const struct body *body, double x, double y)
{
    double dx = x - body->spec.x, dy = y - body->spec.y;
    double c = body->cosine, s = body->sine;
    return body->shape->ops->distance(body->shape, c * dx + s * dy, c * dy - s * dx);
}

void body_bounds(double box[4], const struct body *body)
{
    const struct shape *shape = body->shape;
    double c = body->cosine, s = body->sine;
    box[0] = body->spec.x - shape->ops->support(shape, -c, s);
    box[1] = body->spec.x + shape->ops->support(shape, c, -s);
    box[2] = body->spec.y - shape->ops->support(shape, -s, -c);
    box[3] = body->spec.y + shape->ops->support(shape, s, c);
}

double body_projection(const struct body *body)
{
    const struct shape *shape = body->shape;
    double c = body->cosine, s = body->sine;
    return shape->ops->support(shape, -s, -c) + shape->ops->support(shape, s, c);
}

enum status body_outline(double **points, int64_t *count, const struct body *body, double tolerance)
{
    assert(tolerance > 0);
    const struct shape *shape = body->shape;
    int64_t total = shape->ops->outline(NULL, shape, tolerance);
    double *list = NULL;
    TRY(ARRAY_NEW(list, 2 * total));
    shape->ops->outline(list, shape, tolerance);
    for (int64_t i = 0; i < total; i++) {
        double x = list[2 * i], y = list[2 * i + 1];
        list[2 * i] = body->spec.x + (body->cosine * x - body->sine * y);
        list[2 * i + 1] = body->spec.y + (body->sine * x + body->cosine * y);
    }
    *points = list;
    *count = total;
    return OK;
}

int64_t body_family_count(void)
{
    return FAMILIES;
}

const char *body_family_name(int64_t index)
{
    assert(index >= 0 && index < FAMILIES);
    return families[index]->name;
}

double body_family_accuracy(int64_t index)
{
    assert(index >= 0 && index < FAMILIES);
    return families[index]->accuracy;
}

void body_label(char out[BODY_NAME_SIZE], const struct body_spec *spec)
{
    const struct shape_ops *ops = find_family(spec->family);
    if (ops != NULL && ops->label != NULL)
        ops->label(out, spec);
    else
        snprintf(out, BODY_NAME_SIZE, "%.*s", BODY_NAME_SIZE - 1, spec->family);
}

void body_example(struct body_spec *out, int64_t family, const double choice[3])
{
    assert(family >= 0 && family < FAMILIES);
    *out = (struct body_spec){.size = 1, .aspect = 1};
    snprintf(out->family, sizeof out->family, "%s", families[family]->name);
    families[family]->example(out, choice);
}
