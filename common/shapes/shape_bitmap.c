/* SPDX-License-Identifier: Apache-2.0
 *
 * Body that a picture shows: `size` is its width, from its leftmost to its rightmost point whatever
 * margin the picture has, and the middle of its bounding box is the origin. */
#include "bitmap.h"
#include "bitmap_contour.h"
#include "curve.h"
#include "shape.h"

#include <stddef.h>

static enum status bitmap_shape_create(struct shape **out, const struct body_spec *spec)
{
    struct bitmap_contour *contour = NULL;
    if (spec->bitmap == NULL)
        return FAIL(ERR_CONFIG, "a picture is needed");
    TRY(bitmap_contour_create(&contour, spec->bitmap, spec->size));
    enum status status = curve_create(out, &shape_bitmap_ops, bitmap_contour_point, contour,
                                      bitmap_contour_arcs(contour), spec->size);
    bitmap_contour_destroy(contour);
    return status;
}

static void bitmap_shape_example(struct body_spec *spec, const double choice[3])
{
    spec->bitmap = bitmap_example((int64_t)(choice[0] * BITMAP_EXAMPLES));
}

const struct shape_ops shape_bitmap_ops = {
    .name = "bitmap",
    .accuracy = 1e-4,
    .create = bitmap_shape_create,
    .destroy = curve_destroy,
    .distance = cornered_distance,
    .support = cornered_support,
    .outline = curve_outline,
    .example = bitmap_shape_example,
};
