/* SPDX-License-Identifier: Apache-2.0 */
#include "flow_picture.h"

#include "temporary_folder.h"
#include "wake_fixture.h"

#include <cairo.h>
#include <math.h>
#include <string.h>

TestSuite(flow_picture, .init = temporary_folder_create, .fini = temporary_folder_remove);

enum { FRAMES = 3 };

static float frames[FRAMES][FRAME_FIELDS * WAKE_CELLS], sdf[WAKE_CELLS], out[WAKE_CELLS];

static struct flow make_flow(void)
{
    wake_fixture_sdf(sdf);
    for (int f = 0; f < FRAMES; f++)
        wake_fixture_frame(frames[f], f);
    return (struct flow){.family = "circle",
                         .nx = WAKE_NX,
                         .ny = WAKE_NY,
                         .refine = 4,
                         .frame_interval = 100,
                         .reynolds = 100,
                         .speed = 0.1,
                         .length = 12,
                         .x = 16,
                         .y = 32.3};
}

static int width_of(const char *path)
{
    cairo_surface_t *surface = cairo_image_surface_create_from_png(path);
    cr_assert_eq(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
    int width = cairo_image_surface_get_width(surface);
    cairo_surface_destroy(surface);
    return width;
}

Test(flow_picture, fields_are_without_dimensions)
{
    struct flow flow = make_flow();
    float *f = frames[0];
    for (int i = 0; i < WAKE_NX; i++) {
        for (int j = 0; j < WAKE_NY; j++) {
            int c = i * WAKE_NY + j; /* shear and rotation: ux = 0.003 y, uy = 0.005 x */
            f[c] = 1.06f;
            f[WAKE_CELLS + c] = 0.003f * ((float)j + 0.5f);
            f[2 * WAKE_CELLS + c] = 0.005f * ((float)i + 0.5f);
        }
    }
    int c = 10 * WAKE_NY + 20;
    const double wanted[FLOW_PICTURE_FIELDS] = {[FLOW_PICTURE_DENSITY] = 2,
                                                [FLOW_PICTURE_SPEED] = hypot(0.615, 0.525),
                                                [FLOW_PICTURE_STREAM] = 0.615,
                                                [FLOW_PICTURE_CROSS] = 0.525,
                                                [FLOW_PICTURE_VORTICITY] =
                                                    (0.005 - 0.003) * 12 / 0.1};
    for (int field = 0; field < FLOW_PICTURE_FIELDS; field++) {
        flow_picture_derive(out, (enum flow_picture_field)field, f, &flow);
        cr_assert_float_eq(out[c], wanted[field], 1e-4, "%s: %g",
                           flow_picture_name((enum flow_picture_field)field), out[c]);
    }
    for (int k = 0; k < WAKE_CELLS; k++) /* vorticity was last: constant, edges and corners too */
        cr_assert_float_eq(out[k], 0.24, 1e-4, "cell %d: %g", k, out[k]);
}

Test(flow_picture, time_is_in_units_of_length_over_speed)
{
    struct flow flow = make_flow();
    char text[64];
    cr_assert_str_eq(flow_picture_time(text, sizeof text, &flow, 1500), "t U / D = 12.5");
}

Test(flow_picture, scales_name_their_field_and_tell_signs_of_vorticity_apart_in_grey)
{
    for (int field = 0; field < FLOW_PICTURE_FIELDS; field++) {
        struct picture_scale scale = flow_picture_scale((enum flow_picture_field)field);
        const char *name = flow_picture_name((enum flow_picture_field)field);
        cr_assert_eq(strncmp(scale.label, name, strlen(name)), 0, "%s", scale.label);
    }
    cr_assert_gt(flow_picture_scale(FLOW_PICTURE_VORTICITY).contours, 1);
    cr_assert_eq(flow_picture_scale(FLOW_PICTURE_VORTICITY).map, COLORMAP_DIVERGING);
}

Test(flow_picture, every_kind_is_written)
{
    struct flow flow = make_flow();
    const float *grid_frames[2 * FRAMES];
    const char *const rows[2] = {"truth", "network"}, *const columns[FRAMES] = {"1", "2", "3"};
    for (int k = 0; k < 2 * FRAMES; k++)
        grid_frames[k] = frames[(k + k / FRAMES) % FRAMES];
    grid_frames[1] = NULL;
    struct flow_picture_grid grid = {.title = "Forecast",
                                     .flow = &flow,
                                     .sdf = sdf,
                                     .errors = FLOW_PICTURE_ERRORS,
                                     .rows = 2,
                                     .columns = FRAMES,
                                     .row_labels = rows,
                                     .column_labels = columns,
                                     .frames = grid_frames};
    const struct flow *const flows[2] = {&flow, &flow};
    const float *const sdfs[2] = {sdf, sdf}, *const two[2] = {frames[0], frames[1]};
    cr_assert_eq(flow_picture_write_frame(temporary_folder_path("f.png"), &flow, frames[0], sdf,
                                          NULL, 0, NULL),
                 OK, "%s", error_message());
    cr_assert_eq(flow_picture_write_animation(temporary_folder_path("a.gif"), &flow, frames[0],
                                              FRAMES, sdf, NULL, 0, "A title"),
                 OK, "%s", error_message());
    cr_assert(path_exists(temporary_folder_path("a.gif")));
    cr_assert_eq(flow_picture_write_contact(temporary_folder_path("c.png"), "Cases", 2, flows, two,
                                            sdfs, NULL, FLOW_PICTURE_CROSS),
                 OK, "%s", error_message());
    cr_assert_gt(width_of(temporary_folder_path("f.png")), 1500);
    cr_assert_gt(width_of(temporary_folder_path("c.png")), 500);
    cr_assert_eq(flow_picture_write_grid(temporary_folder_path("g.png"), &grid), OK, "%s",
                 error_message());
    grid.field = FLOW_PICTURE_VORTICITY;
    grid.errors = FLOW_PICTURE_NO_ERRORS;
    cr_assert_eq(flow_picture_write_grid(temporary_folder_path("h.png"), &grid), OK, "%s",
                 error_message());
    cr_assert_gt(width_of(temporary_folder_path("g.png")), 1500);
}

Test(flow_picture, a_contact_sheet_of_different_sizes_or_of_nothing_is_refused)
{
    struct flow flow = make_flow(), larger = flow;
    larger.nx = 128;
    const struct flow *const flows[2] = {&flow, &larger};
    const float *const sdfs[2] = {sdf, sdf}, *const two[2] = {frames[0], frames[1]};
    const char *path = temporary_folder_path("c.png");
    cr_assert_eq(
        flow_picture_write_contact(path, "Cases", 2, flows, two, sdfs, NULL, FLOW_PICTURE_SPEED),
        ERR_DATA);
    cr_assert_not_null(strstr(error_message(), "128 x 64"));
    cr_assert_eq(
        flow_picture_write_contact(path, "Cases", 0, flows, two, sdfs, NULL, FLOW_PICTURE_SPEED),
        ERR_DATA);
}

Test(flow_picture, into_a_missing_folder_is_an_io_error)
{
    struct flow flow = make_flow();
    cr_assert_eq(flow_picture_write_frame(temporary_folder_path("no/f.png"), &flow, frames[0], sdf,
                                          NULL, 0, NULL),
                 ERR_IO);
    cr_assert(path_is_empty_folder(temporary_folder));
}
