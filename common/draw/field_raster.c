/* SPDX-License-Identifier: Apache-2.0 */
#include "field_raster.h"

#include "array.h"

#include <math.h>
#include <string.h>

enum { UNKNOWN_GREY = 225, HISTOGRAM_BINS = 4096 };

struct sampler {
    const struct field_raster *field;
    const float *values; /* carried on into bodies */
};

static int64_t clamp_index(int64_t i, int64_t count)
{
    return i < 0 ? 0 : i >= count ? count - 1 : i;
}

static double value_at(const struct field_raster *field, const float *values, int64_t i, int64_t j)
{
    return values[clamp_index(i, field->nx) * field->ny + clamp_index(j, field->ny)];
}

/* Mean of the known neighbours of a cell; 0 known leaves it alone. */
static int mean_of_neighbours(double *out, const float *values, const unsigned char *known,
                              const struct field_raster *field, int64_t i, int64_t j)
{
    double sum = 0;
    int count = 0;
    for (int64_t a = i - 1; a <= i + 1; a++) {
        for (int64_t b = j - 1; b <= j + 1; b++) {
            if (a < 0 || b < 0 || a >= field->nx || b >= field->ny || known[a * field->ny + b] != 1)
                continue;
            sum += values[a * field->ny + b];
            count++;
        }
    }
    if (count > 0)
        *out = sum / count;
    return count;
}

enum { LAYERS = 3 }; /* as deep as the cubic looks into a body */

/* known: 1 fluid or already filled, 0 not yet, 2 filled in this layer. */
static void carry_on(float *values, unsigned char *known, const struct field_raster *field)
{
    int64_t cells = field->nx * field->ny;
    for (int64_t c = 0; c < cells; c++)
        known[c] = !(field->sdf[c] < 0);
    for (int layer = 0; layer < LAYERS; layer++) {
        for (int64_t c = 0; c < cells; c++) {
            double mean;
            if (known[c] == 0 &&
                mean_of_neighbours(&mean, values, known, field, c / field->ny, c % field->ny) > 0) {
                values[c] = (float)mean;
                known[c] = 2;
            }
        }
        for (int64_t c = 0; c < cells; c++)
            known[c] = known[c] != 0;
    }
}

static void cubic_weights(double *w, double t)
{
    w[0] = 0.5 * t * (-1 + t * (2 - t));
    w[1] = 1 + 0.5 * t * t * (-5 + 3 * t);
    w[2] = 0.5 * t * (1 + t * (4 - 3 * t));
    w[3] = 0.5 * t * t * (t - 1);
}

/* Catmull-Rom over 4 x 4 cells, cut to their least and greatest value; not finite where one of the
 * four nearest is not, those further away then count as the nearest cell. */
static double sample_smooth(const struct sampler *s, double x, double y)
{
    double u = x - 0.5, v = y - 0.5;
    int64_t i = (int64_t)floor(u), j = (int64_t)floor(v);
    double wx[4], wy[4], sum = 0, low = INFINITY, high = -INFINITY;
    cubic_weights(wx, u - (double)i);
    cubic_weights(wy, v - (double)j);
    double nearest = value_at(s->field, s->values, (int64_t)floor(x), (int64_t)floor(y));
    for (int a = 0; a < 4; a++) {
        for (int b = 0; b < 4; b++) {
            double value = value_at(s->field, s->values, i - 1 + a, j - 1 + b);
            if (!isfinite(value))
                value = nearest;
            sum += wx[a] * wy[b] * value;
            low = value < low ? value : low;
            high = value > high ? value : high;
        }
    }
    return isfinite(nearest) ? fmin(fmax(sum, low), high) : nearest;
}

static double sample_distance(const struct field_raster *field, double x, double y)
{
    double u = x - 0.5, v = y - 0.5;
    int64_t i = (int64_t)floor(u), j = (int64_t)floor(v);
    double p = u - (double)i, q = v - (double)j;
    double a = value_at(field, field->sdf, i, j), b = value_at(field, field->sdf, i, j + 1);
    double c = value_at(field, field->sdf, i + 1, j), d = value_at(field, field->sdf, i + 1, j + 1);
    return (1 - p) * ((1 - q) * a + q * b) + p * ((1 - q) * c + q * d);
}

static struct colormap_rgb colour_of(const struct field_raster *field, double value)
{
    if (!isfinite(value))
        return (struct colormap_rgb){UNKNOWN_GREY, UNKNOWN_GREY, UNKNOWN_GREY};
    return colormap_at(field->table, (value - field->low) / (field->high - field->low));
}

