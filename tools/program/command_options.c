/* SPDX-License-Identifier: Apache-2.0 */
#include "command_options.h"

#include "command.h"

#include <stddef.h>

static const struct argument_option config_options[] = {
    {"set", ARGUMENT_TEXT, "KEY=VALUE", 0, 0,
     "sets a key of the configuration, over the file's value; repeatable"},
    {"seed", ARGUMENT_INTEGER, "N", 0, 9007199254740991.0, "the same as --set seed=N"},
    {"print-config", ARGUMENT_FLAG, NULL, 0, 0,
     "prints the resolved configuration as YAML and ends"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

static const struct argument_option output_options[] = {
    {"output", ARGUMENT_TEXT, "DIR", 0, 0, "the folder to write; must not hold anything yet"},
    {"force", ARGUMENT_FLAG, NULL, 0, 0, "replaces what an earlier run wrote to the output"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

static const struct argument_option resume_options[] = {
    {"resume", ARGUMENT_FLAG, NULL, 0, 0, "goes on where an earlier run to the same output ended"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

static const struct argument_option compute_options[] = {
    {"threads", ARGUMENT_INTEGER, "N", 1, 4096,
     "threads; default: the processors this process may use (wakecast doctor)"},
    {"device", ARGUMENT_TEXT, "auto|cpu|cuda", 0, 0, "where to compute; default: auto"},
    {"time-limit", ARGUMENT_TIME, "TIME", 1, 1e9,
     "saves and ends after this time: 90, 90s, 15m or 2h"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

static const struct argument_option dry_run_options[] = {
    {"dry-run", ARGUMENT_FLAG, NULL, 0, 0, "checks everything, prints what would be done and ends"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

static const struct argument_option json_options[] = {
    {"json", ARGUMENT_FLAG, NULL, 0, 0, "prints the results as JSON and nothing else to stdout"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

static const struct argument_option body_options[] = {
    {"body", ARGUMENT_TEXT, "SHAPE", 0, 0, "one body of this shape instead of the config's bodies"},
    {"size", ARGUMENT_REAL, "CELLS", 0, 4096, "its size (circle: diameter; else the x side)"},
    {"aspect", ARGUMENT_REAL, "RATIO", 0, 100, "its y side over its x side"},
    {"rounding", ARGUMENT_REAL, "SHARE", 0, 1, "its corner radius over half the shorter side"},
    {"sides", ARGUMENT_INTEGER, "N", 3, 64,
     "sides of a regular polygon; tips, waves or arcs of a star or blob"},
    {"inner", ARGUMENT_REAL, "SHARE", 0, 1, "radius of a star's notches over that of its tips"},
    {"profile", ARGUMENT_INTEGER, "DIGITS", 1, 9999, "of a naca section: 2412"},
    {"roughness", ARGUMENT_REAL, "SHARE", 0, 1, "of a blob, whose outline --seed decides"},
    {"file", ARGUMENT_TEXT, "FILE", 0, 0, "of a polygon (CSV) or a bitmap (PNG)"},
    {"angle", ARGUMENT_REAL, "DEGREES", -360, 360, "its angle, counter-clockwise"},
    {"x", ARGUMENT_REAL, "CELLS", 0, 4096, "its centre, downstream"},
    {"y", ARGUMENT_REAL, "CELLS", 0, 4096, "its centre, across"},
    {"velocity-x", ARGUMENT_REAL, "U", -1, 1, "at which it moves downstream; simulate"},
    {"velocity-y", ARGUMENT_REAL, "U", -1, 1, "at which it moves across; simulate"},
    {"spin", ARGUMENT_REAL, "2U/D", -200, 200, "at which it turns, counter-clockwise; simulate"},
    {"begin", ARGUMENT_REAL, "D/U", -1000, 100000,
     "when it begins to move, after the first frame; without it, with the stream"},
    {"rise", ARGUMENT_REAL, "D/U", 0.25, 1000, "in which it comes to full speed"},
    {"reynolds", ARGUMENT_REAL, "RE", 0.1, 1e5, "the same as --set flow.reynolds=RE"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

static const struct argument_option everywhere_options[] = {
    {"quiet", ARGUMENT_FLAG, NULL, 0, 0, "no progress and no messages but warnings and errors"},
    {"verbose", ARGUMENT_FLAG, NULL, 0, 0, "more messages; errors with their trace"},
    {"help", ARGUMENT_FLAG, NULL, 0, 0, "this text"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

/* By the order of the bits of enum command_group, as far as they have options. */
static const struct argument_option *const groups[] = {
    config_options,  output_options, resume_options, compute_options,
    dry_run_options, json_options,   body_options};

void command_options_collect(const struct argument_option *out[ARGUMENTS_TABLES],
                             const struct command *command)
{
    size_t count = 0;
    if (command->options != NULL)
        out[count++] = command->options;
    for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++)
        if (command->groups & (1u << g))
            out[count++] = groups[g];
    out[count++] = everywhere_options;
    out[count] = NULL;
}
