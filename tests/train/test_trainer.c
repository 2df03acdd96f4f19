/* SPDX-License-Identifier: Apache-2.0 */
#include "trainer_fixture.h"

#include "json.h"

TestSuite(trainer, .init = set_up, .fini = tear_down);

static void count_steps(void *context, const struct trainer_progress *progress)
{
    cr_expect_eq(progress->step, ++*(int64_t *)context);
    cr_expect_eq(progress->steps, 12);
    cr_expect_eq(progress->validation != NULL, progress->step % 4 == 0);
}

Test(trainer, tells_the_observer_of_every_step_and_validation)
{
    struct trainer_result result;
    int64_t steps = 0;
    options.observe = count_steps;
    options.context = &steps;
    cr_assert_eq(train("run", &result), OK, "%s", error_message());
    cr_expect_eq(steps, 12);
    cr_expect_eq(result.step, 12);
    cr_expect_gt(result.best_step, 0);
}

/* Lines at steps 3, 6, 9, 12 and validations at 4, 8, 12; means over the steps since the last line.
 */
Test(trainer, metrics_hold_a_line_for_every_interval_and_validation)
{
    static const char *const kinds[] = {"training", "validation", "training",  "validation",
                                        "training", "training",   "validation"};
    static const int64_t steps[] = {3, 4, 6, 8, 9, 12, 12};
    static const char *const keys[] = {"loss", "values", "gradient", "gradient_norm", "rate"};
    size_t size;
    int line = 0;
    train_well("run");
    char *text = (char *)read_file(&size, "run", "metrics.jsonl");
    for (char *at = text, *end; (end = strchr(at, '\n')) != NULL; at = end + 1, line++) {
        struct json *json = NULL;
        const char *kind;
        int64_t step;
        cr_assert_lt(line, 7);
        cr_assert_eq(json_read(&json, at, (size_t)(end - at), "metrics"), OK);
        cr_assert_eq(json_get_text(&kind, json, "kind"), OK);
        cr_assert_eq(json_get_integer(&step, json, "step"), OK);
        cr_expect_str_eq(kind, kinds[line]);
        cr_expect_eq(step, steps[line]);
        for (int k = 0; k < (kind[0] == 't' ? 5 : 3); k++) {
            double value;
            cr_assert_eq(json_get_real(&value, json, keys[k]), OK);
            cr_expect(isfinite(value) && value > 0.0, "%s = %g", keys[k], value);
        }
        json_destroy(json);
    }
    cr_expect_eq(line, 7);
    array_free(text);
}

Test(trainer, a_repeated_run_gives_the_same_bytes)
{
    train_well("a");
    train_well("b");
    expect_same_run("a", "b");
}

Test(trainer, a_run_ended_and_resumed_gives_the_bytes_of_one_that_was_not)
{
    train_well("whole");
    static const int64_t ends[] = {6, 1, 11, 8};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        options.begin = TRAINER_FRESH;
        options.stop_after = ends[i];
        train_well("parts");
        cr_expect_not(path_exists(temporary_folder_path("parts/model.safetensors")));
        options.begin = TRAINER_RESUME;
        options.stop_after = 0;
        train_well("parts");
        expect_same_run("whole", "parts");
    }
}

/* Killed after step 5's checkpoint and some lines of metrics: what was logged since is computed
 * again. */
Test(trainer, a_run_that_was_killed_goes_on_from_its_last_checkpoint)
{
    train_well("whole");
    options.stop_after = 5;
    train_well("killed");
    size_t size;
    unsigned char *metrics = read_file(&size, "whole", "metrics.jsonl");
    cr_assert_eq(
        atomic_file_write(temporary_folder_path("killed/metrics.jsonl"), metrics, size * 2 / 3),
        OK);
    array_free(metrics);
    options.begin = TRAINER_RESUME;
    options.stop_after = 0;
    train_well("killed");
    expect_same_run("whole", "killed");
}

static void interrupt_at_7(void *context, const struct trainer_progress *progress)
{
    (void)context;
    if (progress->step == 7)
        interrupt = 2;
}

