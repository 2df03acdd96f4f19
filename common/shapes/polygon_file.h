/* SPDX-License-Identifier: Apache-2.0
 *
 * Vertices of a polygon from a text file: x and y, separated by a comma (or a semicolon, a tab,
 * blanks), one vertex a line, in either orientation; the first vertex may be repeated at the end.
 * Lines may end with CR LF. Blank lines before and behind the list, lines that begin with '#', and
 * one line of names before the first vertex are passed over. Numbers have a decimal point whatever
 * the locale. One ring: a polygon with holes is refused. */
#pragma once

#include "error.h"

#include <stddef.h>
#include <stdint.h>

/* Reads a file, or its text: points [count][2], not closed, simple (polygon.h's checks); free with
 * array_free. ERR_CONFIG when there is no such file, more than BODY_VERTICES vertices, several
 * rings, or a polygon that crosses itself; ERR_DATA when a line is no vertex. Messages name the
 * line, for crossing edges their vertices and the first vertex's line. */
enum status polygon_file_read(double **points, int64_t *count, const char *path);
enum status polygon_file_parse(double **points, int64_t *count, const char *text, size_t size);
