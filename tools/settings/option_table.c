/* SPDX-License-Identifier: Apache-2.0
 *
 * To add a key: one row here (and its use in settings.c). Sections follow the data's way. Lengths
 * are canvas cells and times canvas steps: both stay the same when solver.refine changes. */
#include "option_table.h"

#include <stddef.h>

#define INTEGER(key, unit, low, high, fallback, doc)                                               \
    {                                                                                              \
        key, OPTION_INTEGER, unit, low, high, fallback, NULL, NULL, doc                            \
    }
#define REAL(key, unit, low, high, fallback, doc)                                                  \
    {                                                                                              \
        key, OPTION_REAL, unit, low, high, fallback, NULL, NULL, doc                               \
    }
#define SWITCH(key, fallback, doc)                                                                 \
    {                                                                                              \
        key, OPTION_SWITCH, "", 0, 0, fallback, NULL, NULL, doc                                    \
    }
#define CHOICE(key, choices, fallback, doc)                                                        \
    {                                                                                              \
        key, OPTION_CHOICE, "", 0, 0, fallback, choices, NULL, doc                                 \
    }
#define TEXT(key, fallback, doc)                                                                   \
    {                                                                                              \
        key, OPTION_TEXT, "", 0, 0, fallback, NULL, NULL, doc                                      \
    }
#define RANGE(key, unit, low, high, fallback, doc)                                                 \
    {                                                                                              \
        key, OPTION_RANGE, unit, low, high, fallback, NULL, NULL, doc                              \
    }
#define REALS(key, unit, low, high, fallback, doc)                                                 \
    {                                                                                              \
        key, OPTION_REALS, unit, low, high, fallback, NULL, NULL, doc                              \
    }
#define PAIRS(key, unit, low, high, fallback, doc)                                                 \
    {                                                                                              \
        key, OPTION_PAIRS, unit, low, high, fallback, NULL, NULL, doc                              \
    }
#define RECORDS(key, table, fallback, doc)                                                         \
    {                                                                                              \
        key, OPTION_RECORDS, "", 0, 0, fallback, NULL, table, doc                                  \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, OPTION_TEXT, "", 0, 0, NULL, NULL, NULL, ""                                          \
    }

/* Between bars, the first before all. */
static const char collisions[] =
#define X(name, words, tau_min, text) "|" words
#include "collision_list.h"
#undef X
    ;

/* The families of bodies; a test holds them against those there are. */
#define SHAPES                                                                                     \
    "circle|ellipse|rectangle|rounded-rectangle|regular-polygon|polygon|star|naca|fourier-blob|"   \
    "bezier-blob|bitmap"

/* An outline from outside; the same for one body and for a family. */
#define OUTLINE_ROWS                                                                               \
    REALS("vertices", "size", -4096, 4096, "[]",                                                   \
          "polygon: x1, y1, x2, y2, ... from its centre, in units of its size"),                   \
        TEXT(                                                                                      \
            "file", "\"\"",                                                                        \
            "polygon: lines 'x,y' (CSV); bitmap: a PNG, dark is solid; from the config's folder"), \
        TEXT("digest", "\"\"", "SHA-256 that the file must have; filled in by --print-config"),    \
        TEXT("content", "\"\"",                                                                    \
             "the file itself in base64, filled in likewise: then none is read")

/* One body as it is. */
static const struct option body_table[] = {
    CHOICE("shape", SHAPES, NULL, "what kind of body"),
    REAL("x", "cells", 0, 4096, "16", "centre, downstream"),
    REAL("y", "cells", 0, 4096, "32", "centre, across the stream"),
    REAL("size", "cells", 1, 1024, "12",
         "diameter of a circle, of a regular polygon's or star's corners, of a blob's reach; chord "
         "of a naca section; factor of a polygon's vertices; else the x side before rotation"),
    REAL("aspect", "1", 0.03125, 32, "1", "y side / x side: ellipse, rectangle, rounded-rectangle"),
    REAL("rounding", "1", 0, 1, "0.5", "corner radius / half the shorter side: rounded-rectangle"),
    INTEGER("sides", "1", 3, 64, "3",
            "corners of a regular-polygon, tips of a star, waves of a fourier-blob, arcs of a "
            "bezier-blob"),
    REAL("inner", "1", 0.2, 0.95, "0.5", "radius of the notches / of the tips: star"),
    INTEGER("profile", "1", 1, 9999, "12", "the four digits, 12 for 0012: naca"),
    REAL("roughness", "1", 0, 1, "0.3", "how far from round: fourier-blob, bezier-blob"),
    INTEGER("seed", "1", 0, 9007199254740991.0, "1", "of the outline: fourier-blob, bezier-blob"),
    REAL("angle", "degrees", -360, 360, "0", "counter-clockwise from the stream"),
    REAL("velocity_x", "U", -1, 1, "0", "at which it moves downstream; simulate"),
    REAL("velocity_y", "U", -1, 1, "0", "at which it moves across the stream; simulate"),
    REAL("spin", "2U/D", -200, 200, "0",
         "angular speed, counter-clockwise: a circle of size D turns its surface at spin U; "
         "simulate"),
    REAL("begin", "D/U", -1000, 100000, "-1000",
         "when it begins to move, after the first frame; before the flow itself: it rises with the "
         "stream"),
    REAL("rise", "D/U", 0.25, 1000, "1", "in which it comes to full speed, by a half cosine"),
    OUTLINE_ROWS,
    END};

