/* SPDX-License-Identifier: Apache-2.0
 *
 * Every hand-made bad file is refused by name before a value of it is read, every good one is not.
 */
#include "array.h"
#include "atomic_file.h"
#include "foreign_check.h"
#include "foreign_layout.h"
#include "foreign_samples.h"
#include "h5file.h"
#include "temporary_folder.h"

#include <criterion/criterion.h>
#include <string.h>

enum { MEMORY = 1 << 28 };

static unsigned char *bytes;
static size_t size;
static struct h5file *file;
static struct foreign_check check;

static void set_up(void)
{
    temporary_folder_create();
}

static void close_sample(void)
{
    foreign_check_fini(&check);
    h5file_close(file);
    array_free(bytes);
    file = NULL;
    bytes = NULL;
}

static void tear_down(void)
{
    close_sample();
    temporary_folder_remove();
}

TestSuite(foreign_check, .init = set_up, .fini = tear_down);

static void open_sample(size_t kind)
{
    const char *path = temporary_folder_path("sample.h5");
    close_sample();
    cr_assert(foreign_samples_write(path, kind), "%s", foreign_samples_at(kind)->name);
    cr_assert_eq(atomic_file_read(&bytes, &size, path, 1 << 26), OK, "%s", error_message());
    cr_assert_eq(h5file_open(&file, bytes, size), OK, "%s", error_message());
}

/* All that stands between a file and its values. */
static enum status read_head(struct foreign_layout *layout, int64_t memory)
{
    TRY(foreign_check_file(&check, file, (int64_t)size, memory));
    return foreign_layout_open(layout, file, &check);
}

Test(foreign_check, bad_files_are_refused_by_name_and_good_ones_are_not)
{
    struct foreign_layout layout;
    for (size_t kind = 0; kind < foreign_samples_count(); kind++) {
        const struct foreign_samples_kind *sample = foreign_samples_at(kind);
        open_sample(kind);
        enum status status = read_head(&layout, MEMORY);
        if (sample->refusal == NULL) {
            cr_assert_eq(status, OK, "%s: %s", sample->name, error_message());
            continue;
        }
        cr_assert_eq(status, ERR_DATA, "%s: %d", sample->name, (int)status);
        cr_assert_not_null(strstr(error_message(), sample->refusal), "%s: %s", sample->name,
                           error_message());
    }
}

Test(foreign_check, chunks_and_trajectories_that_take_more_memory_than_allowed_are_refused)
{
    struct foreign_layout layout;
    open_sample(foreign_samples_find("packed"));
    cr_assert_eq(read_head(&layout, 1000), ERR_DATA);
    cr_assert_not_null(strstr(error_message(), "with --memory"), "%s", error_message());
    open_sample(foreign_samples_find("good"));
    cr_assert_eq(read_head(&layout, 5000), ERR_MEMORY);
    cr_assert_not_null(strstr(error_message(), "takes more than the 5000 bytes"), "%s",
                       error_message());
}

Test(foreign_check, every_object_of_a_good_file_is_found_by_its_path)
{
    static const char *const paths[] = {"/", "/dimensions/x", "/scalars/Re", "/t0_fields/density",
                                        "/t1_fields/velocity"};
    struct foreign_layout layout;
    open_sample(foreign_samples_find("good"));
    cr_assert_eq(read_head(&layout, MEMORY), OK, "%s", error_message());
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        cr_assert_not_null(foreign_check_find(&check, paths[i]), "%s", paths[i]);
    cr_assert_null(foreign_check_find(&check, "/t0_fields/pressure"));
    const struct h5file_survey_object *velocity = foreign_check_find(&check, "/t1_fields/velocity");
    cr_assert_eq(velocity->rank, 5);
    cr_assert_eq(velocity->dims[3], FOREIGN_SAMPLES_NY);
    cr_assert_eq(velocity->bytes, (int64_t)sizeof(float) * FOREIGN_SAMPLES_CASES *
                                      FOREIGN_SAMPLES_FRAMES * FOREIGN_SAMPLES_NX *
                                      FOREIGN_SAMPLES_NY * 2);
}

/* ---- layout ---- */

