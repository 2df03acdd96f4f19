/* SPDX-License-Identifier: Apache-2.0
 *
 * Steps of several ranks that train one network, each a thread, over a link within the process: the
 * same bits again, and one rank's up to rounding where that is promised. */
#include "learner.h"
#include "memory_link.h"

#include <math.h>

enum { SIDE = 8, WINDOWS = 12, STEPS = 3, MOST = 4000 };

struct training {
    const char *backend;
    struct learner_options options; /* of the whole batch */
    enum network_statistics statistics;
    int ranks;
    int64_t spoiled; /* window of the first step with a value that is no number; -1: none */
    /* of each rank */
    struct learner_result results[MEMORY_LINK_RANKS];
    int64_t count; /* parameters and statistics */
    float values[MEMORY_LINK_RANKS][MOST];
};

static double number(uint64_t seed, int64_t index)
{
    return 2.0 * philox_uniform(seed, PHILOX_STREAM_TEST, (uint64_t)index) - 1.0;
}

/* Every window has another share of fluid. */
static void fill_window(struct batch *batch, int64_t slot, int64_t window, int spoil)
{
    int64_t input = batch_input_count(batch) / batch->windows;
    int64_t target = batch_target_count(batch) / batch->windows;
    int64_t cells = batch->nx * batch->ny;
    for (int64_t i = 0; i < input; i++)
        batch->input[slot * input + i] = (float)number(1, window * input + i);
    for (int64_t call = 0; call < batch->window.calls; call++)
        for (int64_t i = 0; i < target; i++)
            batch->target[(call * batch->windows + slot) * target + i] =
                (float)number(2 + (uint64_t)call, window * target + i);
    for (int64_t i = 0; i < cells; i++)
        batch->fluid[slot * cells + i] =
            number(9, window * cells + i) > -0.9 + 0.1 * (double)(window % WINDOWS) ? 1.0F : 0.0F;
    if (spoil)
        batch->input[slot * input] = NAN;
}

/* A rank's share, as the loader deals it: its run of each part. */
static void fill_share(struct batch *batch, const struct training *it, int rank, int64_t step)
{
    int64_t parts = it->options.parts, run = batch->windows / parts;
    for (int64_t slot = 0; slot < batch->windows; slot++) {
        int64_t window = slot / run * run * it->ranks + rank * run + slot % run;
        fill_window(batch, slot, step * WINDOWS + window, step == 0 && window == it->spoiled);
    }
}

static enum status keep(struct training *it, struct learner *learner, struct backend *backend,
                        int rank)
{
    struct network *network = learner_network(learner);
    int64_t parameters = network_parameter_count(network);
    int64_t statistics = network_statistic_count(network);
    it->count = parameters + statistics;
    if (it->count > MOST)
        return FAIL(ERR_INTERNAL, "%lld values", (long long)it->count);
    TRY(backend->ops->download(backend, it->values[rank], network_parameters(network), parameters));
    if (statistics == 0)
        return OK;
    return backend->ops->download(backend, it->values[rank] + parameters,
                                  network_statistics(network), statistics);
}

static enum status train_rank(struct training *it, struct crew *crew, struct backend *backend)
{
    enum status status = OK;
    struct learner *learner = NULL;
    struct batch *batch = NULL;
    struct learner_options options = it->options;
    int rank = crew_rank(crew);
    options.crew = crew;
    options.shape.windows /= it->ranks;
    TRY_GOTO(learner_create(&learner, backend, &options), cleanup);
    TRY_GOTO(batch_create(&batch, &options.shape), cleanup);
    TRY_GOTO(network_initialise(learner_network(learner), 7), cleanup);
    TRY_GOTO(network_refresh(learner_network(learner)), cleanup);
    for (int64_t step = 0; step < STEPS && status == OK; step++) {
        fill_share(batch, it, rank, step);
        TRY_GOTO(learner_step(learner, &it->results[rank], batch, 1e-3, step + 1, it->statistics),
                 cleanup);
    }
cleanup:
    if (learner != NULL && keep(it, learner, backend, rank) != OK)
        status = ERR_INTERNAL;
    batch_destroy(batch);
    learner_destroy(learner);
    return status;
}