Test(trainer, a_request_to_stop_saves_and_the_resumed_run_is_the_same)
{
    struct stop stop = {.signal = &interrupt};
    struct trainer_result result;
    train_well("whole");
    options.stop = &stop;
    options.observe = interrupt_at_7;
    cr_expect_eq(train("stopped", &result), ERR_STOPPED);
    cr_expect_eq(result.step, 7);
    options.stop = NULL;
    options.observe = NULL;
    options.begin = TRAINER_RESUME;
    train_well("stopped");
    expect_same_run("whole", "stopped");
}

static enum status (*true_copy)(struct backend *, struct buffer *, const struct buffer *, int64_t);

static enum status copy_and_interrupt(struct backend *on, struct buffer *dst,
                                      const struct buffer *src, int64_t count)
{
    interrupt = 15; /* the trainer copies parameters when it validates */
    return true_copy(on, dst, src, count);
}

Test(trainer, a_request_to_stop_within_a_validation_leaves_it_to_the_resumed_run)
{
    struct stop stop = {.signal = &interrupt};
    struct trainer_result result;
    const struct backend_ops *ops = backend->ops;
    train_well("whole");
    interrupting = *ops;
    true_copy = ops->copy;
    interrupting.copy = copy_and_interrupt;
    interrupt = 0;
    backend->ops = &interrupting;
    options.stop = &stop;
    cr_expect_eq(train("stopped", &result), ERR_STOPPED);
    cr_expect_eq(result.step, 4);
    cr_expect_eq(result.best_step, 0, "the validation of step 4 was not finished");
    backend->ops = ops;
    options.stop = NULL;
    options.begin = TRAINER_RESUME;
    options.stop_after = 4; /* the validation alone, which must be saved */
    train_well("stopped");
    options.stop_after = 0;
    options.stop = &stop;
    cr_expect_eq(train("stopped", &result), ERR_STOPPED);
    cr_expect_eq(result.best_step, 4, "the validation was not saved");
    options.stop = NULL;
    train_well("stopped");
    expect_same_run("whole", "stopped");
}

Test(trainer, a_streamed_dataset_trains_to_the_bytes_of_a_loaded_one)
{
    train_well("loaded");
    options.memory_budget = 1;
    train_well("streamed");
    expect_same_run("loaded", "streamed");
}

Test(trainer, a_resume_without_a_checkpoint_begins_anew)
{
    train_well("whole");
    options.begin = TRAINER_RESUME;
    train_well("new");
    expect_same_run("whole", "new");
}

Test(trainer, a_finished_run_resumed_stays_as_it_is)
{
    train_well("a");
    train_well("b");
    options.begin = TRAINER_RESUME;
    train_well("b");
    expect_same_run("a", "b");
}

Test(trainer, another_seed_gives_another_model)
{
    train_well("a");
    options.seed = 2;
    train_well("b");
    cr_expect_not(same_file("a", "b", "model.safetensors"));
}

Test(trainer, a_resume_with_another_option_is_refused_and_names_it)
{
    struct trainer_result result;
    options.stop_after = 5;
    train_well("run");
    options.begin = TRAINER_RESUME;
    options.schedule.rate = 0.5;
    cr_expect_eq(train("run", &result), ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "rate"), "%s", error_message());
    options.schedule.rate = 1e-2;
    options.loss.weights[1] = 0.5;
    cr_expect_eq(train("run", &result), ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "loss"), "%s", error_message());
}

Test(trainer, a_resume_with_another_network_or_dataset_is_refused)
{
    struct trainer_result result;
    struct dataset *other = synthetic_dataset(temporary_folder_path("other"), 1);
    struct network_spec spec = options.network;
    options.stop_after = 5;
    train_well("run");
    options.begin = TRAINER_RESUME;
    options.network.skips = 0;
    cr_expect_eq(train("run", &result), ERR_DATA);
    cr_expect_not_null(strstr(error_message(), "skips"), "%s", error_message());
    options.network = spec;
    options.dataset = other;
    cr_expect_eq(train("run", &result), ERR_DATA);
    cr_expect_not_null(strstr(error_message(), "digest"), "%s", error_message());
    dataset_close(other);
}

