/* SPDX-License-Identifier: Apache-2.0
 *
 * A small network is trained once on travelling waves, then judged: the whole way from a dataset to
 * a score. */
#include "network_forecaster.h"

#include "evaluation.h"
#include "log.h"
#include "model.h"
#include "persistence.h"
#include "scoreboard.h"
#include "synthetic_dataset.h"
#include "temporary_folder.h"
#include "trainer.h"

#include <string.h>

static struct backend *backend;
static struct model *model;

static double first_loss, last_loss; /* means over ten steps */
enum { STEPS = 120 };

static void watch(void *context, const struct trainer_progress *progress)
{
    (void)context;
    if (progress->step <= 10)
        first_loss += progress->loss / 10.0;
    if (progress->step > STEPS - 10)
        last_loss += progress->loss / 10.0;
}

static void train(const struct dataset *dataset, const char *folder)
{
    struct trainer_result result;
    struct trainer_options options = {
        .dataset = dataset,
        .backend = backend,
        .folder = folder,
        .version = "0",
        .loss.weights = {1.0, 1.0},
        .schedule = {.rate = 1e-2, .floor = 0.02, .warmup = 5, .steps = STEPS},
        .optimizer = {.beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .decay = 0.01, .clip = 1.0},
        .batch = 4,
        .parts = 1,
        .buffer_shards = 2,
        .seed = 1,
        .flips = LOADER_FLIPS,
        .log_every = 10,
        .observe = watch,
    };
    cr_assert_eq(network_spec_parse(&options.network, "C 6 / 8 * 6 + C 3"), OK);
    cr_assert_eq(trainer_run(&result, &options), OK, "%s", error_message());
}

static void set_up(void)
{
    char folder[PATH_SIZE];
    log_set_level(LOG_QUIET);
    temporary_folder_create();
    cr_assert_eq(backend_open(&backend, "ref", 1), OK);
    struct dataset *dataset = synthetic_dataset(temporary_folder_path("data"), 0);
    cr_assert_eq(path_join(folder, sizeof folder, temporary_folder, "run"), OK);
    train(dataset, folder);
    cr_assert_eq(model_load(&model, temporary_folder_path("run/model.safetensors")), OK);
    dataset_close(dataset);
}

static void tear_down(void)
{
    model_destroy(model);
    backend_close(backend);
    temporary_folder_remove();
}

static struct forecaster *new_forecaster(void)
{
    struct forecaster *forecaster = NULL;
    cr_assert_eq(network_forecaster_create(&forecaster, model, backend), OK, "%s", error_message());
    return forecaster;
}

static void begin(struct forecaster *forecaster, const struct case_record *record, int64_t first)
{
    struct forecaster_start start = {
        &record->flow, record->sdf, record->mask, case_record_frame(record, first), NULL, first};
    cr_assert_eq(forecaster->ops->start(forecaster, &start), OK, "%s", error_message());
}

static void advance(struct forecaster *forecaster, float *frames, int64_t count)
{
    cr_assert_eq(forecaster->ops->advance(forecaster, frames, count), OK, "%s", error_message());
}

static void expect_learning(void)
{
    cr_log_info("loss %g -> %g", first_loss, last_loss);
    cr_expect_lt(last_loss, 0.15 * first_loss);
}

/* On a case that no training saw: over one call by far, and over one period, in which persistence
 * comes home. */
static void expect_better_than_persistence(void)
{
    struct case_record *record = synthetic_case(4);
    struct forecaster *network = new_forecaster(), *persistence = NULL;
    struct evaluation *evaluation = NULL;
    static const int64_t starts[] = {2, 3, 4, 5, 6, 7};
    cr_assert_eq(persistence_create(&persistence), OK);
    struct evaluation_options options = {
        .entries = {{network, EVALUATION_CANDIDATE}, {persistence, EVALUATION_BASELINE}},
        .count = 2,
        .horizon = 6,
        .call = 3};
    struct evaluation_case one = {record, starts, 6, -1};
    cr_assert_eq(evaluation_create(&evaluation, &options), OK);
    cr_assert_eq(evaluation_add(evaluation, &one), OK, "%s", error_message());
    for (int w = 0; w < SCOREBOARD_WINDOWS; w++) {
        enum scoreboard_window window = (enum scoreboard_window)w;
        struct scoreboard_spread net =
            scoreboard_over_window(evaluation, 0, window, METRICS_VELOCITY_WAKE);
        struct scoreboard_spread rest =
            scoreboard_over_window(evaluation, 1, window, METRICS_VELOCITY_WAKE);
        cr_log_info("%s: network %g, persistence %g", scoreboard_window_words(window), net.mean,
                    rest.mean);
        cr_expect_lt(net.mean, 0.5 * rest.mean);
    }
    cr_expect_gt(scoreboard_cost(evaluation, 0), 0.0);
    evaluation_destroy(evaluation);
    forecaster_destroy(network);
    forecaster_destroy(persistence);
    case_record_destroy(record);
}