static enum status do_train(void *context, struct rank_link *link)
{
    enum status status = OK;
    struct training *it = context;
    struct crew *crew = NULL;
    struct backend *backend = NULL;
    TRY_GOTO(crew_create(&crew, link), cleanup);
    TRY_GOTO(backend_open(&backend, it->backend, 1), cleanup);
    TRY_GOTO(train_rank(it, crew, backend), cleanup);
cleanup:
    backend_close(backend);
    crew_destroy(crew);
    return status;
}

/* Batch norm, delta; `calls` unrolled. */
static struct training *training_of(const char *backend, int ranks, int64_t calls)
{
    struct training *it = calloc(1, sizeof *it);
    *it = (struct training){
        .backend = backend,
        .ranks = ranks,
        .statistics = NETWORK_UPDATE_STATISTICS,
        .spoiled = -1,
        .options = {.loss = {{1, 1}},
                    .optimizer = {.beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-3, .clip = 1.0},
                    .shape = {.windows = WINDOWS,
                              .window = {3, 3, calls},
                              .channels = 4,
                              .nx = SIDE,
                              .ny = SIDE},
                    .parts = 1}};
    cr_assert_eq(network_spec_parse(&it->options.network, "C 3 / 4 * 4 + C 3"), OK);
    it->options.network.target = NETWORK_TARGET_DELTA;
    return it;
}

static void run(struct training *it, uint64_t seed)
{
    memory_run_well(it->ranks, seed, do_train, it);
}

/* What was trained, on ranks that must all have the same. */
static void expect_alike(const struct training *it)
{
    for (int rank = 1; rank < it->ranks; rank++) {
        cr_expect_arr_eq(it->values[0], it->values[rank], (size_t)it->count * sizeof(float),
                         "%s: ranks 0 and %d differ", it->backend, rank);
        cr_expect_eq(it->results[0].loss, it->results[rank].loss);
        cr_expect_eq(it->results[0].norm, it->results[rank].norm);
    }
}

static double difference(const struct training *a, const struct training *b)
{
    double squares = 0, whole = 0;
    cr_assert_eq(a->count, b->count);
    for (int64_t i = 0; i < a->count; i++) {
        double d = (double)a->values[0][i] - b->values[0][i];
        squares += d * d;
        whole += (double)a->values[0][i] * a->values[0][i];
    }
    return sqrt(squares / whole);
}

/* Against one rank, with everything that a step can have. */
static void compare_with_one(const char *backend, enum network_norm norm,
                             enum gradient_share_norm sharing, int64_t calls, int64_t parts,
                             double low, double high)
{
    struct training *one = training_of(backend, 1, calls);
    one->options.network.norm = norm;
    one->options.norm = sharing;
    one->options.parts = parts;
    run(one, 1);
    for (int ranks = 2; ranks <= 3; ranks++) {
        struct training *it = training_of(backend, ranks, calls);
        it->options.network.norm = norm;
        it->options.norm = sharing;
        it->options.parts = parts;
        run(it, 2);
        expect_alike(it);
        double d = difference(one, it);
        cr_expect(d >= low && d <= high, "%s, %d ranks, %lld calls, %lld parts: %.2e from one rank",
                  backend, ranks, (long long)calls, (long long)parts, d);
        double loss = fabs(it->results[0].loss / one->results[0].loss - 1);
        cr_expect_leq(loss, high, "%s, %d ranks: the loss is %.2e away", backend, ranks, loss);
        free(it);
    }
    free(one);
}

static const double rounding = 1e-7; /* of a few steps in float32; the runs have 3e-9 to 1.4e-8 */

