/* SPDX-License-Identifier: Apache-2.0
 *
 * Making a lattice and looking into it; its steps are lattice_run.c's part. */
#include "lattice.h"

#include "array.h"
#include "geometry.h"
#include "lattice_motion.h"
#include "lattice_place.h"
#include "lattice_private.h"
#include "pipeline.h"
#include "sponge.h"
#include "stencil.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    CHUNK_CELLS = 512,    /* of an item of the pipeline: 18 KiB in float */
    CHUNKS_A_THREAD = 32, /* fewer, and threads hinder each other */
    LEVELS_AT_LEAST = 2,
    ROWS_A_LEVEL = LATTICE_SHIFT + 1, /* it lies one row behind, in slots LATTICE_SHIFT away */
    CACHE_UNKNOWN = 1 << 20 /* bytes of the second level, where the system does not tell */
};

void lattice_defaults(struct lattice_options *out)
{
    *out = (struct lattice_options){
        .nx = 64,
        .ny = 64,
        .number = ROW_FLOAT,
        .collision = "cumulant",
        .tau = 0.8,
        .magic = 3.0 / 16,
        .bulk_rate = 1,
        .ends = LATTICE_ENDS_PERIODIC,
        .bottom = BOUNDARY_EDGE_PERIODIC,
        .top = BOUNDARY_EDGE_PERIODIC,
        .refine = 1,
        .scale = 1,
        .wall = LINK_BOUZIDI,
        .threads = 1,
        .isa = ROW_ISA_AUTO,
    };
}

static enum status check_inflow(const struct lattice_options *options)
{
    const struct inflow *inflow = &options->inflow;
    if (options->ends != LATTICE_ENDS_OPEN || inflow->profile != INFLOW_TABLE)
        return OK;
    if (inflow->table == NULL || inflow->points < 2)
        return FAIL(ERR_CONFIG, "an inflow table of %lld speeds: 2 or more will do",
                    (long long)(inflow->table != NULL ? inflow->points : 0));
    if (!(inflow_table_mean(inflow) > 0))
        return FAIL(ERR_CONFIG, "the mean of the inflow table is %g: it must be positive",
                    inflow_table_mean(inflow));
    return OK;
}

static enum status check(const struct lattice_options *options)
{
    if (options->nx < 1 || options->ny < 1 || options->nx > 1 << 20 || options->ny > 1 << 20)
        return FAIL(ERR_CONFIG, "a lattice of %lld x %lld cells: 1 to 1048576 per side will do",
                    (long long)options->nx, (long long)options->ny);
    if (!(options->tau > 0.5))
        return FAIL(ERR_CONFIG, "tau is %g: it must be greater than 0.5", options->tau);
    if (!(options->magic > 0))
        return FAIL(ERR_CONFIG, "the magic parameter is %g: it must be positive", options->magic);
    if (!(options->bulk_rate > 0 && options->bulk_rate < 2))
        return FAIL(ERR_CONFIG, "a bulk rate of %g: between 0 and 2 will do", options->bulk_rate);
    if (!(options->smagorinsky >= 0 && options->smagorinsky <= 1))
        return FAIL(ERR_CONFIG, "a Smagorinsky constant of %g: 0 (none) to 1 will do",
                    options->smagorinsky);
    if ((options->bottom == BOUNDARY_EDGE_PERIODIC) != (options->top == BOUNDARY_EDGE_PERIODIC))
        return FAIL(ERR_CONFIG, "bottom and top must be periodic together");
    if (options->sponge < 0 || options->sponge > options->nx)
        return FAIL(ERR_CONFIG, "a sponge of %lld columns: 0 to %lld will do",
                    (long long)options->sponge, (long long)options->nx);
    TRY(check_inflow(options));
    if (options->threads < 1)
        return FAIL(ERR_CONFIG, "%d threads: 1 or more will do", options->threads);
    return OK;
}

