/* SPDX-License-Identifier: Apache-2.0
 *
 * What is read of pictures, and the body they show against the bilinear interpolation, evaluated
 * here on its own: zero points along the lines of a fine grid are dense points of the contour. */
#include "bitmap.h"

#include "array.h"
#include "body.h"
#include "outline_probe.h"
#include "png_maker.h"
#include "temporary_folder.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct bitmap *decode(const struct png_maker *png)
{
    struct bitmap *bitmap = NULL;
    cr_assert_eq(bitmap_decode(&bitmap, png->bytes, png->size), OK, "%s", error_message());
    return bitmap;
}

/* A grey picture from text, one character a pixel: '#' black, '.' white, '0'..'9' light to dark. */
static struct bitmap *from_text(const char *text)
{
    static struct png_maker png;
    unsigned char pixels[1024];
    uint32_t width = (uint32_t)strcspn(text, "/"), count = 0;
    for (const char *at = text; *at != '\0'; at++)
        if (*at != '/')
            pixels[count++] = *at == '#'   ? 0
                              : *at == '.' ? 255
                                           : (unsigned char)(240 - 24 * (*at - '0'));
    png_maker_grey(&png, pixels, width, count / width);
    return decode(&png);
}

static enum status create(struct body **out, const struct bitmap *bitmap, double size)
{
    *out = NULL;
    error_clear();
    return body_create(
        out,
        &(struct body_spec){.family = "bitmap", .x = 1, .y = 2, .size = size, .bitmap = bitmap});
}

/* One pixel, as written for a kind of PNG; how dark it is to be. */
Test(bitmap, every_kind_of_png_is_read_by_how_dark_it_looks_on_white)
{
    static const struct {
        int depth, colour;
        size_t stride;
        unsigned char row[16];
        int64_t darkness; /* of the only pixel, of 65535 */
    } kinds[] = {
        {1, 0, 1, {0x00}, 65535},
        {1, 0, 1, {0x80}, 0},
        {2, 0, 1, {0x40}, 65535 - 21845},
        {4, 0, 1, {0xC0}, 65535 - 12 * 4369},
        {8, 0, 1, {100}, 65535 - 100 * 257},
        {16, 0, 2, {0x12, 0x34}, 65535 - 0x1234},
        {8, 2, 3, {255, 0, 0}, 51602}, /* 1 - 0.2126 */
        {8, 2, 3, {0, 255, 0}, 18664}, /* 1 - 0.7152 */
        {8, 2, 3, {0, 0, 255}, 60803}, /* 1 - 0.0722 */
        {16, 2, 6, {0, 1, 0, 1, 0, 1}, 65534},
        {8, 4, 2, {0, 128}, 128 * 257}, /* black, half there */
        {8, 4, 2, {0, 0}, 0},           /* black, not there */
        {16, 4, 4, {0, 0, 0x80, 0x01}, 0x8001},
        {8, 6, 4, {0, 0, 0, 255}, 65535},
        {8, 6, 4, {255, 255, 255, 255}, 0},
        {16, 6, 8, {0, 0, 0, 0, 0, 0, 0x40, 0}, 0x4000},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        static struct png_maker png;
        png_maker_begin(&png, 1, 1, kinds[i].depth, kinds[i].colour);
        png_maker_rows(&png, kinds[i].row, 1, kinds[i].stride);
        struct bitmap *bitmap = decode(&png);
        cr_expect_eq(bitmap_darkness(bitmap, 0, 0), kinds[i].darkness, "kind %zu: %lld", i,
                     (long long)bitmap_darkness(bitmap, 0, 0));
        bitmap_destroy(bitmap);
    }
}

Test(bitmap, a_palette_with_transparent_entries_is_read)
{
    static struct png_maker png;
    static const unsigned char palette[] = {255, 255, 255, 0, 0, 0, 0, 0, 0};
    static const unsigned char alpha[] = {255, 255, 64};
    static const unsigned char row[] = {0x18}; /* 2 bits each: 0, 1, 2 */
    png_maker_begin(&png, 3, 1, 2, 3);
    png_maker_chunk(&png, "PLTE", palette, sizeof palette);
    png_maker_chunk(&png, "tRNS", alpha, sizeof alpha);
    png_maker_rows(&png, row, 1, 1);
    struct bitmap *bitmap = decode(&png);
    cr_expect_eq(bitmap_darkness(bitmap, 0, 0), 0);
    cr_expect_eq(bitmap_darkness(bitmap, 1, 0), 65535);
    cr_expect_eq(bitmap_darkness(bitmap, 2, 0), 64 * 257);
    bitmap_destroy(bitmap);
}

