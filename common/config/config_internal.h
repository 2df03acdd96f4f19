/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of this room see of a configuration besides config.h. */
#pragma once

struct config;
struct config_group;

/* Borrowed. */
const struct config_group *config_values(const struct config *config);
