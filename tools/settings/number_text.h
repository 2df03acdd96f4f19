/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers and times from words, without the locale, the whole word or nothing. And numbers as
 * people like to read them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* 1 when `text` is a number from its first to its last character, else 0. */
int number_text_real(double *out, const char *text);
int number_text_integer(int64_t *out, const char *text);
/* Seconds from "90", "90s", "15m", "2h". */
int number_text_time(double *out, const char *text);

/* "842 B", "1.3 MB", "2.1 GB"; "9 s", "4 min 10 s", "2 h 03 min". `out` of at least 32 bytes. */
void number_text_write_bytes(char *out, size_t size, double bytes);
void number_text_write_time(char *out, size_t size, double seconds);
/* "1 shard", "3 shards": `noun` is one whose plural ends in s. */
void number_text_write_count(char *out, size_t size, int64_t count, const char *noun);