Test(trainer, an_initial_model_gives_its_weights_and_its_normalisation)
{
    struct trainer_result result;
    struct model *before = NULL, *after = NULL;
    char init[PATH_SIZE];
    struct dataset *other = synthetic_dataset(temporary_folder_path("other"), 9);
    train_well("first");
    (void)snprintf(init, sizeof init, "%s", temporary_folder_path("first/model.safetensors"));
    options.init = init;
    options.dataset = other;
    options.schedule = (struct schedule){.rate = 1e-9, .floor = 1.0, .warmup = 0, .steps = 1};
    cr_assert_eq(train("second", &result), OK, "%s", error_message());
    cr_assert_eq(model_load(&before, init), OK);
    cr_assert_eq(model_load(&after, temporary_folder_path("second/model.safetensors")), OK);
    cr_expect_arr_eq(&before->facts.normalisation, &after->facts.normalisation,
                     sizeof(struct normalisation));
    const struct safetensors_tensor *a = safetensors_at(before->file, 0);
    const struct safetensors_tensor *b = safetensors_find(after->file, a->name);
    for (size_t i = 0; i < a->bytes / sizeof(float); i++)
        cr_expect_float_eq(((const float *)a->data)[i], ((const float *)b->data)[i], 1e-7);
    cr_expect_not_null(strstr(after->facts.training, "\"init\":\""));
    model_destroy(before);
    model_destroy(after);
    dataset_close(other);
}

Test(trainer, a_loss_that_is_not_finite_ends_it_and_keeps_the_last_good_checkpoint)
{
    struct trainer_result result;
    struct model *model = NULL;
    options.schedule.rate = 1e30; /* the second step finds the weights out of all bounds */
    options.schedule.warmup = 0;
    options.optimizer.clip = 0.0;
    options.checkpoint_every = 1;
    cr_expect_eq(train("run", &result), ERR_NUMERIC);
    cr_expect_not_null(strstr(error_message(), "at step "), "%s", error_message());
    cr_log_info("%s", error_message());
    cr_expect_not(path_exists(temporary_folder_path("run/model.safetensors")));
    cr_assert_geq(result.step, 1);
    cr_assert_eq(model_load(&model, temporary_folder_path("run/checkpoints/last.safetensors")), OK);
    cr_expect_eq(model->facts.step, result.step);
    model_destroy(model);
}

Test(trainer, options_that_cannot_be_are_refused_with_the_reason)
{
    struct trainer_result result;
    struct trainer_options good = options;
    options.batch = SYNTHETIC_TRAIN * SYNTHETIC_WINDOWS + 1;
    cr_expect_eq(train("run", &result), ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "larger than the training split"));
    options = good;
    options.batch = 0;
    cr_expect_eq(train("run", &result), ERR_CONFIG);
    options = good;
    options.log_every = 0;
    cr_expect_eq(train("run", &result), ERR_CONFIG);
    options = good;
    options.schedule.warmup = 100;
    cr_expect_eq(train("run", &result), ERR_CONFIG);
    options = good;
    options.init = "/nowhere/model.safetensors";
    cr_expect_eq(train("run", &result), ERR_DATA);
    cr_expect_not(path_exists(temporary_folder_path("run/metrics.jsonl")));
}

/* ---- switches ---- */

Test(trainer, with_every_switch_runs_interrupted_anywhere_end_in_the_same_bytes)
{
    cr_expect_gt(interrupt_at_random(2), 2, "none was interrupted");
}

Test(trainer, bf16_changes_the_model_and_is_what_a_resume_must_have)
{
    struct trainer_result result;
    train_well("floats");
    cr_assert_eq(backend_set_precision(backend, PRECISION_BF16), OK);
    options.precision = PRECISION_BF16;
    train_well("rounded");
    train_well("again");
    expect_same_run("rounded", "again");
    cr_expect_not(same_file("floats", "rounded", "model.safetensors"));
    options.begin = TRAINER_RESUME;
    options.precision = PRECISION_F32;
    cr_expect_eq(train("rounded", &result), ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "precision"), "%s", error_message());
}