Test(bitmap, rows_count_from_below_and_outside_is_light)
{
    struct bitmap *bitmap = from_text("#../...");
    cr_expect_eq(bitmap_width(bitmap), 3);
    cr_expect_eq(bitmap_height(bitmap), 2);
    cr_expect_eq(bitmap_darkness(bitmap, 0, 1), 65535);
    cr_expect_eq(bitmap_darkness(bitmap, 0, 0), 0);
    cr_expect_eq(bitmap_darkness(bitmap, -1, 1), 0);
    cr_expect_eq(bitmap_darkness(bitmap, 0, 2), 0);
    bitmap_destroy(bitmap);
}

/* Half the darkness is above 0. In pixels from the lower left corner of the picture. */
static double interpolant(const struct bitmap *bitmap, double x, double y)
{
    double u = x - 0.5, v = y - 0.5, i = floor(u), j = floor(v), p = u - i, q = v - j, sum = 0;
    for (int k = 0; k < 4; k++) {
        double weight = (k % 2 == 1 ? p : 1 - p) * (k / 2 == 1 ? q : 1 - q);
        sum += weight * (double)bitmap_darkness(bitmap, (int64_t)i + k % 2, (int64_t)j + k / 2);
    }
    return sum / 65535 - 0.5;
}

struct points {
    double *at; /* [count][2], pixels */
    int64_t count;
};

enum { FINE = 64, DENSE_MAX = 40000 };

static const double half_step = 0.7072 / FINE; /* pixels: half the way between neighbours */

/* Along one line of the fine grid, of which axis is the direction. */
static void collect_line(struct points *points, const struct bitmap *bitmap, int axis, double place,
                         double length)
{
    double last = -1;
    for (int64_t k = 1; k <= (int64_t)length * FINE; k++) {
        double t = -1 + (double)k / FINE;
        double value = axis == 0 ? interpolant(bitmap, t, place) : interpolant(bitmap, place, t);
        if ((value > 0) != (last > 0)) {
            double root = t - value / (value - last) / FINE; // linear along either axis
            cr_assert_lt(points->count, DENSE_MAX);
            points->at[2 * points->count + axis] = root;
            points->at[2 * points->count + 1 - axis] = place;
            points->count++;
        }
        last = value;
    }
}

static struct points contour_points(const struct bitmap *bitmap)
{
    struct points points = {NULL, 0};
    double width = (double)bitmap_width(bitmap) + 2, height = (double)bitmap_height(bitmap) + 2;
    points.at = malloc(DENSE_MAX * 2 * sizeof *points.at);
    cr_assert_not_null(points.at);
    for (int64_t k = 0; k <= (int64_t)height * FINE; k++)
        collect_line(&points, bitmap, 0, -1 + (double)k / FINE, width);
    for (int64_t k = 0; k <= (int64_t)width * FINE; k++)
        collect_line(&points, bitmap, 1, -1 + (double)k / FINE, height);
    return points;
}

/* The picture in cells, so that its body is `size` wide and its middle at (1, 2). */
struct placing {
    double scale, x, y;
};

static struct placing place_points(struct points *points, double size)
{
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    for (int64_t k = 0; k < 2 * points->count; k++) {
        low[k % 2] = fmin(low[k % 2], points->at[k]);
        high[k % 2] = fmax(high[k % 2], points->at[k]);
    }
    struct placing placing = {size / (high[0] - low[0]), (low[0] + high[0]) / 2,
                              (low[1] + high[1]) / 2};
    for (int64_t k = 0; k < points->count; k++) {
        points->at[2 * k] = 1 + (points->at[2 * k] - placing.x) * placing.scale;
        points->at[2 * k + 1] = 2 + (points->at[2 * k + 1] - placing.y) * placing.scale;
    }
    return placing;
}

