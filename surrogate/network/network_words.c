/* SPDX-License-Identifier: Apache-2.0 */
#include "network_words.h"

#include <assert.h>
#include <string.h>

enum { WORDS_MOST = 4 };

/* In the order of the enums. */
static const struct {
    const char *what, *list;
    const char *words[WORDS_MOST];
} table[] = {
    [NETWORK_WORDS_NORM] = {"norm", "none|batch|group", {"none", "batch", "group"}},
    [NETWORK_WORDS_OUTPUT] = {"output", "linear|tanh", {"linear", "tanh"}},
    [NETWORK_WORDS_TARGET] = {"target", "direct|delta", {"direct", "delta"}},
    [NETWORK_WORDS_PADDING] = {"padding",
                               "zero|replicate|reflect|periodic",
                               {"zero", "replicate", "reflect", "periodic"}},
};

const char *network_words_text(enum network_words of, int value)
{
    assert(value >= 0 && value < WORDS_MOST && table[of].words[value] != NULL);
    return table[of].words[value];
}

const char *network_words_list(enum network_words of)
{
    return table[of].list;
}

enum status network_words_value(int *out, enum network_words of, const char *word)
{
    for (int i = 0; i < WORDS_MOST && table[of].words[i] != NULL; i++)
        if (strcmp(word, table[of].words[i]) == 0) {
            *out = i;
            return OK;
        }
    return FAIL(ERR_CONFIG, "the %s '%s' is none of %s", table[of].what, word, table[of].list);
}

const char *network_words_side(enum network_side side)
{
    static const char *const names[NETWORK_SIDES] = {"inlet", "outlet", "bottom", "top"};
    return names[side];
}
