/* SPDX-License-Identifier: Apache-2.0
 *
 * Shedding wakes are what is looked at, so the usual multiples of a standard deviation do not do: a
 * frame's mean over a period is no Gaussian number, in n frames no value can be further than
 * sqrt(n - 1) deviations from their mean (5 needs 26 frames), and a wake that begins to shed leaves
 * a long quiet stretch. Outliers are judged against the range of the others instead. */
#include "data_checks.h"

#include "array.h"
#include "frame_error.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *rule;
    int fault;
} checks[DATA_CHECK_KINDS] = {
    [DATA_CHECK_NOT_FINITE] = {"not-finite", "a value that is infinite or not a number", 1},
    [DATA_CHECK_BODY] = {"body", "density other than 1 or velocity other than 0 in a body", 1},
    [DATA_CHECK_CONSTANT] = {"constant", "a field has one value in all fluid cells of a frame", 1},
    [DATA_CHECK_REPEATED] = {"repeated", "all values of a frame are those of the frame before", 1},
    [DATA_CHECK_JUMP] = {"jump",
                         "a frame's mean lies outside those of the case's other frames by over 3 "
                         "times their range",
                         1},
    [DATA_CHECK_SPIKE] = {"spike",
                          "a cell lies outside its eight neighbours (no body among them) by over "
                          "10 times the mean departure of the frame's cells from their mean",
                          1},
    [DATA_CHECK_STEADY] = {"steady",
                           "from this frame on the velocity changes by less than 0.1 % of its "
                           "departure from the stream between frames",
                           0},
};

static const char *const field_names[FRAME_FIELDS] = {"density", "ux", "uy"};

const char *data_checks_name(enum data_check check)
{
    return checks[check].name;
}

const char *data_checks_rule(enum data_check check)
{
    return checks[check].rule;
}

int data_checks_is_fault(enum data_check check)
{
    return checks[check].fault;
}

int64_t data_checks_faults(const struct data_findings *findings)
{
    int64_t faults = 0;
    for (int i = 0; i < DATA_CHECK_KINDS; i++)
        faults += checks[i].fault ? findings->counts[i] : 0;
    return faults;
}

void data_checks_fini(struct data_findings *findings)
{
    free(findings->kept);
    *findings = (struct data_findings){.kept = NULL};
}

