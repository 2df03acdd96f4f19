/* SPDX-License-Identifier: Apache-2.0
 *
 * metrics.csv: what metrics.jsonl holds as one table with a row for each step, for spreadsheets and
 * readers of CSV. Made of it alone, so the same bytes when repeated. */
#pragma once

#include "error.h"

/* Writes FOLDER/metrics.csv: columns step, then KIND_NUMBER (training_loss, validation_loss) in the
 * order in which they come up; cells without a number are empty. ERR_DATA, ERR_IO, ERR_MEMORY. */
enum status metrics_table_write(const char *folder);
