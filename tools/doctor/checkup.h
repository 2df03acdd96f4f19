/* SPDX-License-Identifier: Apache-2.0
 *
 * What `wakecast doctor` found: sections of rows, and findings, each with what to do about it. The
 * same content as a table for people and as JSON. What is looked at is in checkup_list.h. */
#pragma once

#include "error.h"
#include "json.h"

#include <stdint.h>
#include <stdio.h>

struct session;
struct checkup;

/* What is looked at. */
struct checkup_subject {
    const struct session *session;
    const char *folder; /* whose disk is tried */
    int machine_ranks;  /* of this job on this machine, with this one */
};

enum status checkup_create(struct checkup **out);
void checkup_destroy(struct checkup *checkup);

/* Rows that follow belong to this section. What these four cannot keep for want of memory,
 * checkup_status reports. `key` is the name in JSON, and with '_' as blanks in the table. */
void checkup_section(struct checkup *checkup, const char *key);

/* `value` is taken over, NULL being a failure that is recorded; the words are for the table. */
void checkup_row(struct checkup *checkup, const char *key, struct json *value, const char *format,
                 ...) ERROR_PRINTF_LIKE(4, 5);
void checkup_text(struct checkup *checkup, const char *key, const char *words);

/* `advice` says what to do; the rest what is the matter. */
void checkup_finding(struct checkup *checkup, const char *advice, const char *format, ...)
    ERROR_PRINTF_LIKE(3, 4);

enum status checkup_status(const struct checkup *checkup);
int64_t checkup_findings(const struct checkup *checkup);

/* Looks at everything in the list. */
enum status checkup_run(struct checkup *checkup, const struct checkup_subject *subject);

void checkup_print(FILE *stream, const struct checkup *checkup);

/* {"processor": {...}, ..., "findings": [{"section", "finding", "advice"}]}; the checkup has it no
 * more. */
struct json *checkup_take_json(struct checkup *checkup);
