/* SPDX-License-Identifier: Apache-2.0
 *
 * Every key of configuration files: type, unit, range, default, one line of documentation. Help,
 * docs/configuration.md and the checks are made from it. settings.h turns a configuration into what
 * the rooms below take. */
#pragma once

#include "config.h"

/* Ended by a row with key NULL. */
const struct option *option_table(void);

/* Keys that decide what a dataset holds: for config_write; ended by NULL. A key that datasets made
 * before it lack has a "?" before it: at its default it is not written, so that those datasets and
 * new ones of the same content have the same configuration. */
const char *const *option_table_dataset_keys(void);

/* Keys that decide what a training run computes, given its dataset. */
const char *const *option_table_training_keys(void);