/* Plain steps, and calls and parts at once. */
static void expect_one_up_to_rounding(enum network_norm norm, enum gradient_share_norm sharing)
{
    for (int64_t i = 0; backend_name(i) != NULL; i++) {
        compare_with_one(backend_name(i), norm, sharing, 1, 1, 0, rounding);
        compare_with_one(backend_name(i), norm, sharing, 3, 2, 0, rounding);
    }
}

Test(learner_ranks, with_shared_norms_any_number_of_ranks_is_one_up_to_rounding)
{
    expect_one_up_to_rounding(NETWORK_NORM_BATCH, GRADIENT_SHARE_SYNC_NORM);
}

Test(learner_ranks, without_batch_norms_any_number_of_ranks_is_one_up_to_rounding)
{
    expect_one_up_to_rounding(NETWORK_NORM_NONE, GRADIENT_SHARE_OWN_NORM);
    expect_one_up_to_rounding(NETWORK_NORM_GROUP, GRADIENT_SHARE_OWN_NORM);
}

Test(learner_ranks, norms_of_their_own_see_other_samples)
{
    for (int64_t i = 0; backend_name(i) != NULL; i++)
        compare_with_one(backend_name(i), NETWORK_NORM_BATCH, GRADIENT_SHARE_OWN_NORM, 1, 1, 1e-4,
                         0.01);
}

Test(learner_ranks, a_training_repeated_has_the_same_bits_whatever_comes_first)
{
    for (int64_t i = 0; backend_name(i) != NULL; i++)
        for (int ranks = 2; ranks <= 3; ranks++) {
            struct training *a = training_of(backend_name(i), ranks, 2);
            struct training *b = training_of(backend_name(i), ranks, 2);
            run(a, 3);
            run(b, 4);
            expect_alike(a);
            cr_expect_arr_eq(a->values, b->values, sizeof a->values, "%s, %d ranks",
                             backend_name(i), ranks);
            free(a);
            free(b);
        }
}

Test(learner_ranks, pushforward_and_frozen_norms_are_shared_too)
{
    for (int ranks = 1; ranks <= 3; ranks++) {
        static struct training *one;
        struct training *it = training_of("ref", ranks, 3);
        it->options.gradient = LEARNER_LAST;
        it->statistics = NETWORK_RUNNING_STATISTICS;
        run(it, 5);
        expect_alike(it);
        if (ranks == 1)
            one = it;
        else
            cr_expect_leq(difference(one, it), rounding, "%d ranks: %.2e", ranks,
                          difference(one, it));
        if (ranks > 1)
            free(it);
        if (ranks == 3)
            free(one);
    }
}

Test(learner_ranks, a_value_that_is_not_finite_on_one_rank_stops_all_and_moves_nothing)
{
    struct training *it = training_of("ref", 3, 1), *start = training_of("ref", 1, 1);
    it->spoiled = WINDOWS - 1; /* the last rank's */
    memory_run(3, 6, do_train, it);
    for (int rank = 0; rank < 3; rank++) {
        cr_expect_eq(memory_ranks[rank].status, ERR_NUMERIC, "rank %d", rank);
        cr_expect_str_eq(memory_ranks[rank].message, "the loss is not finite at step 1");
    }
    struct backend *backend;
    struct network *network;
    cr_assert_eq(backend_open(&backend, "ref", 1), OK);
    cr_assert_eq(
        network_create(&network, &start->options.network, backend, 1, SIDE, SIDE, NETWORK_TRAIN),
        OK);
    cr_assert_eq(network_initialise(network, 7), OK);
    int64_t count = network_parameter_count(network);
    cr_assert_eq(
        backend->ops->download(backend, start->values[0], network_parameters(network), count), OK);
    for (int rank = 0; rank < 3; rank++)
        cr_expect_arr_eq(it->values[rank], start->values[0], (size_t)count * sizeof(float));
    network_destroy(network);
    backend_close(backend);
    free(it);
    free(start);
}