static double nearest_point(const struct points *points, double x, double y)
{
    double least = INFINITY;
    for (int64_t k = 0; k < points->count; k++)
        least = fmin(least, hypot(points->at[2 * k] - x, points->at[2 * k + 1] - y));
    return least;
}

static double worst_error(const struct bitmap *bitmap, double size, uint64_t *counter)
{
    struct body *body;
    struct points points = contour_points(bitmap);
    struct placing placing = place_points(&points, size);
    double worst = 0, box[4];
    cr_assert_eq(create(&body, bitmap, size), OK, "%s", error_message());
    body_bounds(box, body);
    cr_expect_float_eq(box[1] - box[0], size, 1e-9 * size);
    for (int k = 0; k < 150; k++) {
        double x = outline_probe_uniform(counter, box[0] - size / 4, box[1] + size / 4);
        double y = outline_probe_uniform(counter, box[2] - size / 4, box[3] + size / 4);
        double distance = body_distance(body, x, y);
        double value = interpolant(bitmap, (x - 1) / placing.scale + placing.x,
                                   (y - 2) / placing.scale + placing.y);
        double brute = nearest_point(&points, x, y), amount = fabs(distance);
        worst = fmax(worst, fmax(amount - brute, brute - hypot(amount, half_step * placing.scale)));
        if (fabs(distance) > 1e-4)
            cr_assert_eq(distance<0, value> 0, "(%g, %g): %g, %g", x, y, distance, value);
    }
    body_destroy(body);
    free(points.at);
    return worst;
}

Test(bitmap, distance_is_that_to_the_half_dark_contour_of_the_bilinear_interpolation)
{
    static const char *const pictures[] = {
        "#.",
        "##.",
        "./#/.",
        ".3./5#4/.2.",
        "....../.####./.#..#./.#.../....../",
        "#3#/3#4/#3#",
        "..##../.####./######/.####./..##..",
        "4#9/#5#/68#",
        "#.#/###",
        "#8./8##/.##",
        "9..../79.../.79../..79./...79",
        "....../.23#9./1###4./.67#3./......",
    };
    uint64_t counter = UINT64_C(5) << 40;
    double worst = 0;
    for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++) {
        struct bitmap *bitmap = from_text(pictures[i]);
        worst = fmax(worst, worst_error(bitmap, 4, &counter));
        bitmap_destroy(bitmap);
    }
    fprintf(stderr, "bitmaps: largest error %.1e cells\n", worst);
    cr_expect_leq(worst, 1e-3, "%g", worst);
}

/* Pictures of random greys about a dark middle: most are refused, those that are not are right. */
Test(bitmap, random_pictures_are_right_or_refused)
{
    uint64_t counter = UINT64_C(6) << 40;
    double worst = 0;
    int taken = 0;
    for (int n = 0; n < 150; n++) {
        static struct png_maker png;
        unsigned char pixels[25];
        for (int k = 0; k < 25; k++) {
            double middle = hypot(k % 5 - 2, k / 5 - 2);
            pixels[k] = (unsigned char)fmin(255, outline_probe_uniform(&counter, 0, 170 * middle));
        }
        png_maker_grey(&png, pixels, 5, 5);
        struct bitmap *bitmap = decode(&png);
        struct body *body;
        if (create(&body, bitmap, 3) == OK) {
            body_destroy(body);
            worst = fmax(worst, worst_error(bitmap, 3, &counter));
            taken++;
        }
        bitmap_destroy(bitmap);
    }
    fprintf(stderr, "%d random pictures of 150: largest error %.1e cells\n", taken, worst);
    cr_expect(taken > 30 && taken < 120, "%d", taken);
    cr_expect_leq(worst, 1e-3, "%g", worst);
}

Test(bitmap, the_margin_of_a_picture_does_not_matter)
{
    struct bitmap *bare = from_text("#8./8##/.##"),
                  *wide = from_text("...../#8.../8##../.##../.....");
    struct body *a, *b;
    uint64_t counter = UINT64_C(7) << 40;
    cr_assert_eq(create(&a, bare, 6), OK);
    cr_assert_eq(create(&b, wide, 6), OK);
    for (int k = 0; k < 200; k++) {
        double x = outline_probe_uniform(&counter, -4, 6),
               y = outline_probe_uniform(&counter, -3, 7);
        cr_assert_float_eq(body_distance(a, x, y), body_distance(b, x, y), 1e-12);
    }
    body_destroy(a);
    body_destroy(b);
    bitmap_destroy(bare);
    bitmap_destroy(wide);
}

