/* SPDX-License-Identifier: Apache-2.0
 *
 * Outlines that bodies only borrow: vertices and bitmaps that a configuration gives in place or as
 * a file. A file is read once, right after the configuration, and kept in it with its SHA-256; from
 * then on nothing depends on the file, so a resolved configuration alone makes the same dataset. */
#pragma once

#include "case_draw.h"
#include "config.h"
#include "error.h"

#include <stddef.h>
#include <stdint.h>

enum { SETTINGS_OUTLINES = 3 * CASE_DRAW_FAMILIES };

struct settings_outlines {
    double *vertices[SETTINGS_OUTLINES]; /* [count], NULL where there are none; likewise: */
    struct bitmap *bitmaps[SETTINGS_OUTLINES];
    int64_t count;
};

void settings_outlines_fini(struct settings_outlines *outlines);

/* Reads the files that `bodies`, `families`, `held_out` and `beyond` name (those of the
 * configuration file `path`, which may be NULL, from its own folder, those of --set from the
 * current one) and fills in `digest` and `content`. Where `content` is given already, no file is
 * read. ERR_CONFIG at the key when a file is missing or has another digest than the one given. */
enum status settings_outlines_embed(struct config *config, const char *path);

/* Vertices and bitmap of record "families[0]" for a body of its shape, into the fields of `out`
 * alone; the store keeps them. ERR_CONFIG at the key when they are missing, damaged or not the
 * shape's. */
enum status settings_outlines_find(struct body_spec *out, struct settings_outlines *outlines,
                                   const struct config *config, const char *record);

/* The same from a file named on the command line; `out` has its family. */
enum status settings_outlines_read(struct body_spec *out, struct settings_outlines *outlines,
                                   const char *path);
