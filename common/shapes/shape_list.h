/* SPDX-License-Identifier: Apache-2.0
 *
 * The families of bodies. No guard: it is included where X is defined. */
X(circle)
X(ellipse)
X(rectangle)
X(rounded_rectangle)
X(regular_polygon)
X(polygon)
X(star)
X(naca)
X(fourier_blob)
X(bezier_blob)
X(bitmap)
/* To add one: write shape_NAME.c with `const struct shape_ops shape_NAME_ops`, list it in
 * CMakeLists.txt, add X(NAME) above and its word to SHAPES in option_table.c. The tests then cover
 * it. */
