/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign_samples.h"

#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NX = FOREIGN_SAMPLES_NX,
    NY = FOREIGN_SAMPLES_NY,
    FRAMES = FOREIGN_SAMPLES_FRAMES,
    CASES = FOREIGN_SAMPLES_CASES,
    PATH = 4096
};

/* ---- values ---- */

float foreign_samples_sdf(int64_t x, int64_t y)
{
    double dx = (double)x + 0.5 - 4.0, dy = (double)y + 0.5 - 4.0;
    return (float)((sqrt(dx * dx + dy * dy) - 1.6) * FOREIGN_SAMPLES_SIDE);
}

float foreign_samples_value(int64_t sample, int64_t frame, int field, int64_t x, int64_t y)
{
    if (foreign_samples_sdf(x, y) < 0)
        return field == 0 ? 1.0F : 0.0F;
    double phase = 0.3 * (double)x + 0.7 * (double)y + 0.4 * (double)frame + (double)sample;
    if (field == 0)
        return (float)(1.0 + 0.01 * sin(phase));
    return (float)(field == 1 ? FOREIGN_SAMPLES_SPEED + (x > 0 ? 0.2 * cos(phase) : 0)
                              : 0.3 * sin(2 * phase));
}

/* ---- parts of a file ---- */

/* A file in the making; `bad` once libhdf5 refused something. */
struct sample {
    hid_t file;
    int bad;
    const char *path;
};

static hid_t check(struct sample *sample, hid_t id)
{
    sample->bad |= id < 0;
    return id;
}

static void put_attribute(struct sample *sample, const char *path, const char *key, hid_t type,
                          hsize_t count, const void *data)
{
    hid_t space = count == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &count, NULL);
    hid_t made = check(sample, H5Acreate_by_name(sample->file, path, key, type, space, H5P_DEFAULT,
                                                 H5P_DEFAULT, H5P_DEFAULT));
    sample->bad |= H5Awrite(made, type, data) < 0;
    H5Aclose(made);
    H5Sclose(space);
}

/* As h5py writes them, or of fixed length as others do. */
static void put_texts(struct sample *sample, const char *path, const char *key, size_t size,
                      hsize_t count, const void *data)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, size > 0 ? size : H5T_VARIABLE);
    put_attribute(sample, path, key, type, count, data);
    H5Tclose(type);
}

static void put_text(struct sample *sample, const char *path, const char *key, const char *text)
{
    put_texts(sample, path, key, 0, 0, &text);
}

static hid_t bool_type(void)
{
    const signed char no = 0, yes = 1;
    hid_t type = H5Tenum_create(H5T_STD_I8LE);
    H5Tenum_insert(type, "FALSE", &no);
    H5Tenum_insert(type, "TRUE", &yes);
    return type;
}

static void put_varying(struct sample *sample, const char *path, int by_sample, int by_time,
                        int axes)
{
    const signed char bits[] = {(signed char)by_sample, (signed char)by_time, 1, 1};
    hid_t type = bool_type();
    put_attribute(sample, path, "sample_varying", type, 0, &bits[0]);
    put_attribute(sample, path, "time_varying", type, 0, &bits[1]);
    if (axes)
        put_attribute(sample, path, "dim_varying", type, 2, &bits[2]);
    H5Tclose(type);
}