/* A number of the lattice's type. */
static void put(void *array, enum row_number number, int64_t index, double value)
{
    if (number == ROW_FLOAT)
        ((float *)array)[index] = (float)value;
    else
        ((double *)array)[index] = value;
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* Steps of a sweep, and rows of an item. A lattice that the second-level cache holds takes two
 * steps at once, which spares that cache half of its work; of a larger one as many levels go
 * together as have their rows in five eighths of the cache: an item, and ROWS_A_LEVEL that lie
 * between an item of one step and that of the next (lattice_private.h). Each thread has a cache and
 * as many levels; but threads that meet at every item only hinder each other where items are few:
 * there one does it alone. Around a ring no sweep has a beginning: there one step a time. */
static void choose_levels(struct lattice *l)
{
    const struct lattice_options *o = &l->options;
    int64_t bytes = l->row * l->kernels->bytes, cache = CACHE_UNKNOWN, levels = LEVELS_AT_LEAST;
#ifdef _SC_LEVEL2_CACHE_SIZE
    if (sysconf(_SC_LEVEL2_CACHE_SIZE) > 0)
        cache = sysconf(_SC_LEVEL2_CACHE_SIZE);
#endif
    l->chunk = clamp(CHUNK_CELLS / o->ny, 1, o->nx);
    l->threads = o->levels > 0 || o->nx / l->chunk >= CHUNKS_A_THREAD * o->threads ? o->threads : 1;
    if (o->nx * bytes > cache / 4 * 3)
        levels = (cache / 8 * 5 / bytes - l->chunk) / ROWS_A_LEVEL;
    levels = l->threads * (levels > LEVELS_AT_LEAST ? levels : LEVELS_AT_LEAST);
    if (o->levels > 0)
        levels = o->levels;
    l->levels = o->ends == LATTICE_ENDS_PERIODIC ? 1 : clamp(levels, 1, LATTICE_LEVELS);
}

static enum status make_populations(struct lattice *l)
{
    size_t numbers, bytes = (size_t)l->kernels->bytes;
    l->blocks = (l->options.ny + LATTICE_BLOCK - 1) / LATTICE_BLOCK;
    l->line = (l->blocks + 1) * LATTICE_BLOCK;
    l->row = STENCIL_Q * l->line;
    choose_levels(l);
    l->slots = l->options.nx + 2 + 2 * LATTICE_SHIFT * l->levels;
    TRY(array_size(&numbers, (size_t)l->slots, (size_t)l->row));
    numbers += LATTICE_BLOCK; /* behind the last line: what a pull of the last block touches */
    l->rows = array_alloc(numbers, bytes);
    return l->rows != NULL ? OK : ERR_MEMORY;
}

static enum row_block kind_of(const unsigned char *solid, int64_t cells)
{
    int64_t fluid = 0;
    for (int64_t k = 0; k < cells; k++)
        fluid += !solid[k];
    return fluid == LATTICE_BLOCK ? ROW_FLUID : fluid == 0 ? ROW_SOLID : ROW_MIXED;
}

void lattice_private_mark_row(struct lattice *l, int64_t x)
{
    const unsigned char *solid = l->solid + x * l->options.ny;
    int64_t ny = l->options.ny, padded = l->blocks * LATTICE_BLOCK;
    for (int64_t block = 0; block < l->blocks; block++) {
        int64_t y = block * LATTICE_BLOCK, left = ny - y;
        l->kinds[x * l->blocks + block] =
            (unsigned char)kind_of(solid + y, left < LATTICE_BLOCK ? left : LATTICE_BLOCK);
    }
    struct row_facts *facts = &l->facts[x];
    for (facts->clear = 0; facts->clear < l->blocks; facts->clear++)
        if (l->kinds[x * l->blocks + facts->clear] != ROW_FLUID)
            break;
    for (int64_t y = 0; y < ny; y++)
        put(l->fluid, l->options.number, x * padded + y, !solid[y]);
}

void lattice_private_mark(struct lattice *l)
{
    l->fluid_cells = 0;
    for (int64_t cell = 0; cell < l->options.nx * l->options.ny; cell++)
        l->fluid_cells += !l->solid[cell];
    for (int64_t x = 0; x < l->options.nx; x++)
        lattice_private_mark_row(l, x);
}

/* Of bodies that rest. */
static enum status place_bodies(struct lattice *l)
{
    const struct lattice_options *o = &l->options;
    const struct link_frame frame = {o->nx, o->ny, o->scale, o->shift_x};
    TRY(lattice_place_check(l));
    link_mark_solid(l->solid, o->geometry, &frame);
    TRY(link_list_create(&l->links, o->geometry, l->solid, &frame, o->wall, NULL));
    TRY(link_slots_renew(&l->link_slots, l->links, (size_t)l->kernels->bytes, l->row, l->line));
    return OK;
}

static enum status make_bodies(struct lattice *l)
{
    const struct lattice_options *o = &l->options;
    TRY(ARRAY_NEW(l->solid, o->nx * o->ny));
    TRY(ARRAY_NEW(l->kinds, o->nx * l->blocks));
    TRY(ARRAY_NEW(l->facts, o->nx));
    l->fluid = array_alloc((size_t)(o->nx * l->blocks * LATTICE_BLOCK), (size_t)l->kernels->bytes);
    TRY(l->fluid != NULL ? OK : ERR_MEMORY);
    if (o->geometry != NULL) {
        l->bodies = geometry_count(o->geometry);
        if (o->courses != NULL)
            return lattice_motion_begin(l);
        TRY(place_bodies(l));
    }
    lattice_private_mark(l);
    return OK;
}

/* What end walls add to a link at unit speed along y. Corner links rest, as those of a moving
 * bottom or top do, where there is a corner. */
static void wall_terms(double *terms, const struct lattice_options *o)
{
    static const int rise[3] = {0, 1, -1};
    for (int k = 0; k < 3; k++)
        for (int64_t y = 0; y < o->ny; y++) {
            int64_t from = y - rise[k];
            int corner = o->bottom != BOUNDARY_EDGE_PERIODIC && (from < 0 || from >= o->ny);
            terms[k * o->ny + y] = corner ? 0 : 6 * stencil_weight[STENCIL_NE] * rise[k];
        }
}

static enum status make_ends(struct lattice *l)
{
    enum status status = OK;
    const struct lattice_options *o = &l->options;
    double *terms = NULL;
    TRY_GOTO(ARRAY_NEW(terms, 3 * o->ny), cleanup);
    if (o->ends == LATTICE_ENDS_OPEN)
        l->mean_inflow = inflow_terms(terms, &o->inflow, o->ny);
    if (o->ends == LATTICE_ENDS_WALLS)
        wall_terms(terms, o);
    l->terms = array_alloc((size_t)(3 * o->ny), (size_t)l->kernels->bytes);
    l->velocity = array_alloc((size_t)(3 * LATTICE_BLOCK * l->blocks), (size_t)l->kernels->bytes);
    TRY_GOTO(l->terms != NULL && l->velocity != NULL ? OK : ERR_MEMORY, cleanup);
    for (int64_t k = 0; k < 3 * o->ny; k++)
        put(l->terms, o->number, k, terms[k]);
    edge_places_init(&l->edges, (enum boundary_edge_kind[]){o->bottom, o->top},
                     (double[]){o->bottom_speed, o->top_speed}, o->ny, l->row, l->line);
    l->outflow = (struct outflow){.base = 1, .rate = o->outflow_rate, .density = 1};
    for (int64_t x = 0; x < o->nx; x++) {
        struct row_facts *facts = &l->facts[x];
        facts->tau = sponge_tau(x, o->nx, o->sponge, o->tau, o->refine);
        facts->omega = 1 / facts->tau;
        facts->omega_odd = 1 / (o->magic / (facts->tau - 0.5) + 0.5);
    }
cleanup:
    array_free(terms);
    return status;
}

static void make_task(struct lattice *l)
{
    const struct lattice_options *o = &l->options;
    l->task = (struct row_task){
        .row = l->row,
        .line = l->line,
        .ny = o->ny,
        .blocks = l->blocks,
        .facts = l->facts,
        .kinds = l->kinds,
        .fluid = l->fluid,
        .force_y = o->force_y,
        .omega_bulk = o->bulk_rate,
        .magic = o->magic,
        .eddies = 18 * o->smagorinsky * o->smagorinsky,
    };
}

static enum status make_pipeline(struct lattice *l)
{
    const struct lattice_options *o = &l->options;
    l->loads = 2 + LATTICE_LOADS * l->bodies;
    TRY(ARRAY_NEW(l->row_force, l->loads * o->nx * LATTICE_GUARD_STEPS));
    TRY(ARRAY_NEW(l->load, l->loads));
    TRY(ARRAY_NEW(l->surveys, o->nx));
    return pipeline_create(&l->pipeline, l->levels, l->threads);
}

enum status lattice_create(struct lattice **out, const struct lattice_options *options)
{
    enum status status = OK;
    struct lattice *lattice = NULL;
    TRY_GOTO(check(options), cleanup);
    lattice = calloc(1, sizeof *lattice);
    TRY_GOTO(lattice != NULL ? OK : FAIL(ERR_MEMORY, "no memory for a lattice"), cleanup);
    lattice->options = *options;
    lattice->fault = (struct lattice_fault){-1, -1, -1};
    TRY_GOTO(collision_find(&lattice->collision, options->collision), cleanup);
    if (lattice->collision != COLLISION_cumulant && options->bulk_rate != 1)
        TRY_GOTO(FAIL(ERR_CONFIG, "'%s' has no bulk rate of its own (only cumulant has): 1 will do",
                      options->collision),
                 cleanup);
    TRY_GOTO(row_kernel_find(&lattice->kernels, options->number, options->isa), cleanup);
    TRY_GOTO(make_populations(lattice), cleanup);
    TRY_GOTO(make_bodies(lattice), cleanup);
    TRY_GOTO(make_ends(lattice), cleanup);
    make_task(lattice);
    TRY_GOTO(make_pipeline(lattice), cleanup);
    lattice->options.geometry = NULL; /* were only borrowed */
    lattice->options.courses = NULL;
    lattice->options.inflow.table = NULL;
    *out = lattice;
    lattice = NULL;
cleanup:
    lattice_destroy(lattice);
    return status;
}

void lattice_destroy(struct lattice *lattice)
{
    if (lattice == NULL)
        return;
    array_free(lattice->rows);
    array_free(lattice->solid);
    array_free(lattice->kinds);
    array_free(lattice->fluid);
    array_free(lattice->facts);
    array_free(lattice->terms);
    array_free(lattice->velocity);
    array_free(lattice->row_force);
    array_free(lattice->load);
    lattice_motion_destroy(lattice->motion);
    array_free(lattice->surveys);
    link_list_destroy(lattice->links);
    link_slots_destroy(lattice->link_slots);
    pipeline_destroy(lattice->pipeline);
    free(lattice);
}

double lattice_private_force_x(const struct lattice *l, int64_t step)
{
    const struct lattice_options *o = &l->options;
    int rising = o->ends == LATTICE_ENDS_OPEN && (double)step < o->inflow.ramp_steps;
    return o->force_x + (rising ? inflow_push(&o->inflow, step) : 0);
}

void lattice_private_task(struct row_task *out, const struct lattice *l, int64_t from, int64_t to,
                          int64_t x, double force_x)
{
    *out = l->task;
    out->from = lattice_private_row(l, from, x);
    out->to = lattice_private_row(l, to, x);
    out->facts += x;
    out->kinds += x * l->blocks;
    out->fluid = (const char *)out->fluid + x * l->blocks * LATTICE_BLOCK * l->kernels->bytes;
    out->force_x = force_x;
}

void lattice_private_sweep(const struct lattice *l, const struct row_group *group)
{
    const struct row_task *task = &group->first;
    enum cell_terms terms = CELL_PLAIN;
    if (task->force_x != 0 || task->force_y != 0)
        terms = CELL_FORCED;
    if (task->omega_bulk != 1 || task->eddies != 0)
        terms = CELL_GENERAL;
    l->kernels->sweep[l->collision][terms](group);
}

/* A row's numbers, padding first, end with a ghost at y = ny in the padding behind them, which is
 * the other row's first number where the ring is one row long; it holds the same there. */
static void copy_row(struct lattice *l, int64_t to, int64_t from)
{
    int64_t number = l->kernels->bytes, padding = LATTICE_BLOCK * number;
    memmove((char *)lattice_private_row(l, l->base, to) - padding,
            (char *)lattice_private_row(l, l->base, from) - padding,
            (size_t)((l->row + 1) * number));
}

void lattice_private_close_ring(struct lattice *lattice)
{
    copy_row(lattice, -1, lattice->options.nx - 1);
    copy_row(lattice, lattice->options.nx, 0);
}

void lattice_wall_force(double out[2], const struct lattice *lattice)
{
    memcpy(out, lattice->load, 2 * sizeof *out);
}

double lattice_tau(const struct lattice *lattice, int64_t x)
{
    return lattice->facts[x].tau;
}

const unsigned char *lattice_solid(const struct lattice *lattice)
{
    return lattice->solid;
}

int64_t lattice_fluid_cells(const struct lattice *lattice)
{
    return lattice->fluid_cells;
}

int64_t lattice_bodies(const struct lattice *lattice)
{
    return lattice->bodies;
}

const char *lattice_isa(const struct lattice *lattice)
{
    return lattice->kernels->name;
}

int lattice_threads(const struct lattice *lattice)
{
    return lattice->threads;
}

struct lattice_fault lattice_get_fault(const struct lattice *lattice)
{
    return lattice->fault;
}

int64_t lattice_step(const struct lattice *lattice)
{
    return lattice->step;
}

void lattice_survey(double *mass, double *speed, const struct lattice *lattice)
{
    *mass = lattice->mass;
    *speed = sqrt(lattice->worst);
}

#define ROW_FIELDS(T)                                                                              \
    static void row_fields_##T(double *rho, double *ux, double *uy, const struct lattice *l,       \
                               const T *row)                                                       \
    {                                                                                              \
        double force_x = lattice_private_force_x(l, l->step - 1);                                  \
        const T *f[STENCIL_Q];                                                                     \
        for (int i = 0; i < STENCIL_Q; i++)                                                        \
            f[i] = row + i * l->line;                                                              \
        for (int64_t y = 0; y < l->options.ny; y++) {                                              \
            double east = (double)f[1][y] + ((double)f[5][y] + (double)f[8][y]);                   \
            double west = (double)f[3][y] + ((double)f[6][y] + (double)f[7][y]);                   \
            double rise =                                                                          \
                ((double)f[5][y] - (double)f[8][y]) + ((double)f[6][y] - (double)f[7][y]);         \
            double climb = ((double)f[2][y] - (double)f[4][y]) + rise;                             \
            double m00 = ((double)f[0][y] + ((double)f[2][y] + (double)f[4][y])) + (east + west);  \
            rho[y] = 1 + m00;                                                                      \
            ux[y] = (east - west - 0.5 * force_x) / rho[y];                                        \
            uy[y] = (climb - 0.5 * l->options.force_y) / rho[y];                                   \
        }                                                                                          \
    }

ROW_FIELDS(float)
ROW_FIELDS(double)

/* After collision the momentum holds the whole force of the step; the velocity counts half. */
void lattice_row(double *rho, double *ux, double *uy, const struct lattice *lattice, int64_t x)
{
    const void *row = lattice_private_row(lattice, lattice->base, x);
    if (lattice->options.number == ROW_FLOAT)
        row_fields_float(rho, ux, uy, lattice, row);
    else
        row_fields_double(rho, ux, uy, lattice, row);
}