/* A place where the pressure is told. */
static const struct option probe_table[] = {
    REAL("x", "cells", 0, 4096, NULL, "on the canvas, downstream"),
    REAL("y", "cells", 0, 4096, NULL, "across the stream; places in bodies are refused"), END};

/* A family from which the bodies of cases are drawn. */
static const struct option family_table[] = {
    CHOICE("shape", SHAPES, NULL, "what kind of body"),
    REAL("weight", "1", 0, 1e6, "1", "its share of the bodies, over the sum of all weights"),
    RANGE("size", "cells", 1, 1024, "{uniform: [9, 14]}", "as in bodies"),
    RANGE("aspect", "1", 0.03125, 32, "1", "as in bodies"),
    RANGE("rounding", "1", 0, 1, "0.5", "as in bodies"),
    RANGE("sides", "1", 3, 64, "3", "as in bodies; whole numbers"),
    RANGE("inner", "1", 0.2, 0.95, "0.5", "as in bodies"),
    RANGE("profile", "1", 1, 9999, "12", "as in bodies; {list: [12, 2412, 4415]}"),
    RANGE("roughness", "1", 0, 1, "0.3", "as in bodies; every blob has an outline of its own"),
    RANGE("angle", "degrees", -360, 360, "0", "as in bodies"),
    RANGE("x", "cells", 0, 4096, "{uniform: [14, 18]}", "centre, downstream"),
    RANGE("y", "cells", 0, 4096, "{uniform: [28, 36]}", "centre, across the stream"),
    OUTLINE_ROWS,
    END};

#define PADDINGS "zero|replicate|reflect|periodic"

