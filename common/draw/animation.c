/* SPDX-License-Identifier: Apache-2.0
 *
 * A GIF has 256 colours: a few even greys for text and lines, the rest shared evenly among the
 * maps in use, MAP_COLOURS each at most: more steps are not seen in motion, but cost bytes. Pixels
 * are looked up through a table of 128^3 colours, filled on demand. From the second frame on only
 * the rectangle that changed is stored. */
#include "animation.h"

#include "array.h"
#include "atomic_file.h"
#include "text.h"

#include <gif_lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    COLOURS = 256,
    GREYS = 16,
    MAP_COLOURS = 112,
    CUBE_SIDE = 128,
    CUBE = CUBE_SIDE * CUBE_SIDE * CUBE_SIDE
};

struct rectangle {
    int64_t left, top, width, height;
};

struct gif_writer {
    GifFileType *gif;
    int64_t width, height;
    struct colormap_rgb palette[COLOURS];
    short nearest[CUBE];           /* -1: not yet looked up */
    unsigned char *rgb;            /* [height][width][3] */
    unsigned char *shown, *before; /* [height][width], palette entries */
    unsigned char *line;           /* one line of a rectangle */
};

static void fill_palette(struct gif_writer *w, const struct picture *picture)
{
    int used[COLORMAP_COUNT] = {0}, maps = 0, count = 0;
    for (int64_t k = 0; k < picture->scale_count; k++) {
        maps += !used[picture->scales[k].map];
        used[picture->scales[k].map] = 1;
    }
    for (int i = 0; i < GREYS; i++) {
        unsigned char grey = (unsigned char)(255 * i / (GREYS - 1));
        w->palette[count++] = (struct colormap_rgb){grey, grey, grey};
    }
    int share = (COLOURS - GREYS) / maps;
    if (share > MAP_COLOURS)
        share = MAP_COLOURS;
    for (int map = 0; map < COLORMAP_COUNT; map++) {
        struct colormap_rgb table[COLORMAP_SIZE];
        colormap_fill(table, (enum colormap)map);
        for (int i = 0; used[map] && i < share; i++)
            w->palette[count++] = colormap_at(table, (double)i / (share - 1));
    }
    while (count < COLOURS)
        w->palette[count++] = (struct colormap_rgb){0, 0, 0};
}

static short find_nearest(const struct gif_writer *w, int red, int green, int blue)
{
    int best = 0;
    long least = 1L << 30;
    for (int i = 0; i < COLOURS; i++) {
        long r = w->palette[i].red - red, g = w->palette[i].green - green,
             b = w->palette[i].blue - blue;
        long distance = 2 * r * r + 4 * g * g + 3 * b * b; /* about what the eye weighs */
        if (distance < least) {
            least = distance;
            best = i;
        }
    }
    return (short)best;
}

static void look_up(struct gif_writer *w)
{
    for (int64_t i = 0; i < w->width * w->height; i++) {
        const unsigned char *p = w->rgb + 3 * i;
        int cell = (p[0] >> 1) << 14 | (p[1] >> 1) << 7 | p[2] >> 1;
        /* a cell stands for its first colour: white must stay white */
        if (w->nearest[cell] < 0)
            w->nearest[cell] = find_nearest(w, p[0], p[1], p[2]);
        w->shown[i] = (unsigned char)w->nearest[cell];
    }
}

/* The smallest rectangle outside of which nothing changed; one pixel where nothing did. */
static struct rectangle changed(const struct gif_writer *w)
{
    int64_t left = w->width, right = -1, top = w->height, bottom = -1;
    for (int64_t y = 0; y < w->height; y++) {
        for (int64_t x = 0; x < w->width; x++) {
            if (w->shown[y * w->width + x] == w->before[y * w->width + x])
                continue;
            left = x < left ? x : left;
            right = x > right ? x : right;
            top = y < top ? y : top;
            bottom = y;
        }
    }
    if (bottom < 0)
        return (struct rectangle){0, 0, 1, 1};
    return (struct rectangle){left, top, right - left + 1, bottom - top + 1};
}

static enum status gif_failed(int code)
{
    const char *words = GifErrorString(code);
    return FAIL(code == E_GIF_ERR_NOT_ENOUGH_MEM ? ERR_MEMORY : ERR_INTERNAL, "giflib: %s",
                words != NULL ? words : "unknown error");
}

static enum status put_image(struct gif_writer *w, struct rectangle r, int delay)
{
    GraphicsControlBlock control = {.DisposalMode = DISPOSE_DO_NOT,
                                    .DelayTime = delay,
                                    .TransparentColor = NO_TRANSPARENT_COLOR};
    GifByteType bytes[4];
    size_t length = EGifGCBToExtension(&control, bytes);
    if (EGifPutExtension(w->gif, GRAPHICS_EXT_FUNC_CODE, (int)length, bytes) == GIF_ERROR ||
        EGifPutImageDesc(w->gif, (int)r.left, (int)r.top, (int)r.width, (int)r.height, false,
                         NULL) == GIF_ERROR)
        return gif_failed(w->gif->Error);
    for (int64_t y = 0; y < r.height; y++) {
        memcpy(w->line, w->shown + (r.top + y) * w->width + r.left, (size_t)r.width);
        if (EGifPutLine(w->gif, w->line, (int)r.width) == GIF_ERROR)
            return gif_failed(w->gif->Error);
    }
    return OK;
}

