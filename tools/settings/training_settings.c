/* SPDX-License-Identifier: Apache-2.0 */
#include "training_settings.h"

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