Test(bitmap, pictures_that_show_no_single_body_are_refused_with_the_place)
{
    static const struct {
        const char *picture, *message;
    } bad[] = {
        {"...", "shows no body"},
        {"4.4/.4.", "shows no body"},
        {"###/###", "every pixel of the picture is dark"},
        {"###./#.#./###.",
         "has a hole, which a flow cannot reach; fill it: it ends at column 2, row 2"},
        {"..###/..#.#/..###/#....", "it ends at column 4, row 2"},
        {"#.#", "several bodies, of which each needs a picture of its own; another one begins at "
                "column 3, row 1"},
        {"##.../##.../....#", "another one begins at column 5, row 3"},
        {"#./.#", "touch at a corner only"},
        {".#/#.", "of which one is column 1, row 2 of the picture"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct body *body;
        struct bitmap *bitmap = from_text(bad[i].picture);
        cr_expect_eq(create(&body, bitmap, 4), ERR_CONFIG, "%s", bad[i].picture);
        cr_expect_not_null(strstr(error_message(), bad[i].message), "%s: %s", bad[i].picture,
                           error_message());
        cr_expect_eq(strstr(error_message(), "bitmap: "), error_message());
        bitmap_destroy(bitmap);
    }
    struct body *body;
    cr_expect_eq(create(&body, NULL, 4), ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "a picture is needed"));
}

/* Grey a hair on either side of the saddle: joined, or two bodies. */
Test(bitmap, the_saddle_of_the_interpolation_says_what_is_joined)
{
    static struct png_maker png;
    for (int hair = -1; hair <= 1; hair += 2) {
        unsigned char pixels[4] = {0, 255, (unsigned char)(hair > 0 ? 254 : 255),
                                   (unsigned char)(hair > 0 ? 0 : 1)};
        struct body *body;
        png_maker_grey(&png, pixels, 2, 2);
        struct bitmap *bitmap = decode(&png);
        enum status status = create(&body, bitmap, 4);
        cr_expect_eq(status, hair > 0 ? OK : ERR_CONFIG, "%s", error_message());
        if (hair < 0)
            cr_expect_not_null(strstr(error_message(), "several bodies"), "%s", error_message());
        body_destroy(body);
        bitmap_destroy(bitmap);
    }
}

/* A comb: dark spine, every other column a tooth; one bit a pixel. */
static struct bitmap *make_comb(uint32_t side)
{
    enum { BYTES_MAX = 640 * 80 };
    static struct png_maker png;
    static unsigned char pixels[BYTES_MAX];
    size_t stride = side / 8;
    cr_assert_leq(side * stride, BYTES_MAX);
    for (size_t k = 0; k < side * stride; k++)
        pixels[k] = k < stride ? 0 : 0x55;
    png_maker_begin(&png, side, side, 1, 0);
    png_maker_rows(&png, pixels, side, stride);
    return decode(&png);
}

Test(bitmap, an_outline_through_too_many_pixels_is_refused)
{
    struct body *body;
    struct bitmap *bitmap = make_comb(160);
    cr_expect_eq(create(&body, bitmap, 60), OK, "%s", error_message());
    body_destroy(body);
    bitmap_destroy(bitmap);
    bitmap = make_comb(640);
    cr_expect_eq(create(&body, bitmap, 60), ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "passes more than 200000 pixels"), "%s",
                       error_message());
    bitmap_destroy(bitmap);
}

Test(bitmap, too_large_a_picture_is_refused_before_its_pixels_are_read)
{
    static struct png_maker png;
    struct bitmap *bitmap = NULL;
    static const uint32_t sizes[][2] = {{2049, 1}, {1, 2049}, {1000000, 1000000}, {0x7FFFFFFF, 1}};
    for (int k = 0; k < 4; k++) {
        png_maker_begin(&png, sizes[k][0], sizes[k][1], 8, 0);
        png_maker_rows(&png, (const unsigned char *)"", 1, 1);
        enum status status = bitmap_decode(&bitmap, png.bytes, png.size);
        cr_expect(status == ERR_CONFIG || status == ERR_DATA);
        cr_expect_null(bitmap);
        if (k < 3)
            cr_expect_not_null(strstr(error_message(), "at most 2048 on a side would do"), "%s",
                               error_message());
    }
}

