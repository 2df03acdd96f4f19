/* SPDX-License-Identifier: Apache-2.0
 *
 * A trained network as a forecaster: one call maps the last frames to new ones, and a rollout feeds
 * it its own output. Batch 1, any canvas that the network's levels divide. A frame
 * injected replaces the present one, and the next call begins from it. */
#pragma once

#include "backend.h"
#include "forecaster.h"
#include "model.h"

/* name and kind: "network". `model` and `backend` are kept; must outlive. ERR_UNSUPPORTED when the
 * model takes other channels, or more frames than forecasts begin with. `start` fails
 * with ERR_DATA when the model's tensors do not fit it, ERR_CONFIG for a canvas it cannot divide.
 * Not finite: ERR_NUMERIC. The cost counts advance alone: normalising, calling and going back. */
enum status network_forecaster_create(struct forecaster **out, const struct model *model,
                                      struct backend *backend);