Test(trainer, a_resume_with_another_switch_is_refused_and_names_it)
{
    struct trainer_result result;
    switch_all_on();
    struct trainer_options on = options;
    options.stop_after = 5;
    train_well("run");
    static const char *const names[] = {"ema",    "recalibrate", "noise", "unroll",
                                        "freeze", "patience",    "parts", "pushforward"};
    for (int i = 0; i < 8; i++) {
        options = on;
        options.begin = TRAINER_RESUME;
        options.ema = i == 0 ? 0.8 : on.ema;
        options.recalibrate = i == 1 ? 3 : on.recalibrate;
        options.noise = i == 2 ? 0.0 : on.noise;
        options.curriculum.stages[1].from += i == 3;
        options.freeze = i == 4 ? 0.5 : on.freeze;
        options.patience += i == 5;
        options.parts = i == 6 ? 1 : on.parts;
        options.gradient = i == 7 ? LEARNER_LAST : LEARNER_THROUGH;
        cr_expect_eq(train("run", &result), ERR_CONFIG, "%s", names[i]);
        cr_expect_not_null(strstr(error_message(), names[i]), "%s", error_message());
    }
}

/* Runs whose options differ in one switch, each of which must tell. */
Test(trainer, each_switch_changes_the_model)
{
    struct trainer_options plain = options;
    train_well("plain");
    for (int i = 0; i < 5; i++) {
        options = plain;
        options.noise = i == 0 ? 0.1 : 0.0;
        options.curriculum = i == 1 || i == 2 ? (struct curriculum){1, {{1, 2}}} : plain.curriculum;
        options.gradient = i == 2 ? LEARNER_LAST : LEARNER_THROUGH;
        options.ema = i == 3 ? 0.9 : 0.0;
        options.recalibrate = 1;
        options.freeze = i == 4 ? 0.5 : 0.0;
        train_well("switched");
        cr_expect_not(same_file("plain", "switched", "model.safetensors"), "switch %d", i);
    }
}

/* The model is the average; the checkpoint has the weights and the average beside. */
Test(trainer, with_an_average_the_model_holds_that)
{
    struct model *model = NULL, *checkpoint = NULL;
    switch_all_on();
    train_well("run");
    cr_assert_eq(model_load(&model, temporary_folder_path("run/model.safetensors")), OK);
    cr_assert_eq(model_load(&checkpoint, temporary_folder_path("run/checkpoints/last.safetensors")),
                 OK);
    const struct safetensors_tensor *a = safetensors_find(model->file, "layers.0.conv.weight");
    const struct safetensors_tensor *b = safetensors_find(checkpoint->file, "optimizer.average");
    const struct safetensors_tensor *c = safetensors_find(checkpoint->file, a->name);
    cr_assert_not_null(b);
    cr_expect_eq(memcmp(a->data, b->data, a->bytes), 0, "the model is not the average");
    cr_expect_neq(memcmp(a->data, c->data, a->bytes), 0, "the checkpoint is not the weights");
    model_destroy(model);
    model_destroy(checkpoint);
}

