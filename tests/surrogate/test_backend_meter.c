/* SPDX-License-Identifier: Apache-2.0
 *
 * The meter passes every op on and notes each under some kind of work. */
#include "backend_meter.h"
#include "loss.h"
#include "network.h"
#include "optimizer.h"
#include "surrogate_test.h"

#include <string.h>

enum { BATCH = 2, SIDE = 16, FRAMES = 3, INPUTS = BATCH * FRAMES * SIDE * SIDE * 4 };
enum { OUTPUTS = BATCH * FRAMES * SIDE * SIDE * 3, CELLS = BATCH * SIDE * SIDE };

/* One training step of the tiny network; its parameters after it. */
static float *train_once(struct backend *backend, int64_t *count)
{
    struct network_spec spec;
    const struct loss_spec losses = {{1, 1}};
    const struct optimizer_options options = {0.9, 0.999, 1e-8, 0.01, 1};
    const int64_t dims[5] = {BATCH, FRAMES, SIDE, SIDE, 3};
    struct network *network = NULL;
    struct optimizer *optimizer = NULL;
    struct loss *loss = NULL;
    struct buffer *output, gradient = {0};
    double total, terms[LOSS_TERMS], norm;
    MUST(network_spec_parse(&spec, "tiny"));
    MUST(network_create(&network, &spec, backend, BATCH, SIDE, SIDE, NETWORK_TRAIN));
    MUST(network_initialise(network, 7));
    MUST(loss_create(&loss, &losses, backend, dims));
    MUST(optimizer_create(&optimizer, network, backend, &options));
    struct buffer input = test_buffer(backend, 1, INPUTS);
    struct buffer target = test_buffer(backend, 2, OUTPUTS), fluid = {0};
    MUST(backend->ops->alloc(backend, &fluid, CELLS));
    MUST(backend->ops->fill(backend, &fluid, 1.0F, CELLS));
    MUST(backend->ops->alloc(backend, &gradient, OUTPUTS));
    MUST(network_forward(network, &input, NETWORK_UPDATE_STATISTICS, &output));
    MUST(loss_evaluate(loss, output, &target, &fluid, &total, terms, &gradient));
    MUST(network_backward(network, &gradient));
    MUST(optimizer_update(optimizer, &norm, 1e-3, 1));
    *count = network_parameter_count(network);
    float *parameters = test_download(backend, network_parameters(network), *count);
    struct buffer *const buffers[] = {&input, &target, &fluid, &gradient};
    for (int i = 0; i < 4; i++)
        backend->ops->release(backend, buffers[i]);
    optimizer_destroy(optimizer);
    loss_destroy(loss);
    network_destroy(network);
    return parameters;
}

Test(backend_meter, results_are_those_of_the_backend_behind_it)
{
    struct backend *backend = NULL, *meter = NULL;
    int64_t count, metered;
    MUST(backend_open(&backend, "auto", 1));
    MUST(backend_meter_open(&meter, backend));
    float *plain = train_once(backend, &count), *noted = train_once(meter, &metered);
    cr_assert_eq(count, metered);
    cr_expect_eq(memcmp(plain, noted, (size_t)count * sizeof *plain), 0);
    free(plain);
    free(noted);
    backend_close(meter);
    backend_close(backend);
}

Test(backend_meter, every_kind_of_work_of_a_step_takes_time)
{
    struct backend *backend = NULL, *meter = NULL;
    int64_t count;
    MUST(backend_open(&backend, "auto", 1));
    MUST(backend_meter_open(&meter, backend));
    free(train_once(meter, &count));
    cr_expect_eq(backend_meter_layers(meter), 8);
    for (int work = 0; work < METER_WORKS; work++)
        cr_expect_gt(backend_meter_seconds(meter, -1, (enum meter_work)work), 0, "%s",
                     backend_meter_word((enum meter_work)work));
    backend_meter_reset(meter);
    cr_expect_eq(backend_meter_seconds(meter, -1, METER_CONV_FORWARD), 0);
    backend_close(meter);
    backend_close(backend);
}

Test(backend_meter, operations_of_a_forward_pass_are_those_of_the_specification)
{
    struct backend *backend = NULL, *meter = NULL;
    struct network_spec spec;
    double nominal, on_data, sum = 0;
    int64_t count;
    MUST(backend_open(&backend, "auto", 1));
    MUST(backend_meter_open(&meter, backend));
    free(train_once(meter, &count));
    MUST(network_spec_parse(&spec, "tiny"));
    network_spec_flops(&nominal, &on_data, &spec, SIDE, SIDE);
    for (int64_t layer = 0; layer < backend_meter_layers(meter); layer++)
        sum += backend_meter_operations(meter, layer, METER_CONV_FORWARD);
    cr_expect_float_eq(sum, BATCH * on_data, 1e-6 * sum);
    cr_expect_gt(backend_meter_operations(meter, -1, METER_CONV_BACKWARD_DATA), 0.8 * sum);
    backend_close(meter);
    backend_close(backend);
}

/* Slots are pointers of one size; where the reference has one, the meter must too. */
Test(backend_meter, no_op_is_missing)
{
    struct backend *backend = NULL, *meter = NULL;
    MUST(backend_open(&backend, "ref", 1));
    MUST(backend_meter_open(&meter, backend));
    const unsigned char *theirs = (const unsigned char *)backend->ops;
    const unsigned char *ours = (const unsigned char *)meter->ops;
    static const unsigned char nothing[sizeof(void (*)(void))];
    for (size_t at = 0; at < sizeof *backend->ops; at += sizeof nothing)
        if (memcmp(theirs + at, nothing, sizeof nothing) != 0)
            cr_expect_neq(memcmp(ours + at, nothing, sizeof nothing), 0, "slot %zu is empty",
                          at / sizeof nothing);
    backend_close(meter);
    backend_close(backend);
}