static float plane_value(const struct foreign_layout *layout, int64_t x, int64_t y)
{
    float sdf = foreign_samples_sdf(x, y);
    return (layout->facts.has & FOREIGN_FACTS_SDF) != 0 ? sdf : (float)(sdf < 0);
}

static void check_fields(const struct foreign_layout *layout, const float *fields, int64_t sample)
{
    const int64_t nx = FOREIGN_SAMPLES_NX, ny = FOREIGN_SAMPLES_NY;
    for (int64_t x = 0; x < nx; x++)
        for (int64_t y = 0; y < ny; y++)
            cr_assert_eq(fields[x * ny + y], plane_value(layout, x, y));
    fields += nx * ny;
    for (int64_t t = 0; t < FOREIGN_SAMPLES_FRAMES; t++)
        for (int field = 0; field < 3; field++)
            for (int64_t x = 0; x < nx; x++)
                for (int64_t y = 0; y < ny; y++)
                    cr_assert_eq(fields[(t * 3 + field) * nx * ny + x * ny + y],
                                 foreign_samples_value(sample, t, field, x, y));
}

Test(foreign_check, fields_of_every_trajectory_come_out_as_they_were_put_in)
{
    static const char *const names[] = {"good", "packed"};
    for (int i = 0; i < 2; i++) {
        struct foreign_layout layout;
        struct foreign_facts_case one;
        void *fields = NULL;
        open_sample(foreign_samples_find(names[i]));
        cr_assert_eq(read_head(&layout, MEMORY), OK, "%s", error_message());
        cr_assert_eq(layout.facts.side, FOREIGN_SAMPLES_SIDE);
        cr_assert_eq(layout.facts.interval, FOREIGN_SAMPLES_INTERVAL);
        cr_assert_eq(layout.facts.x, 10.0);
        cr_assert_eq(layout.facts.y, -1.0);
        cr_assert_str_eq(layout.facts.edge, "periodic");
        cr_assert_str_eq(layout.facts.name, "other people's flow");
        cr_assert_eq(layout.facts.trajectories, FOREIGN_SAMPLES_CASES);
        fields = array_alloc((size_t)foreign_facts_bytes(&layout.facts), 1);
        for (int64_t n = 0; n < FOREIGN_SAMPLES_CASES; n++) {
            cr_assert_eq(foreign_layout_read(&one, fields, &layout, n), OK, "%s", error_message());
            cr_assert_str_eq(one.reason, "");
            cr_assert_eq(one.facts[0], 80.0); /* Re */
            check_fields(&layout, fields, n);
        }
        array_free(fields);
    }
}

Test(foreign_check, an_axis_that_a_field_lacks_is_repeated)
{
    struct foreign_layout layout;
    struct foreign_facts_case one;
    const int64_t cells = FOREIGN_SAMPLES_NX * FOREIGN_SAMPLES_NY;
    open_sample(foreign_samples_find("sparse"));
    cr_assert_eq(read_head(&layout, MEMORY), OK, "%s", error_message());
    cr_assert_eq(layout.facts.has, 0);
    float *fields = array_alloc((size_t)foreign_facts_bytes(&layout.facts), 1);
    cr_assert_eq(foreign_layout_read(&one, fields, &layout, 1), OK, "%s", error_message());
    for (int64_t t = 0; t < FOREIGN_SAMPLES_FRAMES; t++)
        for (int64_t i = 0; i < cells; i++)
            cr_assert_float_eq(fields[t * 3 * cells + i], 1.0F + 0.01F * (float)t, 1e-6F);
    array_free(fields);
}

Test(foreign_check, a_value_that_is_not_finite_is_named)
{
    struct foreign_layout layout;
    struct foreign_facts_case one;
    open_sample(foreign_samples_find("spoilt"));
    cr_assert_eq(read_head(&layout, MEMORY), OK, "%s", error_message());
    float *fields = array_alloc((size_t)foreign_facts_bytes(&layout.facts), 1);
    cr_assert_eq(foreign_layout_read(&one, fields, &layout, 0), OK, "%s", error_message());
    cr_assert_str_eq(one.reason, "");
    cr_assert_eq(foreign_layout_read(&one, fields, &layout, 1), OK, "%s", error_message());
    cr_assert_str_eq(one.reason, "velocity along y at cell (11, 7) of frame 3 is not finite");
    array_free(fields);
}
