/* SPDX-License-Identifier: Apache-2.0
 *
 * The list of validation cases, and the shortest of them; the others are run by `wakecast
 * validate`. */
#include "proof.h"
#include "proof_order.h"

#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

Test(proof, every_case_has_a_name_of_its_own_and_says_what_it_is)
{
    cr_assert_gt(proof_count(), 10);
    for (int64_t k = 0; k < proof_count(); k++) {
        const struct proof_case *one = proof_at(k), *found = NULL;
        cr_assert_eq(proof_find(&found, one->name), OK);
        cr_assert_eq(found, one, "'%s' stands twice", one->name);
        cr_assert(strlen(one->summary) > 0 && strlen(one->source) > 0, "%s", one->name);
        cr_assert(one->updates > 0 && one->reynolds > 0 && one->cells > 0, "%s", one->name);
    }
}

/* What was committed is what must hold. */
Test(proof, every_committed_figure_belongs_to_a_case_and_passes)
{
    int64_t figures = 0;
    for (int64_t k = 0; k < proof_count(); k++) {
        struct proof v;
        proof_init(&v, 1, NULL);
        proof_recall(&v, proof_at(k));
        cr_assert_gt(v.count, 0, "%s has no figures", proof_at(k)->name);
        for (int64_t i = 0; i < v.count; i++) {
            const struct proof_figure *figure = v.rows[i].figure;
            cr_assert(proof_row_passes(&v.rows[i]), "%s, %s", figure->name, figure->quantity);
            cr_assert_not(proof_row_moved(&v.rows[i]), "%s, %s", figure->name, figure->quantity);
            cr_assert(isnan(figure->wanted) ||
                          (figure->low < figure->wanted && figure->wanted < figure->high),
                      "%s, %s", figure->name, figure->quantity);
            for (int64_t j = 0; j < i; j++)
                cr_assert_str_neq(figure->quantity, v.rows[j].figure->quantity);
        }
        figures += v.count;
        proof_fini(&v);
    }
    cr_assert_eq(figures, proof_figure_count(), "a figure names no case");
}

Test(proof, every_order_is_between_cases_of_one_flow_and_passes)
{
    cr_assert_gt(proof_order_count(), 0);
    for (int64_t k = 0; k < proof_order_count(); k++) {
        const struct proof_order *order = proof_order_at(k);
        const struct proof_case *coarse = NULL, *fine = NULL;
        struct proof a, b;
        cr_assert_eq(proof_find(&coarse, order->coarse), OK, "%s", error_message());
        cr_assert_eq(proof_find(&fine, order->fine), OK, "%s", error_message());
        cr_assert_eq(coarse->run, fine->run);
        cr_assert_lt(coarse->cells, fine->cells);
        proof_init(&a, 1, NULL);
        proof_init(&b, 1, NULL);
        proof_recall(&a, coarse);
        proof_recall(&b, fine);
        double value = proof_order_of(order, &a, &b);
        cr_assert(proof_order_passes(order, value), "%s from %s: %g", order->quantity,
                  order->coarse, value);
        proof_fini(&a);
        proof_fini(&b);
    }
}

Test(proof, an_error_that_falls_to_a_quarter_from_twice_the_cells_is_of_second_order)
{
    const struct proof_case coarse_case = {.cells = 20}, fine_case = {.cells = 40};
    const struct proof_figure figure = {.quantity = "a", .wanted = 2, .low = 1, .high = 3};
    const struct proof_order order = {.quantity = "a", .low = 1.9, .high = 2.1};
    struct proof coarse, fine;
    proof_init(&coarse, 1, NULL);
    proof_init(&fine, 1, NULL);
    coarse.which = &coarse_case;
    fine.which = &fine_case;
    cr_assert(isnan(proof_order_of(&order, &coarse, &fine)), "no rows, no order");
    coarse.rows[coarse.count++] = (struct proof_row){&figure, 2.4};
    fine.rows[fine.count++] = (struct proof_row){&figure, 1.9};
    double value = proof_order_of(&order, &coarse, &fine);
    cr_assert_float_eq(value, 2, 1e-12);
    cr_assert(proof_order_passes(&order, value));
    cr_assert_not(proof_order_passes(&order, NAN));
    fine.rows[0].value = 2;
    cr_assert(isnan(proof_order_of(&order, &coarse, &fine)), "no error, no order");
}

Test(proof, an_unknown_name_is_told_with_those_there_are)
{
    const struct proof_case *found = NULL;
    cr_assert_eq(proof_find(&found, "dfg"), ERR_USAGE);
    cr_assert_not_null(strstr(error_message(), "dfg-2d2-d40"), "%s", error_message());
}

Test(proof, a_figure_outside_its_interval_fails_and_so_does_none)
{
    const struct proof_figure figure = {
        .quantity = "a", .wanted = -2, .low = -2.02, .high = -1.98, .ours = -2.01};
    struct proof v;
    proof_init(&v, 1, NULL);
    cr_assert_eq(proof_passes(&v), 0, "nothing shown is nothing passed");
    v.rows[v.count++] = (struct proof_row){&figure, -2.0199};
    cr_assert_eq(proof_passes(&v), 1);
    cr_assert_eq(proof_row_moved(&v.rows[0]), 1);
    v.rows[v.count++] = (struct proof_row){&figure, -2.01002};
    cr_assert_eq(proof_row_moved(&v.rows[1]), 0, "the fifth digit is the same");
    v.rows[v.count++] = (struct proof_row){&figure, -2.021};
    cr_assert_eq(proof_row_passes(&v.rows[0]), 1);
    cr_assert_eq(proof_row_passes(&v.rows[2]), 0);
    cr_assert_eq(proof_passes(&v), 0);
    v.rows[2].value = NAN;
    cr_assert_eq(proof_passes(&v), 0, "no number is no pass");
    cr_assert_eq(proof_row_moved(&v.rows[2]), 1);
    proof_fini(&v);
}

Test(proof, a_figure_that_the_list_lacks_is_a_fault)
{
    struct proof v;
    proof_init(&v, 1, NULL);
    v.which = proof_at(0);
    cr_assert_eq(proof_add(&v, "colour", 1), ERR_INTERNAL);
    cr_assert_not_null(strstr(error_message(), "colour"), "%s", error_message());
    cr_assert_eq(v.count, 0);
}

Test(proof, the_cavity_at_reynolds_100_passes)
{
    const struct proof_case *which = NULL;
    struct proof v;
    proof_init(&v, 2, NULL);
    cr_assert_eq(proof_find(&which, "cavity-re100-64"), OK);
    cr_assert_eq(proof_run(&v, which), OK, "%s", error_message());
    for (int64_t k = 0; k < v.count; k++)
        cr_assert(proof_row_passes(&v.rows[k]) && !proof_row_moved(&v.rows[k]), "%s = %.7g",
                  v.rows[k].figure->quantity, v.rows[k].value);
    cr_assert_eq(v.count, 3);
    cr_assert_eq(v.points, 64);
    proof_fini(&v);
}

Test(proof, a_case_stops_when_asked)
{
    const struct proof_case *which = NULL;
    const volatile sig_atomic_t signal_number = 15;
    const struct stop stop = {.signal = &signal_number};
    struct proof v;
    proof_init(&v, 1, &stop);
    cr_assert_eq(proof_find(&which, "dfg-2d2-d20"), OK);
    cr_assert_eq(proof_run(&v, which), ERR_STOPPED);
    cr_assert_not_null(strstr(error_message(), "dfg-2d2-d20"), "%s", error_message());
    proof_fini(&v);
}
