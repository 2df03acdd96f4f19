/* SPDX-License-Identifier: Apache-2.0
 *
 * The file: a line that says what it is, the SHA-256 of all that follows as a line, the facts of
 * the lattice as a line, then a struct state and the rows -1 to nx as they stand in memory. Which
 * slots of the array they are in is no part of it: that depends on the threads. */
#include "lattice_checkpoint.h"

#include "array.h"
#include "atomic_file.h"
#include "digest.h"
#include "geometry.h"
#include "lattice_motion.h"
#include "lattice_private.h"
#include "sealed_file.h"
#include "stencil.h"

#include <stdio.h>
#include <string.h>

static const char title[] = "wakecast lattice 2\n";

enum { FACTS_SIZE = 1024 };

static const int64_t byte_order = 0x0102030405060708;

struct state {
    int64_t byte_order, step, health, fast_step, warned;
    double outlet_base, outlet_density, fast_worst, mass, worst;
};

/* All that the bits depend on, as one line: options and bodies, but not threads or instruction
 * set. Where moving bodies are follows from the step. */
static enum status write_facts(char out[FACTS_SIZE], const struct lattice *l)
{
    const struct lattice_options *o = &l->options;
    char bodies[DIGEST_SIZE] = "none", ends[DIGEST_SIZE];
    if (l->motion != NULL)
        memcpy(bodies, lattice_motion_facts(l->motion), sizeof bodies);
    else if (l->links != NULL)
        TRY(link_list_digest(bodies, l->links));
    TRY(digest_bytes(ends, l->terms, (size_t)(3 * o->ny * l->kernels->bytes)));
    int used = snprintf(
        out, FACTS_SIZE,
        "%lld x %lld cells of %lld bytes, %s, tau %.17g, magic %.17g, bulk rate %.17g, eddies "
        "%.17g, ends %d, bottom %d, top %d, speeds %.17g %.17g %.17g %.17g, force %.17g %.17g, "
        "inflow %.17g %.17g %.17g, outflow rate %.17g, sponge %lld, refine %.17g, %lld bodies %s, "
        "profile %s\n",
        (long long)o->nx, (long long)o->ny, (long long)l->kernels->bytes, o->collision, o->tau,
        o->magic, o->bulk_rate, o->smagorinsky, (int)o->ends, (int)o->bottom, (int)o->top,
        o->bottom_speed, o->top_speed, o->left_speed, o->right_speed, o->force_x, o->force_y,
        o->inflow.speed, o->inflow.ramp_steps, o->inflow.kick, o->outflow_rate,
        (long long)o->sponge, o->refine, (long long)l->bodies, bodies, ends);
    return used > 0 && used < FACTS_SIZE ? OK
                                         : FAIL(ERR_INTERNAL, "a lattice's facts are too long");
}

static size_t row_bytes(const struct lattice *l)
{
    return (size_t)(l->options.nx + 2) * (size_t)(l->row * l->kernels->bytes);
}

static void *first_row(const struct lattice *l)
{
    return (char *)l->rows + l->base * l->row * l->kernels->bytes;
}

enum status lattice_checkpoint_save(const struct lattice *lattice, const char *path)
{
    char facts[FACTS_SIZE];
    const struct state state = {
        byte_order,      lattice->step,         (int64_t)lattice->health, lattice->fast_step,
        lattice->warned, lattice->outflow.base, lattice->outflow.density, lattice->fast_worst,
        lattice->mass,   lattice->worst,
    };
    TRY(write_facts(facts, lattice));
    const struct sealed_part parts[] = {
        {facts, strlen(facts)}, {&state, sizeof state}, {first_row(lattice), row_bytes(lattice)}};
    TRY(sealed_file_write(path, title, parts, 3));
    return OK;
}

/* The file is whole and of such a lattice; `after` is what follows the facts. */
static enum status check(const unsigned char **after, const struct lattice *l,
                         const unsigned char *image, size_t size, const char *path)
{
    char facts[FACTS_SIZE];
    const struct state *none = NULL;
    const unsigned char *parts;
    size_t left;
    TRY(sealed_file_open(&parts, &left, image, size, title, "saved lattice", path));
    TRY(write_facts(facts, l));
    const unsigned char *end = memchr(parts, '\n', left);
    size_t length = end != NULL ? (size_t)(end - parts) + 1 : 0;
    if (length != strlen(facts) || memcmp(parts, facts, length) != 0)
        return FAIL(ERR_DATA, "'%s' is of another lattice: it holds %.*s; this one is %.*s", path,
                    (int)(length > 0 ? length - 1 : 0), (const char *)parts, (int)strlen(facts) - 1,
                    facts);
    size_t rest = sizeof *none + row_bytes(l);
    if (left - length != rest)
        return FAIL(ERR_DATA, "'%s' holds %zu bytes of populations instead of %zu", path,
                    left - length, rest);
    *after = parts + length;
    return OK;
}

static enum status take(struct lattice *l, const unsigned char *from, const char *path)
{
    struct state state;
    memcpy(&state, from, sizeof state);
    if (state.byte_order != byte_order)
        return FAIL(ERR_DATA, "'%s' is of a machine with another order of bytes", path);
    TRY(lattice_motion_place(l, state.step));
    memcpy(first_row(l), from + sizeof state, row_bytes(l));
    l->step = state.step;
    l->health = (enum lattice_health)state.health;
    l->fast_step = state.fast_step;
    l->warned = (int)state.warned;
    l->outflow.base = state.outlet_base;
    l->outflow.density = state.outlet_density;
    l->fast_worst = state.fast_worst;
    l->mass = state.mass;
    l->worst = state.worst;
    return OK;
}

enum status lattice_checkpoint_load(struct lattice *lattice, const char *path)
{
    enum status status = OK;
    unsigned char *image = NULL;
    const unsigned char *after = NULL;
    size_t size = 0,
           limit = SEALED_FILE_HEAD + FACTS_SIZE + sizeof(struct state) + row_bytes(lattice);
    TRY_GOTO(atomic_file_read(&image, &size, path, limit), cleanup);
    TRY_GOTO(check(&after, lattice, image, size, path), cleanup);
    TRY_GOTO(take(lattice, after, path), cleanup);
cleanup:
    array_free(image);
    return status;
}