static const struct option table[] = {
    INTEGER("seed", "1", 0, 9007199254740991.0, "1",
            "of everything drawn: cases, start-up kicks, weights, order of samples"),

    INTEGER("canvas.width", "cells", 16, 4096, "64", "columns of a frame, along the stream"),
    INTEGER("canvas.height", "cells", 16, 4096, "64", "rows of a frame, across the stream"),

    REAL("flow.speed", "cells/step", 0.001, 0.1, "0.1", "inflow speed U, the mean over the height"),
    CHOICE("flow.profile", "uniform|parabolic|table", "uniform",
           "of the inflow: the same everywhere, 0 at bottom and top and 1.5 U between, or a table"),
    REALS("flow.profile_table", "1", 0, 1e6, "[]",
          "table: 2 to 64 speeds at evenly spaced heights, bottom to top; only their shape counts"),
    REAL("flow.force_x", "U^2/D", -100, 100, "0",
         "body force on unit mass, downstream, from the first step; pressure rises to hold it"),
    REAL("flow.force_y", "U^2/D", -100, 100, "0", "the same across the stream"),
    RANGE("flow.reynolds", "1", 0.1, 1e5, "100", "Reynolds number U D / nu"),
    PAIRS("flow.reynolds_held_out", "1", 0.1, 1e5, "[]",
          "intervals that no training case may have; the cases of test-reynolds come from them"),
    PAIRS("flow.reynolds_beyond", "1", 0.1, 1e5, "[]",
          "intervals outside the whole range of training, for the cases of test-beyond"),
    RANGE("flow.body_count", "1", 1, 8, "1",
          "bodies of a drawn case, a whole number; they keep three cells clear of each other"),

    CHOICE("solver.collision", &collisions[1], "cumulant",
           "cumulant makes data; trt is for verification (tau >= 0.53); the others for comparison"),
    REAL("solver.bulk_rate", "1", 0.01, 1.99, "1", "relaxation rate of compression: cumulant"),
    REAL("solver.magic", "1", 0.0001, 1, "0.1875",
         "magic parameter of the two relaxation times, 3/16: trt"),
    REAL("solver.smagorinsky", "1", 0, 0.5, "0",
         "constant of Smagorinsky's eddy viscosity, 0.1 to 0.2 in the literature; 0: none"),
    CHOICE("solver.wall", "bouzidi|halfway", "bouzidi",
           "bodies: interpolated or half-way bounce-back"),
    CHOICE("solver.edge", "slip|periodic|no-slip", "slip", "top and bottom"),
    REAL("solver.bottom_speed", "U", -2, 2, "0",
         "at which the bottom moves downstream, from the first step: no-slip"),
    REAL("solver.top_speed", "U", -2, 2, "0", "the same of the top"),
    INTEGER("solver.refine", "1", 1, 8, "4", "solver cells per canvas cell and axis"),
    INTEGER("solver.entry", "cells", 4, 512, "8", "columns computed before the canvas"),
    INTEGER("solver.sponge", "cells", 12, 512, "16", "damping columns behind the canvas"),
    REAL("solver.ramp", "transits", 2, 100, "2", "start-up in acoustic transits of the domain"),
    REAL("solver.kick", "1", 0, 0.5, "0.05", "transverse start-up kick / U; it starts shedding"),
    REAL("solver.discard", "D/U", 0, 1000, "10", "time between the ramp and the first frame"),

    INTEGER("frames.count", "frames", 1, 100000, "60", "frames of a case"),
    INTEGER("frames.interval", "steps", 1, 100000, "100", "canvas steps between frames"),

    RECORDS("bodies", body_table, "[{shape: circle}]",
            "the bodies of one case, all at once: simulate"),
    RECORDS("probes", probe_table, "[]",
            "up to 64 places whose pressure and velocity go to probes.csv: simulate"),
    RECORDS("families", family_table, "[]", "what the bodies of cases are drawn from: generate"),
    RECORDS("held_out", family_table, "[]",
            "families of the test-body cases, which no training case has"),
    RECORDS("beyond", family_table, "[]",
            "families or sizes of the test-beyond cases, outside those of training; none: "
            "'families'"),

    INTEGER("simulate.probe_interval", "steps", 1, 100000, "10",
            "canvas steps between lines of probes.csv; divides frames.interval"),

    TEXT("dataset.name", "wakecast", "prefix of the shards"),
    INTEGER("dataset.shard_size", "MiB", 1, 64, "64", "largest shard"),
    CHOICE("dataset.storage", "plain|gzip|rounded", "plain",
           "of frames; rounded: to U / 8192 and 3 U^2 / 8192, then gzip"),
    INTEGER("dataset.starts", "1", 0, 64, "8", "start states of each test case, for fair rivals"),
    INTEGER("dataset.start_spacing", "frames", 1, 10000, "3", "frames between start states"),

    INTEGER("split.train", "cases", 0, 1000000, "64", "cases to learn from"),
    INTEGER("split.validation", "cases", 0, 1000000, "8",
            "cases that choose the best checkpoint, drawn like those of training"),
    INTEGER("split.test_reynolds", "cases", 0, 1000000, "0",
            "cases at Reynolds numbers that training lacks"),
    INTEGER("split.test_body", "cases", 0, 1000000, "0", "cases of families that training lacks"),
    INTEGER("split.test_beyond", "cases", 0, 1000000, "0",
            "cases outside the range of training: 'flow.reynolds_beyond', 'beyond' or both"),

    TEXT(
        "network.size", "base",
        "tiny, small, base, large, or a list of layers such as 'C 16 / 16 / 32 * 16 + * 16 + C 3'"),
    SWITCH("network.skips", "true", "skip connections from encoder to decoder"),
    CHOICE("network.norm", "none|batch|group", "batch",
           "on every layer but the first and the last"),
    INTEGER(
        "network.groups", "1", 1, 4096, "8",
        "group norm: a layer of c channels has the greatest number of groups that divides both"),
    CHOICE("network.output", "linear|tanh", "linear", "what the last layer ends with"),
    CHOICE("network.target", "direct|delta", "direct",
           "the output is the fields, or what is added to those of the last input frame"),
    INTEGER("network.frames_in", "frames", 1, 7, "3", "that a call begins with"),
    INTEGER("network.frames_out", "frames", 1, 7, "3", "that a call makes"),
    SWITCH("network.reynolds", "false", "a channel more: log10 of Re / 100"),
    SWITCH("network.walls", "false", "two channels more: how near bottom and top are"),
    CHOICE("network.padding_inlet", PADDINGS, "zero",
           "what convolutions find beyond the inlet; zero is the free stream"),
    CHOICE("network.padding_outlet", PADDINGS, "zero", "likewise beyond the outlet"),
    CHOICE("network.padding_bottom", PADDINGS, "zero",
           "likewise below the bottom; periodic wants the top periodic too"),
    CHOICE("network.padding_top", PADDINGS, "zero", "likewise above the top"),

    REAL("loss.gradient", "1", 0, 1000, "1",
         "weight lambda of the error of spatial gradients; 0 switches it off"),

    INTEGER("training.steps", "steps", 1, 1e9, "20000", "optimiser steps"),
    INTEGER("training.batch", "samples", 0, 65536, "32",
            "samples per step; 0: the most that training.network_memory has room for"),
    INTEGER(
        "training.parts", "1", 1, 65536, "1",
        "parts that a batch goes through in, their gradients added: less memory, the same result "
        "but for batch norms, which see a part"),
    INTEGER("training.network_memory", "MiB", 1, 1e9, "4096",
            "for the network and its activations, where training.batch is 0"),
    REAL("training.learning_rate", "1", 1e-9, 1, "0.002", "highest learning rate (AdamW)"),
    REAL("training.warmup", "1", 0, 1, "0.04", "share of the steps in which the rate rises"),
    REAL("training.final_rate", "1", 0, 1, "0.02",
         "last rate / highest rate; a half cosine leads there"),
    REAL("training.weight_decay", "1", 0, 1, "0.01", "of convolution weights (AdamW)"),
    REAL("training.clip", "1", 0, 1e9, "1", "largest norm of the gradient; 0: no clipping"),
    SWITCH("training.flips", "true", "mirror half of the samples across the stream"),
    CHOICE("training.precision", "f32|bf16|auto", "f32",
           "of activations and their gradients; weights and sums are f32 always. bf16 where the "
           "processor has it, else f32 and a word; auto: without a word"),
    REAL("training.noise", "1", 0, 10, "0",
         "standard deviation of noise on the input fields, in units of their root mean squares"),
    REALS("training.unroll", "steps, calls", 1, 1e9, "[]",
          "step, calls, step, calls, ...: from a step on, so many calls feed each other; late, and "
          "at learning rates of 0.0003 or less"),
    SWITCH("training.pushforward", "false",
           "unrolled calls before the last make its input only: no loss, no gradient through them"),
    REAL("training.ema", "1", 0, 0.999999, "0",
         "decay of a moving average of the weights, which is then judged and saved; 0: none"),
    INTEGER("training.recalibrate", "batches", 1, 1e6, "8",
            "from which the batch norms of the averaged weights take their statistics"),
    SWITCH("training.sync_norm", "false",
           "of several ranks: batch norms take the statistics of all ranks' samples, not of their "
           "own"),
    REAL("training.freeze", "1", 0, 1, "0",
         "share of the steps, the last, in which batch norms keep their running statistics"),
    INTEGER("training.patience", "validations", 0, 1e9, "0",
            "without a better loss that end the training; 0: it goes on to the last step"),
    INTEGER("training.validate_every", "steps", 1, 1e9, "500", "steps between validations"),
    INTEGER("training.validation_windows", "windows", 1, 1e9, "256",
            "of the validation cases, at most, spread evenly"),
    INTEGER("training.log_every", "steps", 1, 1e9, "10", "steps a line of metrics.jsonl"),
    INTEGER("training.checkpoint_every", "steps", 1, 1e9, "500", "steps between checkpoints"),
    INTEGER("training.memory", "MiB", 1, 1e9, "2048",
            "a larger dataset is streamed shard by shard instead of loaded once"),
    INTEGER("training.buffer", "shards", 1, 1024, "2", "shards among which samples are shuffled"),

    CHOICE("evaluate.split", "train|validation|test-reynolds|test-body|test-beyond", "test-body",
           "cases to judge on"),
    INTEGER("evaluate.frames", "frames", 1, 100000, "24",
            "length of a rollout; the default is cut to what the cases hold"),
    REALS("evaluate.rivals", "1", 1, 8, "[1, 2]",
          "refinements of the solver runs that the network is judged against"),
    INTEGER("evaluate.truth_refine", "1", 0, 8, "0",
            "recompute the truth at this refinement; 0: take the dataset's own frames"),
    CHOICE("evaluate.precision", "f32|bf16|auto", "f32",
           "of the network's activations, in forecasts too; as training.precision"),
    END};

const struct option *option_table(void)
{
    return table;
}

const char *const *option_table_dataset_keys(void)
{
    static const char *const keys[] = {"?flow.profile",
                                       "?flow.force_x",
                                       "?flow.force_y",
                                       "?solver.bulk_rate",
                                       "?solver.magic",
                                       "?solver.smagorinsky",
                                       "?solver.bottom_speed",
                                       "?solver.top_speed",
                                       "seed",
                                       "canvas.",
                                       "flow.",
                                       "solver.",
                                       "frames.",
                                       "families",
                                       "held_out",
                                       "beyond",
                                       "dataset.",
                                       "split.",
                                       NULL};
    return keys;
}

const char *const *option_table_training_keys(void)
{
    static const char *const keys[] = {"seed", "network.", "loss.", "training.", NULL};
    return keys;
}