static unsigned char blend(unsigned char under, double part)
{
    return (unsigned char)(under + (FIELD_RASTER_BODY_GREY - under) * part + 0.5);
}

static void fill_pixel(unsigned char *rgb, const struct sampler *s, double x, double y,
                       double pixels_per_cell)
{
    double value = s->field->sampling == FIELD_RASTER_SMOOTH
                       ? sample_smooth(s, x, y)
                       : value_at(s->field, s->values, (int64_t)floor(x), (int64_t)floor(y));
    struct colormap_rgb colour = colour_of(s->field, value);
    double inside = 0;
    if (s->field->sdf != NULL && s->field->bodies == FIELD_RASTER_GREY)
        inside = fmin(fmax(0.5 - sample_distance(s->field, x, y) * pixels_per_cell, 0), 1);
    rgb[0] = blend(colour.red, inside);
    rgb[1] = blend(colour.green, inside);
    rgb[2] = blend(colour.blue, inside);
}

enum status field_raster_fill(unsigned char *rgb, int64_t width, int64_t height,
                              const struct field_raster *field)
{
    enum status status = OK;
    int64_t cells = field->nx * field->ny;
    float *carried = NULL;
    unsigned char *known = NULL;
    struct sampler sampler = {.field = field, .values = field->values};
    if (field->sdf != NULL) {
        TRY_GOTO(ARRAY_NEW(carried, cells), cleanup);
        TRY_GOTO(ARRAY_NEW(known, cells), cleanup);
        memcpy(carried, field->values, (size_t)cells * sizeof *carried);
        carry_on(carried, known, field);
        sampler.values = carried;
    }
    double pixels_per_cell = (double)width / (double)field->nx;
    for (int64_t row = 0; row < height; row++) {
        double y = (double)field->ny * (1 - ((double)row + 0.5) / (double)height);
        for (int64_t column = 0; column < width; column++) {
            double x = (double)field->nx * ((double)column + 0.5) / (double)width;
            fill_pixel(rgb + 3 * (row * width + column), &sampler, x, y, pixels_per_cell);
        }
    }
cleanup:
    array_free(carried);
    array_free(known);
    return status;
}

struct histogram {
    double low, high; /* of all values */
    int64_t total, counts[HISTOGRAM_BINS];
};

enum pass { PASS_EXTREMES, PASS_COUNT };

static void collect(struct histogram *h, enum pass pass, const float *field, const float *sdf,
                    int64_t cells)
{
    for (int64_t c = 0; field != NULL && c < cells; c++) {
        double value = field[c];
        if (!isfinite(value) || (sdf != NULL && sdf[c] < 0))
            continue;
        if (pass == PASS_EXTREMES) {
            h->low = h->total == 0 ? value : fmin(h->low, value);
            h->high = h->total == 0 ? value : fmax(h->high, value);
            h->total++;
        } else {
            double place = (value - h->low) / (h->high - h->low) * HISTOGRAM_BINS;
            h->counts[place < HISTOGRAM_BINS ? (int)place : HISTOGRAM_BINS - 1]++;
        }
    }
}

/* Bins that hold together no more than `dropped` values, from one end. */
static int empty_bins(const struct histogram *h, double dropped, int from, int step)
{
    int bins = 0;
    double seen = 0;
    for (int bin = from; bins < HISTOGRAM_BINS - 1; bin += step, bins++) {
        seen += (double)h->counts[bin];
        if (seen > dropped)
            break;
    }
    return bins;
}

void field_raster_range(double *low, double *high, const float *const *fields,
                        const float *const *sdfs, int64_t count, int64_t cells, double trim)
{
    struct histogram h = {0};
    for (int64_t f = 0; f < count; f++)
        collect(&h, PASS_EXTREMES, fields[f], sdfs[f], cells);
    *low = h.low;
    *high = h.high;
    if (trim <= 0 || h.low >= h.high)
        return;
    for (int64_t f = 0; f < count; f++)
        collect(&h, PASS_COUNT, fields[f], sdfs[f], cells);
    double bin = (h.high - h.low) / HISTOGRAM_BINS, dropped = trim * (double)h.total;
    *low = h.low + bin * empty_bins(&h, dropped, 0, 1);
    *high = h.high - bin * empty_bins(&h, dropped, HISTOGRAM_BINS - 1, -1);
}