static void expect_frames_in_any_portions(void)
{
    struct case_record *record = synthetic_case(0);
    struct forecaster *forecaster = new_forecaster();
    static float at_once[8 * SYNTHETIC_SIZE], in_parts[8 * SYNTHETIC_SIZE];
    begin(forecaster, record, 0);
    advance(forecaster, at_once, 8);
    begin(forecaster, record, 0);
    for (int64_t done = 0, portion = 1; done < 8; done += portion, portion = 3 - portion % 3)
        advance(forecaster, in_parts + done * SYNTHETIC_SIZE,
                portion < 8 - done ? portion : 8 - done);
    cr_expect_arr_eq(at_once, in_parts, sizeof at_once);
    for (int64_t i = 0; i < SYNTHETIC_CELLS; i++)
        if (record->mask[i]) {
            cr_expect_eq(at_once[i], 1.0F);
            cr_expect_eq(at_once[SYNTHETIC_CELLS + i], 0.0F);
        }
    forecaster_destroy(forecaster);
    case_record_destroy(record);
}

/* Injecting the truth as the present frame, and nothing else, is a start from the frames so far. */
static void expect_injection_replaces_the_present_frame(void)
{
    struct case_record *record = synthetic_case(0);
    struct forecaster *forecaster = new_forecaster();
    static float frames[4 * SYNTHETIC_SIZE], after[3 * SYNTHETIC_SIZE], wanted[3 * SYNTHETIC_SIZE];
    begin(forecaster, record, 0);
    advance(forecaster, frames, 4); /* one frame into the second call */
    const float *truth = case_record_frame(record, 6);
    cr_assert_eq(forecaster->ops->inject(forecaster, truth), OK);
    advance(forecaster, after, 3);
    struct case_record *other = synthetic_case(0);
    memcpy(case_record_frame(other, 0), frames + SYNTHETIC_SIZE,
           2 * SYNTHETIC_SIZE * sizeof *frames);
    memcpy(case_record_frame(other, 2), truth, SYNTHETIC_SIZE * sizeof *frames);
    begin(forecaster, other, 0);
    advance(forecaster, wanted, 3);
    cr_expect_arr_eq(after, wanted, sizeof after);
    forecaster_destroy(forecaster);
    case_record_destroy(record);
    case_record_destroy(other);
}

static void expect_divergence_is_reported(void)
{
    struct case_record *record = synthetic_case(0);
    struct forecaster *forecaster = new_forecaster();
    static float frames[4 * SYNTHETIC_SIZE];
    begin(forecaster, record, 0);
    advance(forecaster, frames, 2);
    case_record_frame(record, 0)[SYNTHETIC_CELLS] = NAN;
    cr_assert_eq(forecaster->ops->inject(forecaster, case_record_frame(record, 0)), OK);
    cr_expect_eq(forecaster->ops->advance(forecaster, frames, 4), ERR_NUMERIC);
    cr_expect(isnan(frames[0]) && isnan(frames[4 * SYNTHETIC_SIZE - 1]));
    forecaster_destroy(forecaster);
    case_record_destroy(record);
}

static void expect_bad_canvas_is_refused(void)
{
    struct forecaster *forecaster = new_forecaster();
    struct case_record *record = synthetic_case(0);
    struct flow odd = record->flow;
    odd.nx = 15;
    struct forecaster_start start = {&odd, record->sdf, record->mask, record->values, NULL, 0};
    cr_expect_eq(forecaster->ops->start(forecaster, &start), ERR_CONFIG);
    begin(forecaster, record, 0);
    forecaster_destroy(forecaster);
    case_record_destroy(record);
}

/* Frames further apart than those of the training are another problem, however alike they look. */
static void expect_another_frame_interval_is_refused(void)
{
    struct forecaster *forecaster = new_forecaster();
    struct case_record *record = synthetic_case(0);
    struct flow odd = record->flow;
    odd.frame_interval /= 2;
    struct forecaster_start start = {&odd, record->sdf, record->mask, record->values, NULL, 0};
    cr_expect_eq(forecaster->ops->start(forecaster, &start), ERR_DATA);
    cr_expect_not_null(strstr(error_message(), "100 steps apart"), "%s", error_message());
    error_clear();
    begin(forecaster, record, 0);
    forecaster_destroy(forecaster);
    case_record_destroy(record);
}

static void expect_other_models_are_refused(void)
{
    struct forecaster *forecaster = NULL;
    struct model other = *model;
    other.spec.input_channels = 7;
    cr_expect_eq(network_forecaster_create(&forecaster, &other, backend), ERR_UNSUPPORTED);
}

/* One training serves all: Criterion gives every test a process of its own. */
Test(network_forecaster, learns_beats_persistence_and_keeps_the_forecasters_contract,
     .init = set_up, .fini = tear_down)
{
    expect_learning();
    expect_better_than_persistence();
    expect_frames_in_any_portions();
    expect_injection_replaces_the_present_frame();
    expect_divergence_is_reported();
    expect_another_frame_interval_is_refused();
    expect_bad_canvas_is_refused();
    expect_other_models_are_refused();
}

