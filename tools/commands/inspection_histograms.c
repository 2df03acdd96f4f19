/* SPDX-License-Identifier: Apache-2.0 */
#include "inspection_histograms.h"

#include "array.h"
#include "case_book.h"
#include "histogram_picture.h"
#include "log.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { WANTED_BINS = 12, COLUMNS = 3, BODY_TEXT = 16, FAMILIES_A_CASE = 8 };

/* The histograms in the order of their panels. Numbers stand at an offset of the case. */
static const struct {
    const char *key, *title;
    enum { NUMBERS, FAMILIES, BODIES } kind;
    size_t offset;
} rows[INSPECTION_HISTOGRAMS] = {
    {"reynolds", "Reynolds number", NUMBERS, offsetof(struct dataset_survey_case, flow.reynolds)},
    {"family", "families of bodies, cases with each", FAMILIES, 0},
    {"bodies", "number of bodies", BODIES, 0},
    {"length", "D, cells", NUMBERS, offsetof(struct dataset_survey_case, flow.length)},
    {"blockage", "blockage", NUMBERS, offsetof(struct dataset_survey_case, flow.blockage)},
    {"tau", "relaxation time tau", NUMBERS, offsetof(struct dataset_survey_case, flow.tau)},
    {"angle", "angle, degrees", NUMBERS, offsetof(struct dataset_survey_case, flow.angle)},
    {"body_x", "centre x, cells", NUMBERS, offsetof(struct dataset_survey_case, flow.x)},
    {"body_y", "centre y, cells", NUMBERS, offsetof(struct dataset_survey_case, flow.y)},
    {"drag_mean", "mean Cd", NUMBERS, offsetof(struct dataset_survey_case, forces.drag)},
    {"lift_rms", "rms Cl", NUMBERS, offsetof(struct dataset_survey_case, forces.lift)},
    {"strouhal", "Strouhal number", NUMBERS, offsetof(struct dataset_survey_case, forces.strouhal)},
};

/* What the histograms are counted from. */
struct material {
    double *values;                /* [cases] */
    const char **words;            /* [cases] */
    char (*body_texts)[BODY_TEXT]; /* [cases] */
    int64_t *groups;               /* [cases]: splits */
    int64_t bodies_known;
};

static void free_material(struct material *material)
{
    array_free(material->values);
    array_free(material->words);
    array_free(material->body_texts);
    array_free(material->groups);
}

static enum status create_material(struct material *out, const struct dataset_survey *survey)
{
    TRY(ARRAY_NEW(out->values, survey->case_count));
    TRY(ARRAY_NEW(out->words, survey->case_count));
    TRY(ARRAY_NEW(out->body_texts, survey->case_count));
    TRY(ARRAY_NEW(out->groups, survey->case_count));
    for (int64_t i = 0; i < survey->case_count; i++)
        out->groups[i] = (int64_t)survey->cases[i].split;
    return OK;
}

/* The number of each case's bodies, drawn anew from the dataset's configuration. */
static void count_bodies(struct material *out, const struct dataset *dataset,
                         const struct dataset_survey *survey)
{
    struct case_book book;
    enum status status = case_book_open(&book, dataset);
    for (int64_t i = 0; status == OK && i < survey->case_count; i++) {
        struct flow_case flow_case;
        status = case_book_find(&book, &flow_case, &survey->cases[i].flow);
        if (status == OK && flow_case.reynolds != survey->cases[i].flow.reynolds)
            status = FAIL(ERR_DATA, "its cases are numbered otherwise than its configuration's");
        if (status == OK)
            snprintf(out->body_texts[i], BODY_TEXT, "%lld", (long long)flow_case.body_count);
    }
    out->bodies_known = status == OK;
    if (status != OK)
        log_debug("the number of bodies is not known: %s", error_message());
    error_clear();
    case_book_close(&book);
}

/* A case of several families ("circle+star") counts for each of them. */
static enum status count_families(struct histogram *out, const struct dataset_survey *survey)
{
    enum status status = OK;
    int64_t count = 0;
    char(*names)[FLOW_NAME_SIZE] = NULL;
    const char **words = NULL;
    int64_t *groups = NULL;
    TRY_GOTO(ARRAY_NEW(names, FAMILIES_A_CASE * survey->case_count), cleanup);
    TRY_GOTO(ARRAY_NEW(words, FAMILIES_A_CASE * survey->case_count), cleanup);
    TRY_GOTO(ARRAY_NEW(groups, FAMILIES_A_CASE * survey->case_count), cleanup);
    for (int64_t i = 0; i < survey->case_count; i++) {
        const char *at = survey->cases[i].flow.family;
        for (int k = 0; k < FAMILIES_A_CASE && *at != '\0'; k++) {
            size_t length = strcspn(at, "+");
            snprintf(names[count], FLOW_NAME_SIZE, "%.*s", (int)length, at);
            words[count] = names[count];
            groups[count++] = (int64_t)survey->cases[i].split;
            at += length + (at[length] == '+');
        }
    }
    TRY_GOTO(histogram_of_words(out, words, groups, count, SPLIT_COUNT), cleanup);
cleanup:
    array_free(names);
    array_free(words);
    array_free(groups);
    return status;
}

