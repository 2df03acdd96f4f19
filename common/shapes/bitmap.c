/* SPDX-License-Identifier: Apache-2.0
 *
 * libpng turns every kind of PNG into rows of 16-bit RGBA. It reports by longjmp: everything that
 * must survive that lives in `struct reading`. */
#include "bitmap.h"

#include "array.h"
#include "atomic_file.h"

#include <assert.h>
#include <inttypes.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

enum { FILE_BYTES_MAX = 64 << 20, CHUNK_BYTES_MAX = 4 << 20, CHUNKS_MAX = 100, SIGNATURE = 8 };
enum { CHANNELS = 4, PIXEL_BYTES = 2 * CHANNELS }; /* big-endian RGBA */

struct bitmap {
    int64_t width, height;
    const uint16_t *darkness; /* [height][width], from the lowest row */
    uint16_t *own;            /* the same where it is to be freed */
};

struct reading {
    png_structp png;
    png_infop info;
    const unsigned char *bytes;
    size_t size, used;
    int64_t width, height;
    unsigned char *pixels; /* [height][width][PIXEL_BYTES] */
    unsigned char **rows;  /* [height] */
    char message[128];
};

static void on_error(png_structp png, png_const_charp text)
{
    struct reading *reading = png_get_error_ptr(png);
    snprintf(reading->message, sizeof reading->message, "%s", text);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text)
{
    (void)png;
    (void)text;
}

static void on_read(png_structp png, png_bytep out, size_t size)
{
    struct reading *reading = png_get_io_ptr(png);
    if (size > reading->size - reading->used)
        png_error(png, "it ends too early");
    memcpy(out, reading->bytes + reading->used, size);
    reading->used += size;
}

static enum status fail_damaged(const struct reading *reading)
{
    return FAIL(ERR_DATA, "the picture is damaged: %s", reading->message);
}

/* Size and kind; sets up the conversion. */
static enum status read_header(struct reading *reading)
{
    if (setjmp(png_jmpbuf(reading->png)) != 0)
        return fail_damaged(reading);
    png_set_read_fn(reading->png, reading, on_read);
    png_set_user_limits(reading->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); /* ours speak clearer */
    png_set_chunk_malloc_max(reading->png, CHUNK_BYTES_MAX);
    png_set_chunk_cache_max(reading->png, CHUNKS_MAX);
    png_read_info(reading->png, reading->info);
    reading->width = png_get_image_width(reading->png, reading->info);
    reading->height = png_get_image_height(reading->png, reading->info);
    png_set_expand_16(reading->png); /* palettes and transparent colours too */
    png_set_gray_to_rgb(reading->png);
    png_set_add_alpha(reading->png, BITMAP_DARKEST, PNG_FILLER_AFTER);
    (void)png_set_interlace_handling(reading->png);
    png_read_update_info(reading->png, reading->info);
    return OK;
}

static enum status read_rows(struct reading *reading)
{
    if (setjmp(png_jmpbuf(reading->png)) != 0)
        return fail_damaged(reading);
    if (png_get_rowbytes(reading->png, reading->info) != (size_t)reading->width * PIXEL_BYTES)
        png_error(reading->png, "its pixels have an unknown layout");
    png_read_image(reading->png, reading->rows);
    png_read_end(reading->png, NULL);
    return OK;
}

static enum status check_size(const struct reading *reading)
{
    if (reading->width > BITMAP_SIDE_MAX || reading->height > BITMAP_SIDE_MAX)
        return FAIL(ERR_CONFIG,
                    "the picture has %" PRId64 " x %" PRId64 " pixels; at most %d on a side would "
                    "do",
                    reading->width, reading->height, BITMAP_SIDE_MAX);
    return OK;
}

static enum status read_pixels(struct reading *reading)
{
    TRY(read_header(reading));
    TRY(check_size(reading));
    TRY(ARRAY_NEW(reading->pixels, reading->height * reading->width * PIXEL_BYTES));
    TRY(ARRAY_NEW(reading->rows, reading->height));
    for (int64_t row = 0; row < reading->height; row++)
        reading->rows[row] = reading->pixels + row * reading->width * PIXEL_BYTES;
    TRY(read_rows(reading));
    return OK;
}

/* Opacity times one minus luminance, in 1 / BITMAP_DARKEST, rounded. */
static uint16_t darkness_of(const unsigned char pixel[PIXEL_BYTES])
{
    static const uint64_t weights[3] = {2126, 7152, 722}; /* of 10000 */
    uint64_t value[CHANNELS], light = 0, most = BITMAP_DARKEST;
    for (int k = 0; k < CHANNELS; k++)
        value[k] = (uint64_t)pixel[2 * k] << 8 | pixel[2 * k + 1];
    for (int k = 0; k < 3; k++)
        light += weights[k] * value[k];
    uint64_t dark = value[3] * (10000 * most - light), unit = 10000 * most;
    return (uint16_t)((dark + unit / 2) / unit);
}

