/* SPDX-License-Identifier: Apache-2.0
 *
 * A stream past a body for validation cases: run from rest until its force coefficients repeat,
 * then recorded over some periods. */
#pragma once

#include "error.h"
#include "lattice.h"
#include "proof.h"
#include "spectrum.h"

#include <stdint.h>

struct proof_stream {
    struct lattice *lattice;
    struct proof *proof;
    double speed, length; /* U and D of the coefficients, lattice units */
    int64_t cells;
    int64_t every; /* steps between points of the series */
    /* Called at each point of the record with the coefficients' index there; may be NULL. */
    enum status (*at_point)(void *context, int64_t point);
    void *context;
    double *drag, *lift; /* [count], at every step of the record */
    int64_t count;
};

/* What a window of the record holds. */
struct proof_swing {
    double drag_mean, drag_most, drag_least;
    double lift_mean, lift_most, lift_least, lift_deviation;
};

/* A body 10 D behind the inflow and 20 D before the sponge (2 D more), in a stream 20 D high
 * between slip edges: blockage 5 %. Speed 0.1, cumulant, Bouzidi, float32; started by a half-cosine
 * over two transits of sound with a transverse kick of U / 20. `family` at angle 0. */
enum status proof_stream_open_wide(struct proof_stream *stream, const struct proof_case *which,
                                   const char *family);

/* Diameters from the body's back to where the velocity on its axis turns; 0 when it never does.
 * For streams opened as above. */
enum status proof_stream_wake(double *out, const struct proof_stream *stream);

/* Passes windows of `window` D / U until mean drag changes by less than 1e-3 of itself and
 * the greatest lift by less than 1e-3 (above 1: of itself) from one to the next, after `least`.
 * ERR_NUMERIC after `most`. */
enum status proof_stream_settle(struct proof_swing *out, struct proof_stream *stream, double least,
                                double window, double most);

/* `diameters` times D / U on, thrown away; the swing of its last `look` D / U is returned. */
enum status proof_stream_pass(struct proof_swing *out, struct proof_stream *stream,
                              double diameters, double look);

/* Recorded: drag and lift at every step, points of the proof's series at every `every`. */
enum status proof_stream_record(struct proof_stream *stream, double diameters);

void proof_stream_swing(struct proof_swing *out, const double *drag, const double *lift,
                        int64_t count);

/* St of the record both ways, in units of U / D but for `deviation`. */
enum status proof_stream_strouhal(struct spectrum_frequency *out,
                                  const struct proof_stream *stream);

/* Its rows: St by zero crossings, its standard error, and what the spectrum adds to it. */
enum status proof_stream_add_strouhal(const struct proof_stream *stream,
                                      const struct spectrum_frequency *strouhal);

/* Frees the record and destroys the lattice. */
void proof_stream_fini(struct proof_stream *stream);