static enum status count_row(struct histogram *out, int row, struct material *material,
                             const struct dataset_survey *survey)
{
    int64_t count = survey->case_count;
    for (int64_t i = 0; i < count; i++) {
        const struct dataset_survey_case *one = &survey->cases[i];
        if (rows[row].kind == NUMBERS)
            material->values[i] =
                *(const double *)(const void *)((const char *)one + rows[row].offset);
        else
            material->words[i] = material->body_texts[i];
    }
    if (rows[row].kind == NUMBERS)
        histogram_of_numbers(out, material->values, material->groups, count, SPLIT_COUNT,
                             WANTED_BINS);
    else if (rows[row].kind == FAMILIES)
        TRY(count_families(out, survey));
    else if (material->bodies_known)
        TRY(histogram_of_words(out, material->words, material->groups, count, SPLIT_COUNT));
    if (rows[row].kind == BODIES)
        histogram_sort_by_number(out);
    return OK;
}

enum status inspection_histograms_make(struct inspection_histograms *out,
                                       const struct dataset *dataset,
                                       const struct dataset_survey *survey)
{
    enum status status = OK;
    struct material material = {.values = NULL};
    *out = (struct inspection_histograms){.cases = survey->case_count};
    TRY_GOTO(create_material(&material, survey), cleanup);
    count_bodies(&material, dataset, survey);
    for (int row = 0; row < INSPECTION_HISTOGRAMS; row++) {
        out->list[row].groups = SPLIT_COUNT;
        TRY_GOTO(count_row(&out->list[row], row, &material, survey), cleanup);
    }
cleanup:
    free_material(&material);
    return status;
}

/* ---- JSON ---- */

static enum status describe_counts(struct json *object, const struct histogram *h)
{
    struct json *counts = json_make_object();
    TRY(json_set(object, "counts", counts)); /* owned by the object, or gone */
    for (int64_t g = 0; g < h->groups; g++)
        TRY(json_set(counts, split_name((enum split)g),
                     json_make_integers(h->counts[g], (size_t)h->bins)));
    return json_set(object, "not_finite", json_make_integer(h->not_finite));
}

static enum status describe_bins(struct json *object, const struct histogram *h)
{
    struct json *list = json_make_array();
    int words = h->bins > 0 && h->labels[0][0] != '\0';
    TRY(json_set(object, words ? "words" : "edges", list));
    for (int64_t k = 0; words && k < h->bins; k++)
        TRY(json_append(list, json_make_text(h->labels[k])));
    for (int64_t k = 0; !words && h->bins > 0 && k <= h->bins; k++)
        TRY(json_append(list,
                        json_make_real(h->low + (h->high - h->low) * (double)k / (double)h->bins)));
    return OK;
}

enum status inspection_histograms_describe(struct json *root,
                                           const struct inspection_histograms *histograms)
{
    struct json *distributions = json_make_object();
    TRY(json_set(root, "distributions", distributions));
    for (int row = 0; row < INSPECTION_HISTOGRAMS; row++) {
        struct json *object = json_make_object();
        TRY(json_set(distributions, rows[row].key, object));
        TRY(describe_bins(object, &histograms->list[row]));
        TRY(describe_counts(object, &histograms->list[row]));
    }
    return OK;
}

/* ---- picture ---- */

enum status inspection_histograms_draw(const char *path, const struct dataset *dataset,
                                       const struct inspection_histograms *histograms)
{
    const struct dataset_info *info = dataset_get_info(dataset);
    struct histogram_panel panels[INSPECTION_HISTOGRAMS];
    const char *names[SPLIT_COUNT];
    char subtitle[160];
    for (int row = 0; row < INSPECTION_HISTOGRAMS; row++)
        panels[row] = (struct histogram_panel){rows[row].title, &histograms->list[row]};
    for (int split = 0; split < SPLIT_COUNT; split++)
        names[split] = split_name((enum split)split);
    snprintf(
        subtitle, sizeof subtitle,
        "how many of %lld cases, by split; solver r = %lld; forces over the second half of each",
        (long long)histograms->cases, (long long)info->refine);
    const struct histogram_picture picture = {.title = info->name,
                                              .subtitle = subtitle,
                                              .group_names = names,
                                              .groups = SPLIT_COUNT,
                                              .panels = panels,
                                              .panel_count = INSPECTION_HISTOGRAMS,
                                              .columns = COLUMNS};
    TRY(histogram_picture_write_png(path, &picture));
    return OK;
}
