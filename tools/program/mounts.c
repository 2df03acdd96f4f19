/* SPDX-License-Identifier: Apache-2.0 */
#include "mounts.h"

#include <string.h>

FILE *mounts_open(const char *root)
{
    char path[PATH_SIZE];
    int length = snprintf(path, sizeof path, "%s/proc/self/mountinfo", root);
    return length > 0 && length < PATH_SIZE ? fopen(path, "r") : NULL;
}

/* The kernel writes blanks and backslashes of names as \040. */
static void take_word(char *out, size_t size, const char *word, size_t length)
{
    size_t used = 0;
    for (size_t i = 0; i < length && used + 1 < size; i++) {
        int octal = word[i] == '\\' && i + 3 < length;
        for (size_t k = 1; octal && k <= 3; k++)
            octal = word[i + k] >= '0' && word[i + k] <= '7';
        if (octal) {
            out[used++] =
                (char)((word[i + 1] - '0') * 64 + (word[i + 2] - '0') * 8 + (word[i + 3] - '0'));
            i += 3;
        } else {
            out[used++] = word[i];
        }
    }
    out[used] = '\0';
}

/* "36 35 98:0 /root /point options tags... - type source super-options" */
static int parse(struct mounts_entry *out, const char *line)
{
    enum { ROOT = 3, POINT = 4, TYPE = 1, OPTIONS = 3 };
    int before = 0, behind = -1; /* the number of the word; behind the lone dash from 0 on */
    *out = (struct mounts_entry){.root = ""};
    for (const char *word = line; *word != '\0';) {
        size_t length = strcspn(word, " \n");
        if (behind < 0 && before == ROOT)
            take_word(out->root, sizeof out->root, word, length);
        else if (behind < 0 && before == POINT)
            take_word(out->point, sizeof out->point, word, length);
        else if (behind + 1 == TYPE)
            take_word(out->type, sizeof out->type, word, length);
        else if (behind + 1 == OPTIONS)
            take_word(out->options, sizeof out->options, word, length);
        if (behind >= 0 || (before > POINT && length == 1 && *word == '-'))
            behind++;
        before++;
        word += length;
        word += strspn(word, " \n");
    }
    return out->point[0] != '\0' && out->type[0] != '\0';
}

int mounts_next(struct mounts_entry *out, FILE *stream)
{
    char line[3 * PATH_SIZE];
    while (stream != NULL && fgets(line, sizeof line, stream) != NULL)
        if (parse(out, line))
            return 1;
    return 0;
}

int mounts_has_word(const char *list, const char *word)
{
    size_t length = strlen(word);
    while (*list != '\0') {
        size_t end = strcspn(list, ",");
        if (end == length && strncmp(list, word, length) == 0)
            return 1;
        list += end + (list[end] == ',');
    }
    return 0;
}

int mounts_read_line(char *out, size_t size, const char *root, const char *path)
{
    char full[PATH_SIZE];
    int length = snprintf(full, sizeof full, "%s%s", root, path);
    FILE *file = length > 0 && length < PATH_SIZE ? fopen(full, "r") : NULL;
    if (file == NULL)
        return 0;
    int found = fgets(out, (int)size, file) != NULL;
    if (found)
        out[strcspn(out, "\n")] = '\0';
    fclose(file);
    return found;
}
