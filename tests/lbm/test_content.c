/* SPDX-License-Identifier: Apache-2.0
 *
 * The content digests of small cases, one of every kind of body, are numbers of this project: the
 * same from every compiler, every level of optimisation, every instruction set and every version of
 * a library. A dataset travels as its configuration and its digest, so a change here means that no
 * older dataset can be made again: it must be meant, and told in CHANGELOG.md. */
#include "case_record.h"
#include "dataset_digest.h"
#include "row_kernel.h"
#include "simulation.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const double arrow[] = {-0.5, -0.4, 0.6, 0, -0.5, 0.4, -0.2, 0};

static const struct pinned {
    struct body_spec body;
    const char *record, *starts; /* digests */
} pinned[] = {
    {{.family = "circle", .size = 7},
     "7ddab0a52dba81d8df535e65348b718e322e3d89f545882d6e03825453087f55",
     "3b863361f2da55d2c621cd97e1453ab15f52596e7d256d8dd86c212c75634cee"},
    {{.family = "ellipse", .size = 8, .aspect = 0.6, .angle = 33},
     "ec3cbd4dabe56a5a588650e125a0b0d70f138d3dcf0cf1f26c7c98b4c7e60806",
     "53f9c19ff218f28f9ebd8381f92376adc8cd967453ab6f0f966be291f6b29aaf"},
    {{.family = "rectangle", .size = 6, .aspect = 1.2, .angle = 20},
     "cb0ec0d7c98d4ca68d22363e345e00d8909af6ef42a5b57806e889caf1ca73d5",
     "9ad965cc16874be8c1c52d6f7081965508da1a9b83a6467d815946ae763f37b8"},
    {{.family = "rounded-rectangle", .size = 7, .aspect = 0.8, .rounding = 0.5, .angle = -11},
     "eeb4e2a1b137164db1bacc26cfbe76818f118c24667f0bf1162182dbf228f60a",
     "7e7c785f70c38c271cc6234c9979bfc02bb1131c8cc85d8849f171a2b6f91e5d"},
    {{.family = "regular-polygon", .size = 8, .sides = 5, .angle = 7},
     "446985aed25672ca107cdc1a82aa226f87939d92ef1c40136f77630175f2e7ff",
     "97f217a90ad956976738f1ad5a5a72e3567650602a6895bb681f598716e6773e"},
    {{.family = "polygon", .size = 9, .vertices = arrow, .vertex_count = 4, .angle = 160},
     "9c39a9919d7d44f388a5c4e8f2610b1f3982364281a3199ae740a89212130c7f",
     "9200d7492cf56eefaa6acc6c610f6aa82dddb85708d7ab77ccba04887a162a08"},
    {{.family = "star", .size = 9, .sides = 5, .inner = 0.6, .angle = 3},
     "26144681157c600e46b76d5c109168edd71e725a338d5b062a9f677c1f9f79ef",
     "0bd8b72ea6cb6fd436069101706ace3629d5b66a192f30784a327ef475754fff"},
    {{.family = "naca", .size = 12, .profile = 4430, .angle = -25},
     "871672755fc0d5fdce3d4c4de02f1e491f9fe9e50ab6b7069baf0e01b31b66a1",
     "c84b2d82ab59c7bc4053dcb9a39005b1ce234e3083fd0c60949339e92c48a620"},
    {{.family = "fourier-blob", .size = 8, .sides = 4, .roughness = 0.4, .seed = 5},
     "602bb372f082aa1eaf137845973be9de94b518e2a54deff59a7e49c85b595970",
     "b0e768718c4e0936a7cc32cfdcd10a104fbf21f1d0bbe5f96091c1d269a7bfcd"},
    {{.family = "bezier-blob", .size = 8, .sides = 5, .roughness = 0.4, .seed = 6},
     "2d62bf00960cdb37e1f3421c7bee4c6a837a4b3b01ee43355190d4b71552b6d5",
     "a03b48c52421285414b121883ed798e0058fe54814b639b2d58c992b63f9037e"},
};

enum { PINNED = (int)(sizeof pinned / sizeof pinned[0]) };

static void describe(struct flow_case *out, int k)
{
    flow_case_defaults(out);
    out->nx = 32;
    out->ny = 32;
    out->reynolds = 70 + k;
    out->seed = 1000 + (uint64_t)k;
    out->index = k;
    out->bodies[0] = pinned[k].body;
    out->bodies[0].x = 10.25;
    out->bodies[0].y = 16 + 0.1 * k;
    out->body_count = 1;
    out->numerics.refine = k == 1 ? 2 : 1;
    out->numerics.sponge = 12;
    out->numerics.discard = 0;
    out->numerics.frames = 3;
    out->numerics.frame_interval = 20;
}

static void run(struct case_record **out, int k, enum row_isa isa)
{
    struct flow_case flow_case;
    struct simulation *simulation = NULL;
    const struct simulation_options options = {
        .threads = 1, .start_frames = {2}, .start_count = 1, .isa = isa};
    describe(&flow_case, k);
    cr_assert_eq(simulation_create(&simulation, &flow_case, &options), OK, "%s", error_message());
    cr_assert_eq(case_record_create(out, 32, 32, 3, CASE_RECORD_KEEP_STARTS), OK);
    cr_assert_eq(simulation_run(simulation, &(*out)->sink), OK, "%s", error_message());
    simulation_destroy(simulation);
}

/* 1 when case k has the pinned digests; says which it has when not. */
static int has_pinned_content(int k, enum row_isa isa)
{
    char record[DIGEST_SIZE], starts[DIGEST_SIZE];
    struct case_record *made = NULL;
    run(&made, k, isa);
    cr_assert_eq(dataset_digest_record(record, made), OK);
    cr_assert_eq(dataset_digest_starts(starts, made), OK);
    case_record_destroy(made);
    if (strcmp(record, pinned[k].record) == 0 && strcmp(starts, pinned[k].starts) == 0)
        return 1;
    fprintf(stderr, "%s, instruction set %d:\n\"%s\",\n\"%s\"\n", pinned[k].body.family, (int)isa,
            record, starts);
    return 0;
}

Test(content, is_the_same_everywhere)
{
    int right = 0, runs = 0;
    for (int isa = ROW_ISA_BASELINE; isa < ROW_ISAS; isa++) {
        const struct row_kernels *kernels;
        if (row_kernel_find(&kernels, ROW_FLOAT, (enum row_isa)isa) != OK)
            continue; /* this processor lacks it */
        for (int k = 0; k < PINNED; k++, runs++)
            right += has_pinned_content(k, (enum row_isa)isa);
    }
    cr_assert_geq(runs, PINNED);
    cr_assert_eq(right, runs, "%d of %d", right, runs);
}
