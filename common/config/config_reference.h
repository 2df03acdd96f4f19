/* SPDX-License-Identifier: Apache-2.0
 *
 * An option table as text for people and shells: the reference page of the manual, the listing that
 * --help shows, the words of the shell completion. The texts depend on the table alone. Free them
 * with free(). */
#pragma once

#include "config.h"

/* The Markdown page: a heading and a table per section, records below their option. */
enum status config_reference_markdown(char **out, const struct option *table);

/* One paragraph per option, at most 100 columns wide but for long words; `prefix` (NULL: all)
 * limits it to keys that begin so. */
enum status config_reference_help(char **out, const struct option *table, const char *prefix);

/* One word a line, for `compgen -W` behind --set: "solver.refine=", "solver.wall=halfway". */
enum status config_reference_completion(char **out, const struct option *table);