static void put_group(struct sample *sample, const char *path)
{
    hid_t made =
        check(sample, H5Gcreate2(sample->file, path, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Gclose(made);
}

static void put_array(struct sample *sample, const char *path, hid_t type, hid_t list, int rank,
                      const hsize_t *dims, hid_t memory, const void *data)
{
    hid_t space = rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, dims, NULL);
    hid_t made =
        check(sample, H5Dcreate2(sample->file, path, type, space, H5P_DEFAULT, list, H5P_DEFAULT));
    if (data != NULL)
        sample->bad |= H5Dwrite(made, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0;
    H5Dclose(made);
    H5Sclose(space);
}

/* ---- the whole of a good file ---- */

static void put_coordinate(struct sample *sample, const char *path, hsize_t count, double first,
                           double step)
{
    float values[64];
    for (hsize_t i = 0; i < count; i++)
        values[i] = (float)(first + step * (double)i);
    put_array(sample, path, H5T_IEEE_F32LE, H5P_DEFAULT, 1, &count, H5T_NATIVE_FLOAT, values);
    put_varying(sample, path, 0, 0, 0);
}

static void put_head(struct sample *sample)
{
    static const char names[2][4] = {"x", "y"};
    const int64_t dims = 2, cases = CASES;
    put_text(sample, "/", "grid_type", "cartesian");
    put_text(sample, "/", "dataset_name", "other people's flow");
    put_attribute(sample, "/", "n_spatial_dims", H5T_NATIVE_INT64, 0, &dims);
    put_attribute(sample, "/", "n_trajectories", H5T_NATIVE_INT64, 0, &cases);
    put_group(sample, "/dimensions");
    put_texts(sample, "/dimensions", "spatial_dims", sizeof names[0], 2, names);
    put_coordinate(sample, "/dimensions/x", NX, 10.0, FOREIGN_SAMPLES_SIDE);
    put_coordinate(sample, "/dimensions/y", NY, -1.0, FOREIGN_SAMPLES_SIDE);
    put_coordinate(sample, "/dimensions/time", FRAMES, 3.0, FOREIGN_SAMPLES_INTERVAL);
    put_group(sample, "/boundary_conditions");
    put_group(sample, "/boundary_conditions/y_periodic");
    put_texts(sample, "/boundary_conditions/y_periodic", "associated_dims", sizeof names[0], 1,
              names[1]);
    put_text(sample, "/boundary_conditions/y_periodic", "bc_type", "PERIODIC");
    put_group(sample, "/scalars");
    put_group(sample, "/t0_fields");
    put_group(sample, "/t1_fields");
    put_group(sample, "/t2_fields");
}

/* A number that all trajectories share, in an array of one. */
static void put_reynolds(struct sample *sample)
{
    const hsize_t one = 1;
    const float value = 80.0F;
    put_array(sample, "/scalars/Re", H5T_IEEE_F32LE, H5P_DEFAULT, 1, &one, H5T_NATIVE_FLOAT,
              &value);
    put_varying(sample, "/scalars/Re", 0, 0, 0);
}

static void put_density(struct sample *sample, hid_t list)
{
    static float values[CASES * FRAMES * NX * NY];
    const hsize_t dims[] = {CASES, FRAMES, NX, NY};
    size_t at = 0;
    for (int n = 0; n < CASES; n++)
        for (int t = 0; t < FRAMES; t++)
            for (int x = 0; x < NX; x++)
                for (int y = 0; y < NY; y++)
                    values[at++] = foreign_samples_value(n, t, 0, x, y);
    put_array(sample, "/t0_fields/density", H5T_IEEE_F32LE, list, 4, dims, H5T_NATIVE_FLOAT,
              values);
    put_varying(sample, "/t0_fields/density", 1, 1, 1);
}

static void put_velocity(struct sample *sample, hid_t type, hid_t list, float spoilt)
{
    static float values[CASES * FRAMES * NX * NY * 2];
    const hsize_t dims[] = {CASES, FRAMES, NX, NY, 2};
    size_t at = 0;
    for (int n = 0; n < CASES; n++)
        for (int t = 0; t < FRAMES; t++)
            for (int x = 0; x < NX; x++)
                for (int y = 0; y < NY; y++, at += 2) {
                    values[at] = foreign_samples_value(n, t, 1, x, y);
                    values[at + 1] = foreign_samples_value(n, t, 2, x, y);
                }
    if (spoilt != 0.0F)
        values[at - 1] = spoilt;
    put_array(sample, "/t1_fields/velocity", type, list, 5, dims, H5T_NATIVE_FLOAT, values);
    put_varying(sample, "/t1_fields/velocity", 1, 1, 1);
}

/* The same for all trajectories and times. */
static void put_plane(struct sample *sample, const char *path, int mask)
{
    float values[NX * NY];
    const hsize_t dims[] = {NX, NY};
    for (int x = 0; x < NX; x++)
        for (int y = 0; y < NY; y++)
            values[x * NY + y] = mask ? foreign_samples_sdf(x, y) < 0 : foreign_samples_sdf(x, y);
    put_array(sample, path, H5T_IEEE_F32LE, H5P_DEFAULT, 2, dims, H5T_NATIVE_FLOAT, values);
    put_varying(sample, path, 0, 0, 1);
}

static void put_good(struct sample *sample)
{
    put_head(sample);
    put_reynolds(sample);
    put_density(sample, H5P_DEFAULT);
    put_velocity(sample, H5T_IEEE_F32LE, H5P_DEFAULT, 0);
    put_plane(sample, "/t0_fields/sdf", 0);
}

/* ---- kinds ---- */

/* Chunks, gzip, float64 in the file; a mask and no sdf. */
static void put_packed(struct sample *sample)
{
    const hsize_t chunk[] = {1, 2, NX, NY, 2};
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    put_head(sample);
    put_reynolds(sample);
    H5Pset_chunk(list, 4, chunk);
    H5Pset_shuffle(list);
    H5Pset_deflate(list, 4);
    put_density(sample, list);
    H5Pset_chunk(list, 5, chunk);
    put_velocity(sample, H5T_IEEE_F64LE, list, 0);
    put_plane(sample, "/t0_fields/mask", 1);
    H5Pclose(list);
}

/* Uniform density that is stored along no axis at all but time; no body. */
static void put_sparse(struct sample *sample)
{
    const hsize_t frames = FRAMES;
    const float values[FRAMES] = {1.0F, 1.01F, 1.02F, 1.03F};
    const signed char axes[] = {0, 0};
    hid_t type = bool_type();
    put_head(sample);
    put_reynolds(sample);
    put_array(sample, "/t0_fields/density", H5T_IEEE_F32LE, H5P_DEFAULT, 1, &frames,
              H5T_NATIVE_FLOAT, values);
    put_varying(sample, "/t0_fields/density", 0, 1, 0);
    put_attribute(sample, "/t0_fields/density", "dim_varying", type, 2, axes);
    put_velocity(sample, H5T_IEEE_F32LE, H5P_DEFAULT, 0);
    H5Tclose(type);
}

static void put_no_reynolds(struct sample *sample)
{
    put_head(sample);
    put_density(sample, H5P_DEFAULT);
    put_velocity(sample, H5T_IEEE_F32LE, H5P_DEFAULT, 0);
    put_plane(sample, "/t0_fields/sdf", 0);
}

static void put_spoilt(struct sample *sample)
{
    put_head(sample);
    put_reynolds(sample);
    put_density(sample, H5P_DEFAULT);
    put_velocity(sample, H5T_IEEE_F32LE, H5P_DEFAULT, NAN);
    put_plane(sample, "/t0_fields/sdf", 0);
}

static void put_external_storage(struct sample *sample)
{
    const hsize_t dims[] = {CASES, FRAMES, NX, NY};
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    put_head(sample);
    put_reynolds(sample);
    H5Pset_external(list, "/etc/passwd", 0, sizeof(float) * CASES * FRAMES * NX * NY);
    put_array(sample, "/t0_fields/density", H5T_IEEE_F32LE, list, 4, dims, H5T_NATIVE_FLOAT, NULL);
    put_varying(sample, "/t0_fields/density", 1, 1, 1);
    put_velocity(sample, H5T_IEEE_F32LE, H5P_DEFAULT, 0);
    H5Pclose(list);
}

static void put_virtual(struct sample *sample)
{
    const hsize_t dims[] = {CASES, FRAMES, NX, NY};
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    hid_t space = H5Screate_simple(4, dims, NULL);
    put_head(sample);
    put_reynolds(sample);
    sample->bad |= H5Pset_virtual(list, space, "elsewhere.h5", "/density", space) < 0;
    put_array(sample, "/t0_fields/density", H5T_IEEE_F32LE, list, 4, dims, H5T_NATIVE_FLOAT, NULL);
    put_varying(sample, "/t0_fields/density", 1, 1, 1);
    put_velocity(sample, H5T_IEEE_F32LE, H5P_DEFAULT, 0);
    H5Sclose(space);
    H5Pclose(list);
}

static void put_soft_link(struct sample *sample)
{
    put_good(sample);
    sample->bad |= H5Lcreate_soft("/t0_fields/density", sample->file, "/t0_fields/rho", H5P_DEFAULT,
                                  H5P_DEFAULT) < 0;
}

static void put_external_link(struct sample *sample)
{
    put_good(sample);
    sample->bad |= H5Lcreate_external("elsewhere.h5", "/pressure", sample->file,
                                      "/t0_fields/pressure", H5P_DEFAULT, H5P_DEFAULT) < 0;
}

static void put_unknown_filter(struct sample *sample)
{
    const hsize_t dims[] = {CASES, FRAMES, NX, NY}, chunk[] = {1, 2, NX, NY};
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    put_head(sample);
    put_reynolds(sample);
    H5Pset_chunk(list, 4, chunk);
    sample->bad |= H5Pset_filter(list, 32015, H5Z_FLAG_OPTIONAL, 0, NULL) < 0;
    put_array(sample, "/t0_fields/density", H5T_IEEE_F32LE, list, 4, dims, H5T_NATIVE_FLOAT, NULL);
    put_varying(sample, "/t0_fields/density", 1, 1, 1);
    put_velocity(sample, H5T_IEEE_F32LE, H5P_DEFAULT, 0);
    H5Pclose(list);
}

static void put_cycle(struct sample *sample)
{
    put_good(sample);
    sample->bad |= H5Lcreate_hard(sample->file, "/t1_fields", sample->file, "/t1_fields/again",
                                  H5P_DEFAULT, H5P_DEFAULT) < 0;
}

static void put_root_cycle(struct sample *sample)
{
    put_good(sample);
    sample->bad |= H5Lcreate_hard(sample->file, "/", sample->file, "/t2_fields/root", H5P_DEFAULT,
                                  H5P_DEFAULT) < 0;
}

static void put_deep(struct sample *sample)
{
    char path[256] = "/t2_fields";
    put_good(sample);
    for (int i = 0; i < 40; i++) {
        snprintf(path + strlen(path), sizeof path - strlen(path), "/g");
        put_group(sample, path);
    }
}

static void put_crowd(struct sample *sample)
{
    char path[64];
    put_good(sample);
    for (int i = 0; i < 600; i++) {
        snprintf(path, sizeof path, "/t2_fields/g%d", i);
        put_group(sample, path);
    }
}

/* 4 PB in one piece, of which nothing is stored. */
static void put_giant(struct sample *sample)
{
    const hsize_t dims[] = {1000000, 1000000, 1000};
    put_good(sample);
    put_array(sample, "/t0_fields/pressure", H5T_IEEE_F32LE, H5P_DEFAULT, 3, dims, H5T_NATIVE_FLOAT,
              NULL);
}

/* More than 2^63 bytes, in chunks that are never written. */
static void put_giant_chunked(struct sample *sample)
{
    const hsize_t dims[] = {1ULL << 31, 1ULL << 31, 1ULL << 10}, chunk[] = {64, 64, 4};
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    put_good(sample);
    H5Pset_chunk(list, 3, chunk);
    put_array(sample, "/t0_fields/pressure", H5T_IEEE_F32LE, list, 3, dims, H5T_NATIVE_FLOAT, NULL);
    H5Pclose(list);
}

static void put_no_density(struct sample *sample)
{
    put_head(sample);
    put_reynolds(sample);
    put_velocity(sample, H5T_IEEE_F32LE, H5P_DEFAULT, 0);
}

static void put_other_shape(struct sample *sample)
{
    const hsize_t dims[] = {CASES, FRAMES, NX, NY + 1};
    put_head(sample);
    put_reynolds(sample);
    put_array(sample, "/t0_fields/density", H5T_IEEE_F32LE, H5P_DEFAULT, 4, dims, H5T_NATIVE_FLOAT,
              NULL);
    put_varying(sample, "/t0_fields/density", 1, 1, 1);
    put_velocity(sample, H5T_IEEE_F32LE, H5P_DEFAULT, 0);
}

/* Coordinates of another kind in the place of good ones. */
static void put_coordinates_again(struct sample *sample, double step, double bend)
{
    float values[NY];
    const hsize_t count = NY;
    for (int i = 0; i < NY; i++)
        values[i] = (float)(step * i + bend * i * i);
    put_good(sample);
    sample->bad |= H5Ldelete(sample->file, "/dimensions/y", H5P_DEFAULT) < 0;
    put_array(sample, "/dimensions/y", H5T_IEEE_F32LE, H5P_DEFAULT, 1, &count, H5T_NATIVE_FLOAT,
              values);
}

static void put_oblong(struct sample *sample)
{
    put_coordinates_again(sample, 2 * FOREIGN_SAMPLES_SIDE, 0);
}

static void put_uneven(struct sample *sample)
{
    put_coordinates_again(sample, FOREIGN_SAMPLES_SIDE, 0.05);
}

static void put_text_field(struct sample *sample)
{
    const hsize_t dims[] = {CASES, FRAMES, NX, NY};
    put_head(sample);
    put_reynolds(sample);
    put_array(sample, "/t0_fields/density", H5T_C_S1, H5P_DEFAULT, 4, dims, H5T_C_S1, NULL);
    put_varying(sample, "/t0_fields/density", 1, 1, 1);
    put_velocity(sample, H5T_IEEE_F32LE, H5P_DEFAULT, 0);
}

static void put_nothing(struct sample *sample)
{
    put_group(sample, "/data");
}

typedef void (*put_fn)(struct sample *sample);

static const struct {
    struct foreign_samples_kind kind;
    put_fn put;
} kinds[] = {
    {{"good", NULL}, put_good},
    {{"packed", NULL}, put_packed},
    {{"sparse", NULL}, put_sparse},
    {{"no-reynolds", NULL}, put_no_reynolds},
    {{"spoilt", NULL}, put_spoilt},
    {{"external-storage", "/t0_fields/density keeps its values in 1 other files"},
     put_external_storage},
    {{"virtual", "/t0_fields/density is a virtual array"}, put_virtual},
    {{"soft-link", "/t0_fields/rho is a soft link"}, put_soft_link},
    {{"external-link", "/t0_fields/pressure is a link to another file"}, put_external_link},
    {{"unknown-filter", "/t0_fields/density is packed with filter 32015 (zstd)"},
     put_unknown_filter},
    {{"cycle", "/t1_fields/again is the group /t1_fields once more"}, put_cycle},
    {{"root-cycle", "/t2_fields/root is the group / once more"}, put_root_cycle},
    {{"deep", "is nested more than 8 groups deep"}, put_deep},
    {{"crowd", "/t2_fields has 600 links"}, put_crowd},
    {{"giant", "/t0_fields/pressure is declared with 4000000000000000 bytes"}, put_giant},
    {{"giant-chunked", "/t0_fields/pressure is declared with 9223372036854775807 bytes"},
     put_giant_chunked},
    {{"no-density", "it has no /t0_fields/density"}, put_no_density},
    {{"other-shape", "/t0_fields/density has another shape"}, put_other_shape},
    {{"oblong", "its cells are 0.5 x 1"}, put_oblong},
    {{"uneven", "/dimensions/y is not even"}, put_uneven},
    {{"text-field", "/t0_fields/density does not hold numbers"}, put_text_field},
    {{"nothing", "its grid_type is ''"}, put_nothing},
};

size_t foreign_samples_count(void)
{
    return sizeof kinds / sizeof kinds[0];
}

const struct foreign_samples_kind *foreign_samples_at(size_t index)
{
    return &kinds[index].kind;
}

size_t foreign_samples_find(const char *name)
{
    for (size_t i = 0; i < foreign_samples_count(); i++)
        if (strcmp(kinds[i].kind.name, name) == 0)
            return i;
    abort();
}

int foreign_samples_write(const char *path, size_t index)
{
    struct sample sample = {.path = path};
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    sample.file = check(&sample, H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    kinds[index].put(&sample);
    sample.bad |= H5Fclose(sample.file) < 0;
    return !sample.bad;
}