/* Screen, palette and the mark that makes viewers repeat for ever. */
static enum status put_header(struct gif_writer *w)
{
    enum status status = OK;
    static const unsigned char forever[3] = {1, 0, 0};
    GifColorType colours[COLOURS];
    for (int i = 0; i < COLOURS; i++)
        colours[i] = (GifColorType){w->palette[i].red, w->palette[i].green, w->palette[i].blue};
    ColorMapObject *map = GifMakeMapObject(COLOURS, colours);
    if (map == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a palette");
    EGifSetGifVersion(w->gif, true);
    if (EGifPutScreenDesc(w->gif, (int)w->width, (int)w->height, 8, 0, map) == GIF_ERROR ||
        EGifPutExtensionLeader(w->gif, APPLICATION_EXT_FUNC_CODE) == GIF_ERROR ||
        EGifPutExtensionBlock(w->gif, 11, "NETSCAPE2.0") == GIF_ERROR ||
        EGifPutExtensionBlock(w->gif, sizeof forever, forever) == GIF_ERROR ||
        EGifPutExtensionTrailer(w->gif) == GIF_ERROR)
        TRY_GOTO(gif_failed(w->gif->Error), cleanup);
cleanup:
    GifFreeMapObject(map);
    return status;
}

static enum status put_frames(struct gif_writer *w, struct picture_series *series, int64_t count,
                              int delay)
{
    for (int64_t frame = 0; frame < count; frame++) {
        TRY(picture_series_render(w->rgb, series, frame));
        look_up(w);
        struct rectangle all = {0, 0, w->width, w->height};
        TRY(put_image(w, frame == 0 ? all : changed(w), delay));
        unsigned char *swap = w->before;
        w->before = w->shown;
        w->shown = swap;
    }
    return OK;
}

static int append_bytes(GifFileType *gif, const GifByteType *bytes, int count)
{
    struct text *out = gif->UserData;
    text_append_bytes(out, bytes, (size_t)count);
    return out->status == OK ? count : 0;
}

static enum status encode(struct text *out, struct gif_writer *w, struct picture_series *series,
                          int64_t count, int delay)
{
    enum status status = OK;
    int code = 0;
    w->gif = EGifOpen(out, append_bytes, &code);
    if (w->gif == NULL)
        return gif_failed(code);
    TRY_GOTO(put_header(w), cleanup);
    TRY_GOTO(put_frames(w, series, count, delay), cleanup);
cleanup:
    if (EGifCloseFile(w->gif, &code) == GIF_ERROR && status == OK)
        status = gif_failed(code);
    return status;
}

static enum status prepare(struct gif_writer *w, const struct picture *picture,
                           const struct picture_series *series)
{
    picture_series_size(&w->width, &w->height, series);
    int64_t pixels = w->width * w->height;
    fill_palette(w, picture);
    for (int i = 0; i < CUBE; i++)
        w->nearest[i] = -1;
    TRY(ARRAY_NEW(w->rgb, 3 * pixels));
    TRY(ARRAY_NEW(w->shown, pixels));
    TRY(ARRAY_NEW(w->before, pixels));
    TRY(ARRAY_NEW(w->line, w->width));
    return OK;
}

enum status animation_write_gif(const char *path, const struct picture *picture,
                                const struct picture_frames *frames, double seconds)
{
    enum status status = OK;
    struct picture small = *picture;
    struct picture_series *series = NULL;
    struct text bytes = {0};
    struct gif_writer *w = NULL;
    if (frames->count < 1)
        return FAIL(ERR_INTERNAL, "an animation without frames");
    if (small.zoom == 0)
        small.zoom = 1;
    w = calloc(1, sizeof *w);
    if (w == NULL)
        return FAIL(ERR_MEMORY, "out of memory for an animation");
    TRY_GOTO(picture_series_create(&series, &small, frames), cleanup);
    TRY_GOTO(prepare(w, &small, series), cleanup);
    int delay = (int)lround(fmin(fmax(seconds, 0.02), 600) * 100);
    TRY_GOTO(encode(&bytes, w, series, frames->count, delay), cleanup);
    TRY_GOTO(bytes.status, cleanup);
    TRY_GOTO(atomic_file_write(path, bytes.data, bytes.length), cleanup);
cleanup:
    picture_series_destroy(series);
    text_fini(&bytes);
    if (w != NULL) {
        array_free(w->rgb);
        array_free(w->shown);
        array_free(w->before);
        array_free(w->line);
    }
    free(w);
    return status;
}
