/* SPDX-License-Identifier: Apache-2.0
 *
 * An evaluation's scores as tables of texts, for terminal and report. */
#pragma once

#include "error.h"
#include "evaluation.h"
#include "scoreboard.h"
#include "table.h"

/* One row a forecaster: velocity errors of one call, one period and the whole rollout; vorticity
 * correlation over a period; Strouhal numbers; cost. The candidates stand out. */
enum status evaluation_tables_scores(struct table **out, const struct evaluation *evaluation);

/* One row a metric, one column a forecaster, over one window. */
enum status evaluation_tables_metrics(struct table **out, const struct evaluation *evaluation,
                                      enum scoreboard_window window);

/* One row a rollout: case, start, and each forecaster's velocity error of one call and of the whole
 * rollout. */
enum status evaluation_tables_rollouts(struct table **out, const struct evaluation *evaluation);