static enum status report(struct data_findings *out, const struct data_finding *finding)
{
    if (out->counts[finding->check]++ >= DATA_CHECKS_KEPT)
        return OK;
    struct data_finding *grown =
        array_grow(out->kept, &out->kept_capacity, out->kept_count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    out->kept = grown;
    grown[out->kept_count++] = *finding;
    return OK;
}

/* One case under the glass. */
struct look {
    struct data_findings *out;
    const struct case_record *record;
    double *means; /* [frames] of one field over fluid cells; not a number: not to be judged */
};

static struct data_finding begin(const struct look *look, enum data_check check, int64_t frame,
                                 const char *field)
{
    return (struct data_finding){.check = check,
                                 .case_index = look->record->flow.index,
                                 .frame = frame,
                                 .field = field,
                                 .x = -1,
                                 .y = -1,
                                 .value = NAN};
}

static void note_cell(struct data_finding *finding, const struct look *look, int64_t cell,
                      double value)
{
    if (finding->cells++ > 0)
        return;
    finding->x = cell / look->record->flow.ny;
    finding->y = cell % look->record->flow.ny;
    finding->value = value;
}

static enum status report_cells(const struct look *look, const struct data_finding *finding)
{
    return finding->cells > 0 ? report(look->out, finding) : OK;
}

/* What is small for a field: velocities in U, density in 3 U^2, a pressure of rho U^2. */
static double floor_of(const struct look *look, int field)
{
    double speed = look->record->flow.speed;
    return DATA_CHECKS_FLOOR * (field == FRAME_RHO ? 3 * speed * speed : speed);
}

/* ---- single values ---- */

static enum status check_finite(int *good, const struct look *look, const float *values,
                                int64_t frame, const char *field)
{
    struct data_finding finding = begin(look, DATA_CHECK_NOT_FINITE, frame, field);
    for (int64_t i = 0; i < frames_cells(&look->record->flow); i++)
        if (!isfinite(values[i]))
            note_cell(&finding, look, i, values[i]);
    *good = finding.cells == 0;
    return report_cells(look, &finding);
}

static enum status check_body(const struct look *look, const float *values, int64_t frame,
                              int field)
{
    struct data_finding finding = begin(look, DATA_CHECK_BODY, frame, field_names[field]);
    float rest = field == FRAME_RHO ? 1.0F : 0.0F;
    for (int64_t i = 0; i < frames_cells(&look->record->flow); i++)
        if (look->record->mask[i] && isfinite(values[i]) && values[i] != rest)
            note_cell(&finding, look, i, values[i]);
    return report_cells(look, &finding);
}

/* ---- one field of one frame ---- */

/* Mean of the fluid cells, their mean departure from it, and whether all are equal. */
static int moments(double *mean, double *departure, const float *values, const unsigned char *mask,
                   int64_t cells)
{
    int64_t count = 0, first = -1;
    int constant = 1;
    double sum = 0, away = 0;
    for (int64_t i = 0; i < cells; i++)
        if (!mask[i]) {
            first = first < 0 ? i : first;
            constant = constant && values[i] == values[first];
            sum += values[i];
            count++;
        }
    *mean = sum / (double)count; /* not a number where there is no fluid */
    for (int64_t i = 0; i < cells; i++)
        away += mask[i] ? 0 : fabs(values[i] - *mean);
    *departure = away / (double)count;
    return constant && count > 1;
}

/* How far a cell lies outside the values around it; 0 beside a body and inside their range. */
static double outside_neighbours(const struct look *look, const float *values, int64_t x, int64_t y)
{
    int64_t nx = look->record->flow.nx, ny = look->record->flow.ny;
    double least = HUGE_VAL, most = -HUGE_VAL;
    for (int64_t i = x > 0 ? x - 1 : 0; i <= x + 1 && i < nx; i++)
        for (int64_t j = y > 0 ? y - 1 : 0; j <= y + 1 && j < ny; j++) {
            if (look->record->mask[i * ny + j])
                return 0;
            if (i == x && j == y)
                continue;
            least = fmin(least, values[i * ny + j]);
            most = fmax(most, values[i * ny + j]);
        }
    double value = values[x * ny + y];
    return fmax(fmax(value - most, least - value), 0);
}

static enum status check_spikes(const struct look *look, const float *values, int64_t frame,
                                int field, double departure)
{
    struct data_finding finding = begin(look, DATA_CHECK_SPIKE, frame, field_names[field]);
    double limit = DATA_CHECKS_SPIKE * fmax(departure, floor_of(look, field));
    int64_t nx = look->record->flow.nx, ny = look->record->flow.ny;
    for (int64_t x = 0; x < nx; x++)
        for (int64_t y = 0; y < ny; y++)
            if (outside_neighbours(look, values, x, y) > limit)
                note_cell(&finding, look, x * ny + y, values[x * ny + y]);
    return report_cells(look, &finding);
}

static enum status check_field(struct look *look, int64_t frame, int field)
{
    const struct case_record *record = look->record;
    int64_t cells = frames_cells(&record->flow);
    const float *values = case_record_frame(record, frame) + field * cells;
    double mean, departure;
    int good;
    look->means[frame] = NAN;
    TRY(check_finite(&good, look, values, frame, field_names[field]));
    TRY(check_body(look, values, frame, field));
    if (!good)
        return OK; /* sums over it mean nothing */
    if (moments(&mean, &departure, values, record->mask, cells)) {
        struct data_finding finding = begin(look, DATA_CHECK_CONSTANT, frame, field_names[field]);
        finding.value = mean;
        return report(look->out, &finding);
    }
    look->means[frame] = mean;
    return check_spikes(look, values, frame, field, departure);
}

/* ---- one field over time ---- */

/* The two least and the two greatest means over time: without any one frame, the extremes of the
 * others are among them. */
struct extremes {
    double least[2], most[2];
    int64_t count;
};

static struct extremes find_extremes(const struct look *look)
{
    struct extremes e = {{HUGE_VAL, HUGE_VAL}, {-HUGE_VAL, -HUGE_VAL}, 0};
    for (int64_t t = 0; t < look->record->frames; t++) {
        double mean = look->means[t];
        if (isnan(mean))
            continue;
        e.count++;
        e.least[1] = fmin(e.least[1], fmax(e.least[0], mean));
        e.least[0] = fmin(e.least[0], mean);
        e.most[1] = fmax(e.most[1], fmin(e.most[0], mean));
        e.most[0] = fmax(e.most[0], mean);
    }
    return e;
}

static enum status check_jump(const struct look *look, const struct extremes *e, int64_t frame,
                              int field)
{
    double mean = look->means[frame];
    if (isnan(mean) || e->count < DATA_CHECKS_JUMP_FRAMES)
        return OK;
    double least = e->least[mean == e->least[0]], most = e->most[mean == e->most[0]];
    double outside = fmax(mean - most, least - mean);
    if (outside <= DATA_CHECKS_JUMP * fmax(most - least, floor_of(look, field)))
        return OK;
    struct data_finding finding = begin(look, DATA_CHECK_JUMP, frame, field_names[field]);
    finding.value = mean;
    return report(look->out, &finding);
}

static enum status check_fields(struct look *look)
{
    for (int field = 0; field < FRAME_FIELDS; field++) {
        for (int64_t t = 0; t < look->record->frames; t++)
            TRY(check_field(look, t, field));
        const struct extremes extremes = find_extremes(look);
        for (int64_t t = 0; t < look->record->frames; t++)
            TRY(check_jump(look, &extremes, t, field));
    }
    return OK;
}

/* ---- whole frames ---- */

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* Bit by bit, in the fluid: bodies are at rest in every frame. */
static int is_repeated(const struct case_record *record, int64_t frame)
{
    int64_t cells = frames_cells(&record->flow);
    const float *now = case_record_frame(record, frame);
    const float *before = case_record_frame(record, frame - 1);
    for (int64_t i = 0; i < FRAME_FIELDS * cells; i++)
        if (!record->mask[i % cells] && bits_of(now[i]) != bits_of(before[i]))
            return 0;
    return 1;
}

static enum status check_repeated(const struct look *look)
{
    for (int64_t t = 1; t < look->record->frames; t++) {
        struct data_finding finding = begin(look, DATA_CHECK_REPEATED, t, "all");
        if (is_repeated(look->record, t))
            TRY(report(look->out, &finding));
    }
    return OK;
}

static enum status check_steady(const struct look *look)
{
    const struct case_record *record = look->record;
    int64_t first = record->frames;
    double change = NAN, last = NAN;
    for (int64_t t = record->frames - 1; t > 0; t--) {
        struct frame_error sums;
        frame_error_sum(&sums, case_record_frame(record, t), case_record_frame(record, t - 1),
                        record->mask, &record->flow);
        change = frame_error_velocity_wake(&sums);
        if (!(change < DATA_CHECKS_STEADY))
            break;
        first = t - 1;
        last = change;
    }
    if (record->frames - first < DATA_CHECKS_STEADY_FRAMES)
        return OK;
    struct data_finding finding = begin(look, DATA_CHECK_STEADY, first, "velocity");
    finding.value = last;
    return report(look->out, &finding);
}

/* ---- forces ---- */

/* `values` every `stride`; value i belongs to frame (i + ahead) / per_frame. */
static enum status check_series(const struct look *look, const char *field, const double *values,
                                int64_t stride, int64_t count, int64_t per_frame, int64_t ahead)
{
    int64_t bad = 0, first = -1;
    for (int64_t i = 0; i < count; i++)
        if (!isfinite(values[i * stride])) {
            first = first < 0 ? i : first;
            bad++;
        }
    if (bad == 0 || (bad == count && isnan(values[0]))) /* a forecast has no forces */
        return OK;
    struct data_finding finding =
        begin(look, DATA_CHECK_NOT_FINITE, (first + ahead) / per_frame, field);
    finding.cells = bad;
    finding.value = values[first * stride];
    return report(look->out, &finding);
}

static enum status check_forces(const struct look *look)
{
    const struct case_record *record = look->record;
    int64_t per_frame = record->flow.frame_interval * record->flow.refine;
    TRY(check_series(look, "Cd", record->drag, 1, record->frames, 1, 0));
    TRY(check_series(look, "Cl", record->lift, 1, record->frames, 1, 0));
    if (record->force_steps == 0 || per_frame < 1)
        return OK;
    /* step s (from 0) ends in the interval of frame s / per_frame + 1 */
    TRY(check_series(look, "Cd series", record->forces, 2, record->force_steps, per_frame,
                     per_frame));
    return check_series(look, "Cl series", record->forces + 1, 2, record->force_steps, per_frame,
                        per_frame);
}

enum status data_checks_run(struct data_findings *out, const struct case_record *record)
{
    enum status status = OK;
    int good;
    struct look look = {.out = out, .record = record};
    TRY_GOTO(ARRAY_NEW(look.means, record->frames + 1), cleanup);
    TRY_GOTO(check_finite(&good, &look, record->sdf, -1, "sdf"), cleanup);
    TRY_GOTO(check_fields(&look), cleanup);
    TRY_GOTO(check_repeated(&look), cleanup);
    TRY_GOTO(check_steady(&look), cleanup);
    TRY_GOTO(check_forces(&look), cleanup);
cleanup:
    array_free(look.means);
    return status;
}