/* ---- calls of other lengths ---- */

enum { CHANNELS = NORMALISATION_CHANNELS + 3, MOST_IN = 5, MOST_OUT = 4 };

static struct network *odd_network(struct model_facts *facts, int64_t in, int64_t out)
{
    struct network *network = NULL;
    struct network_spec spec;
    cr_assert_eq(network_spec_parse(&spec, "C 3 / 4 * 4 + C 3"), OK);
    spec.frames_in = in;
    spec.frames_out = out;
    spec.reynolds = spec.walls = 1;
    spec.input_channels = network_spec_channels(&spec);
    spec.target = NETWORK_TARGET_DELTA;
    spec.norm = NETWORK_NORM_GROUP;
    spec.padding[NETWORK_OUTLET] = NETWORK_PADDING_REPLICATE;
    *facts = (struct model_facts){.normalisation = {{0.3, 0.2, 0.4}, 0}, .training = "{}"};
    facts->normalisation.extras = NORMALISATION_REYNOLDS | NORMALISATION_WALLS;
    cr_assert_eq(
        network_create(&network, &spec, backend, 1, SYNTHETIC_NX, SYNTHETIC_NY, NETWORK_FORECAST),
        OK, "%s", error_message());
    cr_assert_eq(network_initialise(network, 5), OK);
    return network;
}

/* One call by hand, from the frames at `from`. */
static void call_by_hand(float *to, struct network *network, const struct model_facts *facts,
                         const struct case_record *record, const float *from)
{
    static float tensor[MOST_IN * SYNTHETIC_CELLS * CHANNELS];
    int64_t in = network_get_spec(network)->frames_in, out = network_get_spec(network)->frames_out;
    struct normalisation_view view = {&record->flow, record->sdf, record->mask,
                                      NORMALISATION_PLAIN};
    struct buffer input = {0}, *output;
    int64_t count = in * SYNTHETIC_CELLS * CHANNELS;
    normalisation_input(tensor, &facts->normalisation, &view, from, in);
    cr_assert_eq(backend->ops->alloc(backend, &input, count), OK);
    cr_assert_eq(backend->ops->upload(backend, &input, tensor, count), OK);
    cr_assert_eq(network_forward(network, &input, NETWORK_KEEP_STATISTICS, &output), OK);
    normalisation_frames(to, &facts->normalisation, &view, output->data, out);
    backend->ops->release(backend, &input);
}

/* The frames that a call begins with stand behind those it has seen before. */
static void expect_calls_by_hand(struct network *network, const struct model_facts *facts,
                                 const struct case_record *record, int64_t first)
{
    enum { CALLS = 3, SIZE = SYNTHETIC_SIZE };
    static float all[(MOST_IN + CALLS * MOST_OUT) * SIZE], got[CALLS * MOST_OUT * SIZE];
    int64_t in = network_get_spec(network)->frames_in, out = network_get_spec(network)->frames_out;
    const float *last = case_record_frame(record, first + FORECASTER_INPUT_FRAMES - in);
    struct forecaster *forecaster = new_forecaster();
    memcpy(all, last, (size_t)(in * SIZE) * sizeof *all);
    for (int64_t i = 0; i < CALLS; i++)
        call_by_hand(all + (in + i * out) * SIZE, network, facts, record, all + i * out * SIZE);
    begin(forecaster, record, first);
    advance(forecaster, got, CALLS * out - 1);
    cr_expect_arr_eq(got, all + in * SIZE, (size_t)((CALLS * out - 1) * SIZE) * sizeof *got);
    forecaster_destroy(forecaster);
}

static void expect_too_few_frames_are_refused(const struct case_record *record)
{
    struct forecaster *forecaster = new_forecaster();
    struct forecaster_start start = {
        &record->flow, record->sdf, record->mask, case_record_frame(record, 1), NULL, 1};
    cr_expect_eq(forecaster->ops->start(forecaster, &start), ERR_DATA);
    cr_expect_not_null(strstr(error_message(), "5 frames; there are 4"), "%s", error_message());
    forecaster_destroy(forecaster);
}

static void with_calls_of(int64_t in, int64_t out, int64_t first)
{
    struct model_facts facts;
    temporary_folder_create();
    cr_assert_eq(backend_open(&backend, "ref", 1), OK);
    struct network *network = odd_network(&facts, in, out);
    cr_assert_eq(model_save(temporary_folder_path("odd"), network, backend, &facts), OK);
    cr_assert_eq(model_load(&model, temporary_folder_path("odd")), OK, "%s", error_message());
    struct case_record *record = synthetic_case(2);
    expect_calls_by_hand(network, &facts, record, first);
    if (in == 5)
        expect_too_few_frames_are_refused(record);
    case_record_destroy(record);
    network_destroy(network);
    tear_down();
}

Test(network_forecaster, calls_of_two_frames_to_four_feed_each_other)
{
    with_calls_of(2, 4, 0);
}

Test(network_forecaster, calls_of_five_frames_to_two_begin_with_frames_before_the_three)
{
    with_calls_of(5, 2, 2);
}
