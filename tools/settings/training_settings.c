/* SPDX-License-Identifier: Apache-2.0 */
#include "training_settings.h"

#include "precision_setting.h"
#include "settings.h"

#include <math.h>
#include <string.h>

/* Weights by the names of the loss list. */
static void read_loss(struct loss_spec *out, const struct config *config)
{
    memset(out, 0, sizeof *out);
    for (int64_t term = 0; term < loss_term_count(); term++) {
        if (strcmp(loss_term_name(term), "values") == 0)
            out->weights[term] = 1;
        else if (strcmp(loss_term_name(term), "gradient") == 0)
            out->weights[term] = config_real(config, "loss.gradient");
    }
}

static void read_schedule(struct schedule *out, const struct config *config)
{
    int64_t steps = config_integer(config, "training.steps");
    double share = config_real(config, "training.warmup");
    *out = (struct schedule){.rate = config_real(config, "training.learning_rate"),
                             .floor = config_real(config, "training.final_rate"),
                             .warmup = (int64_t)ceil(share * (double)steps),
                             .steps = steps};
}

/* step, calls, step, calls, ... */
static enum status read_curriculum(struct curriculum *out, const struct config *config)
{
    static const char key[] = "training.unroll";
    size_t count = config_count(config, key);
    if (count % 2 != 0 || count > 2 * CURRICULUM_STAGES)
        return config_fault(
            config, key, "%zu numbers; it wants pairs of a step and a number of calls, at most %d",
            count, CURRICULUM_STAGES);
    out->count = (int64_t)count / 2;
    for (size_t i = 0; i < count; i++) {
        double value = config_real_at(config, key, i);
        if (value != floor(value))
            return config_fault(config, key, "%g is no whole number", value);
        *(i % 2 == 0 ? &out->stages[i / 2].from : &out->stages[i / 2].calls) = (int64_t)value;
    }
    if (curriculum_check(out) != OK)
        return config_fault(config, key, "%s", error_message());
    return OK;
}

enum status training_settings_read(struct trainer_options *out, const struct config *config)
{
    TRY(settings_network(&out->network, config));
    read_loss(&out->loss, config);
    read_schedule(&out->schedule, config);
    out->optimizer =
        (struct optimizer_options){.beta1 = 0.9,
                                   .beta2 = 0.999,
                                   .epsilon = 1e-8,
                                   .decay = config_real(config, "training.weight_decay"),
                                   .clip = config_real(config, "training.clip")};
    out->batch = config_integer(config, "training.batch");
    out->parts = config_integer(config, "training.parts");
    out->network_budget = config_integer(config, "training.network_memory") * 1024 * 1024;
    out->precision = precision_setting_word(config, "training.precision");
    out->noise = config_real(config, "training.noise");
    TRY(read_curriculum(&out->curriculum, config));
    out->gradient = config_switch(config, "training.pushforward") ? LEARNER_LAST : LEARNER_THROUGH;
    out->ema = config_real(config, "training.ema");
    out->recalibrate = config_integer(config, "training.recalibrate");
    out->norm = config_switch(config, "training.sync_norm") ? GRADIENT_SHARE_SYNC_NORM
                                                            : GRADIENT_SHARE_OWN_NORM;
    out->freeze = config_real(config, "training.freeze");
    out->patience = config_integer(config, "training.patience");
    out->buffer_shards = config_integer(config, "training.buffer");
    out->seed = (uint64_t)config_integer(config, "seed");
    out->flips = config_switch(config, "training.flips") ? LOADER_FLIPS : LOADER_PLAIN;
    out->log_every = config_integer(config, "training.log_every");
    out->validate_every = config_integer(config, "training.validate_every");
    out->validation_windows = config_integer(config, "training.validation_windows");
    out->checkpoint_every = config_integer(config, "training.checkpoint_every");
    out->memory_budget = config_integer(config, "training.memory") * 1024 * 1024;
    return OK;
}
