/* SPDX-License-Identifier: Apache-2.0
 *
 * The words for a network's switches, the same in configurations and in models. */
#pragma once

#include "error.h"
#include "network.h"

enum network_words {
    NETWORK_WORDS_NORM,   /* enum network_norm */
    NETWORK_WORDS_OUTPUT, /* enum network_output */
    NETWORK_WORDS_TARGET, /* enum network_target */
    NETWORK_WORDS_PADDING /* enum network_padding */
};

/* The word for a value of that enum. */
const char *network_words_text(enum network_words of, int value);

/* All words of one, "none|batch|group". */
const char *network_words_list(enum network_words of);

/* The value that the word stands for; ERR_CONFIG lists the words there are. */
enum status network_words_value(int *out, enum network_words of, const char *word);

/* "inlet", "outlet", "bottom", "top" */
const char *network_words_side(enum network_side side);