static struct png_maker sound;

static void make_sound(void)
{
    static const unsigned char pixels[] = {255, 255, 255, 255, 9, 120, 255, 4, 30};
    png_maker_grey(&sound, pixels, 3, 3);
}

Test(bitmap, a_file_cut_short_at_any_place_is_refused)
{
    make_sound();
    for (size_t size = 0; size < sound.size; size++) {
        struct bitmap *bitmap = NULL;
        unsigned char *bytes = malloc(size + 1); /* so that reading beyond is seen */
        cr_assert_not_null(bytes);
        memcpy(bytes, sound.bytes, size);
        error_clear();
        cr_assert_eq(bitmap_decode(&bitmap, bytes, size), ERR_DATA, "%zu bytes", size);
        cr_expect_null(bitmap);
        cr_expect_gt(strlen(error_message()), 10);
        free(bytes);
    }
    struct bitmap *bitmap = decode(&sound);
    bitmap_destroy(bitmap);
}

Test(bitmap, no_changed_byte_is_taken_for_another_picture)
{
    make_sound();
    for (size_t at = 0; at < sound.size; at++)
        for (int bit = 0; bit < 8; bit++) {
            static struct png_maker changed;
            struct bitmap *bitmap = NULL;
            changed = sound;
            changed.bytes[at] ^= (unsigned char)(1 << bit);
            enum status status = bitmap_decode(&bitmap, changed.bytes, changed.size);
            cr_assert(status == ERR_DATA || status == ERR_CONFIG, "byte %zu, bit %d: %d", at, bit,
                      status);
            cr_expect_null(bitmap);
        }
}

/* Sound checksums about unsound contents: what a checksum does not catch. */
Test(bitmap, hostile_files_are_refused)
{
    static struct png_maker png;
    static const unsigned char rows[64] = {0};
    static const struct {
        uint32_t width, height;
        int depth, colour;
        size_t rows, stride;
    } bad[] = {
        {0, 1, 8, 0, 1, 1},  {1, 0, 8, 0, 1, 1},  {2, 2, 3, 0, 2, 2}, {2, 2, 8, 1, 2, 2},
        {2, 2, 8, 5, 2, 2},  {2, 2, 16, 3, 2, 4}, {4, 4, 8, 0, 3, 4}, /* a row is missing */
        {4, 4, 16, 6, 4, 4}, {4, 4, 8, 3, 4, 4},                      /* no palette */
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct bitmap *bitmap = NULL;
        png_maker_begin(&png, bad[i].width, bad[i].height, bad[i].depth, bad[i].colour);
        png_maker_rows(&png, rows, bad[i].rows, bad[i].stride);
        error_clear();
        cr_expect_eq(bitmap_decode(&bitmap, png.bytes, png.size), ERR_DATA, "%zu", i);
        cr_expect_null(bitmap);
        cr_expect_not_null(strstr(error_message(), "the picture is damaged: "), "%s",
                           error_message());
    }
    struct bitmap *bitmap = NULL;
    cr_expect_eq(bitmap_decode(&bitmap, (const unsigned char *)"GIF89a..........", 16), ERR_DATA);
    cr_expect_not_null(strstr(error_message(), "it is no PNG picture"));
}

Test(bitmap, messages_name_the_file, .init = temporary_folder_create,
     .fini = temporary_folder_remove)
{
    struct bitmap *bitmap = NULL;
    temporary_folder_write("logo.png", "no picture at all");
    cr_expect_eq(bitmap_read(&bitmap, temporary_folder_path("logo.png")), ERR_DATA);
    cr_expect_not_null(strstr(error_message(), "logo.png: it is no PNG picture"), "%s",
                       error_message());
    cr_expect_eq(bitmap_read(&bitmap, temporary_folder_path("none.png")), ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "none.png"), "%s", error_message());
    cr_expect_null(bitmap);
}