static enum status take_darkness(struct bitmap **out, const struct reading *reading)
{
    enum status status = OK;
    struct bitmap *bitmap = NULL;
    TRY(ARRAY_NEW(bitmap, 1));
    bitmap->width = reading->width;
    bitmap->height = reading->height;
    TRY_GOTO(ARRAY_NEW(bitmap->own, bitmap->width * bitmap->height), cleanup);
    bitmap->darkness = bitmap->own;
    for (int64_t j = 0; j < bitmap->height; j++)
        for (int64_t i = 0; i < bitmap->width; i++)
            bitmap->own[j * bitmap->width + i] =
                darkness_of(reading->rows[bitmap->height - 1 - j] + i * PIXEL_BYTES);
    *out = bitmap;
    bitmap = NULL;
cleanup:
    bitmap_destroy(bitmap);
    return status;
}

enum status bitmap_decode(struct bitmap **out, const unsigned char *bytes, size_t size)
{
    enum status status = OK;
    struct reading reading = {.bytes = bytes, .size = size};
    if (size < SIGNATURE || png_sig_cmp(bytes, 0, SIGNATURE) != 0)
        return FAIL(ERR_DATA, "it is no PNG picture");
    reading.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reading, on_error, on_warning);
    if (reading.png != NULL)
        reading.info = png_create_info_struct(reading.png);
    if (reading.info == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "no memory to read a picture"), cleanup);
    TRY_GOTO(read_pixels(&reading), cleanup);
    TRY_GOTO(take_darkness(out, &reading), cleanup);
cleanup:
    png_destroy_read_struct(&reading.png, &reading.info, NULL);
    array_free(reading.rows);
    array_free(reading.pixels);
    return status;
}

enum status bitmap_read(struct bitmap **out, const char *path)
{
    unsigned char *bytes = NULL;
    size_t size;
    enum status status = atomic_file_read(&bytes, &size, path, FILE_BYTES_MAX);
    if (status != OK)
        return status == ERR_DATA ? ERR_CONFIG : status;
    status = bitmap_decode(out, bytes, size);
    array_free(bytes);
    return status == OK ? OK : error_prefix(status, "%s", path);
}

void bitmap_destroy(struct bitmap *bitmap)
{
    if (bitmap == NULL)
        return;
    array_free(bitmap->own);
    array_free(bitmap);
}

int64_t bitmap_width(const struct bitmap *bitmap)
{
    return bitmap->width;
}

int64_t bitmap_height(const struct bitmap *bitmap)
{
    return bitmap->height;
}

int64_t bitmap_darkness(const struct bitmap *bitmap, int64_t i, int64_t j)
{
    int inside = i >= 0 && i < bitmap->width && j >= 0 && j < bitmap->height;
    return inside ? bitmap->darkness[j * bitmap->width + i] : 0;
}

/* Soft edges, a notch, a place where only the bilinear surface says what is joined; the second
 * touches its border, the third is black and white. */
static const uint16_t drop[6 * 7] = {
    0, 0,     9000,  20000, 4000,  0,     0, //
    0, 30000, 65535, 65535, 60000, 22000, 0, //
    0, 52000, 65535, 50000, 65535, 41000, 0, //
    0, 47000, 65535, 65535, 65535, 12000, 0, //
    0, 3000,  39000, 61000, 20000, 0,     0, //
    0, 0,     0,     5000,  0,     0,     0, //
};
static const uint16_t bracket[5 * 5] = {
    65535, 65535, 65535, 65535, 40000, //
    65535, 20000, 10000, 15000, 0,     //
    65535, 0,     60000, 65535, 0,     //
    65535, 42000, 33000, 50000, 0,     //
    65535, 65535, 65535, 48000, 3000,  //
};
static const uint16_t cross[5 * 6] = {
    0,     0,     65535, 65535, 0,     0,     //
    0,     0,     65535, 65535, 0,     0,     //
    65535, 65535, 65535, 65535, 65535, 65535, //
    0,     0,     65535, 65535, 0,     0,     //
    0,     0,     65535, 0,     0,     0,     //
};

const struct bitmap *bitmap_example(int64_t index)
{
    static const struct bitmap examples[BITMAP_EXAMPLES] = {
        {7, 6, drop, NULL}, {5, 5, bracket, NULL}, {6, 5, cross, NULL}};
    assert(index >= 0 && index < BITMAP_EXAMPLES);
    return &examples[index];
}