/* At a rate that moves nothing no validation is better than the first. */
Test(trainer, patience_ends_a_training_and_metrics_say_so)
{
    struct trainer_result result;
    options.schedule.rate = 1e-30;
    options.optimizer.decay = 0.0;
    options.validate_every = 2;
    options.patience = 3;
    options.network.norm = NETWORK_NORM_NONE;
    cr_assert_eq(train("run", &result), OK, "%s", error_message());
    cr_expect_eq(result.step, 8);
    cr_expect_eq(result.best_step, 2);
    cr_expect_eq(result.ended, 1);
    cr_expect(path_exists(temporary_folder_path("run/model.safetensors")));
    size_t size;
    char *text = (char *)read_file(&size, "run", "metrics.jsonl");
    static const char line[] = "{\"kind\":\"end\",\"step\":8,\"validations\":3,\"best_step\":2}\n";
    cr_assert_gt(size, sizeof line);
    cr_expect_eq(memcmp(text + size - (sizeof line - 1), line, sizeof line - 1), 0, "%.*s",
                 (int)size, text);
    array_free(text);
    train_well("again");
    options.begin = TRAINER_RESUME;
    cr_assert_eq(train("again", &result), OK);
    cr_expect_eq(result.first, 8);
    cr_expect_eq(result.ended, 1);
    expect_same_run("run", "again");
}

Test(trainer, an_automatic_batch_fits_its_budget_and_is_kept_on_resume)
{
    struct trainer_result result;
    struct trainer_options trial = options;
    trial.batch = 4;
    double four = trainer_set_up_memory(&trial, SYNTHETIC_NX, SYNTHETIC_NY);
    options.batch = 0;
    options.network_budget = (int64_t)four + 1;
    options.stop_after = 3;
    cr_assert_eq(train("run", &result), OK, "%s", error_message());
    cr_expect_eq(result.batch, 4);
    options.begin = TRAINER_RESUME;
    options.network_budget *= 100;
    options.stop_after = 6;
    cr_assert_eq(train("run", &result), OK, "%s", error_message());
    cr_expect_eq(result.batch, 4);
    options.batch = 2;
    cr_expect_eq(train("run", &result), ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "batch = 4"), "%s", error_message());
    options.begin = TRAINER_FRESH;
    options.batch = 0;
    options.network_budget = 1000;
    cr_expect_eq(train("run", &result), ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "budget"), "%s", error_message());
    options.network_budget = INT64_MAX;
    options.stop_after = 1;
    cr_assert_eq(train("whole", &result), OK);
    cr_expect_eq(result.batch, 64, "of %d windows", SYNTHETIC_TRAIN * SYNTHETIC_WINDOWS);
}

Test(trainer, switches_out_of_range_are_refused)
{
    struct trainer_result result;
    struct trainer_options good = options;
    for (int i = 0; i < 8; i++) {
        options = good;
        options.ema = i == 0 ? 1.5 : i == 1 ? 0.9 : 0.0; /* without recalibration */
        options.freeze = i == 2 ? -0.1 : 0.0;
        options.noise = i == 3 ? NAN : 0.0;
        options.parts = i == 4 ? 0 : i == 5 ? 3 : 1;
        options.patience = i == 6 ? -1 : 0;
        options.curriculum = i == 7 ? (struct curriculum){1, {{1, 9}}} : good.curriculum;
        cr_expect_eq(train("run", &result), ERR_CONFIG, "case %d", i);
    }
}

/* One value of one frame of one training case. */
Test(trainer, a_sample_that_is_not_finite_is_found_before_or_while_it_is_learned)
{
    struct trainer_result result;
    char init[PATH_SIZE];
    train_well("good");
    (void)snprintf(init, sizeof init, "%s", temporary_folder_path("good/model.safetensors"));
    dataset_close(dataset);
    synthetic_spoil = 1;
    dataset = synthetic_dataset(temporary_folder_path("spoilt"), 1);
    synthetic_spoil = 0;
    options.dataset = dataset;
    cr_expect_eq(train("run", &result), ERR_DATA);
    cr_expect_not_null(strstr(error_message(), "not finite"), "%s", error_message());
    options.init = init; /* brings its own normalisation, so nothing is measured */
    options.schedule.steps = 200;
    options.checkpoint_every = 1;
    cr_expect_eq(train("run", &result), ERR_NUMERIC);
    cr_expect_not_null(strstr(error_message(), "not finite at step"), "%s", error_message());
    if (result.step > 0) {
        struct model *model = NULL;
        cr_assert_eq(model_load(&model, temporary_folder_path("run/checkpoints/last.safetensors")),
                     OK);
        model_destroy(model);
    }
}
