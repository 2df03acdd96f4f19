/* SPDX-License-Identifier: Apache-2.0 */
#include "animation.h"

#include "temporary_folder.h"
#include "wake_fixture.h"

#include "array.h"

#include <gif_lib.h>
#include <string.h>

TestSuite(animation, .init = temporary_folder_create, .fini = temporary_folder_remove);

enum { FRAMES = 4 };

static float fields[FRAMES][3 * WAKE_CELLS], sdf[WAKE_CELLS];
static const float *values[2 * FRAMES];
static const char *const times[FRAMES] = {"t = 0", "t = 1", "t = 2", "t = 3"};
static const struct picture_frames moving = {.count = FRAMES, .values = values, .times = times};
static const struct picture_scale scales[2] = {{.label = "u_x", .map = COLORMAP_SEQUENTIAL},
                                               {.label = "u_y", .map = COLORMAP_DIVERGING}};
static const struct picture_panel panels[2] = {{.sdf = sdf}, {.sdf = sdf, .scale = 1}};
static const struct picture picture = {.title = "A wake",
                                       .nx = WAKE_NX,
                                       .ny = WAKE_NY,
                                       .rows = 1,
                                       .columns = 2,
                                       .panels = panels,
                                       .scales = scales,
                                       .scale_count = 2,
                                       .cell = 2,
                                       .zoom = 1};

static void make_frames(void)
{
    wake_fixture_sdf(sdf);
    for (int f = 0; f < FRAMES; f++) {
        wake_fixture_frame(fields[f], f * 0.4);
        values[2 * f] = fields[f] + WAKE_CELLS;
        values[2 * f + 1] = fields[f] + 2 * WAKE_CELLS;
    }
}

static GifFileType *write_and_read(double seconds)
{
    int code = 0;
    make_frames();
    cr_assert_eq(animation_write_gif(temporary_folder_path("a.gif"), &picture, &moving, seconds),
                 OK, "%s", error_message());
    GifFileType *gif = DGifOpenFileName(temporary_folder_path("a.gif"), &code);
    cr_assert_not_null(gif);
    cr_assert_eq(DGifSlurp(gif), GIF_OK);
    return gif;
}

Test(animation, gif_has_all_frames_their_delay_and_repeats)
{
    int code;
    GifFileType *gif = write_and_read(0.25);
    cr_assert_eq(gif->ImageCount, FRAMES);
    for (int f = 0; f < FRAMES; f++) {
        GraphicsControlBlock control;
        cr_assert_eq(DGifSavedExtensionToGCB(gif, f, &control), GIF_OK);
        cr_assert_eq(control.DelayTime, 25);
        cr_assert_eq(control.DisposalMode, DISPOSE_DO_NOT);
    }
    const SavedImage *first = &gif->SavedImages[0];
    cr_assert_eq(first->ExtensionBlocks[0].Function, APPLICATION_EXT_FUNC_CODE);
    cr_assert_eq(memcmp(first->ExtensionBlocks[0].Bytes, "NETSCAPE2.0", 11), 0);
    cr_assert_eq(DGifCloseFile(gif, &code), GIF_OK);
}

/* Puts a stored rectangle on the page as a viewer does. */
static void show(unsigned char *page, const GifFileType *gif, int frame)
{
    const SavedImage *image = &gif->SavedImages[frame];
    const GifImageDesc *d = &image->ImageDesc;
    for (int y = 0; y < d->Height; y++)
        memcpy(page + (d->Top + y) * gif->SWidth + d->Left, image->RasterBits + y * d->Width,
               (size_t)d->Width);
}

Test(animation, frames_shown_one_after_the_other_are_the_rendered_ones)
{
    int code;
    GifFileType *gif = write_and_read(0.1);
    struct picture_series *series = NULL;
    int64_t width, height;
    unsigned char *rgb, *page;
    cr_assert_eq(picture_series_create(&series, &picture, &moving), OK);
    picture_series_size(&width, &height, series);
    cr_assert(gif->SWidth == width && gif->SHeight == height);
    cr_assert_eq(ARRAY_NEW(rgb, 3 * width * height), OK);
    cr_assert_eq(ARRAY_NEW(page, width * height), OK);
    for (int f = 0; f < FRAMES; f++) {
        cr_assert_eq(picture_series_render(rgb, series, f), OK);
        show(page, gif, f);
        double sum = 0;
        for (int64_t i = 0; i < width * height; i++) {
            const GifColorType *c = &gif->SColorMap->Colors[page[i]];
            const unsigned char *p = rgb + 3 * i;
            sum += abs(c->Red - p[0]) + abs(c->Green - p[1]) + abs(c->Blue - p[2]);
            if (p[0] == 255 && p[1] == 255 && p[2] == 255)
                cr_assert(c->Red == 255 && c->Green == 255 && c->Blue == 255);
        }
        double mean = sum / (double)(3 * width * height);
        cr_assert_lt(mean, 0.7, "frame %d is off by %g of 255", f, mean);
    }
    array_free(rgb);
    array_free(page);
    picture_series_destroy(series);
    cr_assert_eq(DGifCloseFile(gif, &code), GIF_OK);
}

Test(animation, later_frames_store_only_what_changed)
{
    int code;
    GifFileType *gif = write_and_read(0.1);
    for (int f = 1; f < FRAMES; f++)
        cr_assert_lt(gif->SavedImages[f].ImageDesc.Height, gif->SHeight);
    cr_assert_eq(DGifCloseFile(gif, &code), GIF_OK);
}

Test(animation, no_frame_and_no_folder_are_errors_that_leave_nothing)
{
    const struct picture_frames none = {.count = 0, .values = values, .times = times};
    make_frames();
    cr_assert_eq(animation_write_gif(temporary_folder_path("a.gif"), &picture, &none, 1),
                 ERR_INTERNAL);
    cr_assert_eq(animation_write_gif(temporary_folder_path("no/a.gif"), &picture, &moving, 1),
                 ERR_IO);
    cr_assert(path_is_empty_folder(temporary_folder));
}
