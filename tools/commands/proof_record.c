/* SPDX-License-Identifier: Apache-2.0 */
#include "proof_record.h"

#include "build_info.h"
#include "json.h"
#include "path.h"
#include "proof_order.h"

#include <string.h>

static enum status describe_row(struct json *rows, const struct proof_row *row)
{
    enum status status = OK;
    const struct proof_figure *figure = row->figure;
    struct json *entry = json_make_object();
    TRY_GOTO(entry != NULL ? OK : ERR_MEMORY, cleanup);
    TRY_GOTO(json_set(entry, "quantity", json_make_text(figure->quantity)), cleanup);
    TRY_GOTO(json_set(entry, "reference", json_make_text(figure->reference)), cleanup);
    TRY_GOTO(json_set(entry, "low", json_make_real(figure->low)), cleanup);
    TRY_GOTO(json_set(entry, "high", json_make_real(figure->high)), cleanup);
    TRY_GOTO(json_set(entry, "value", json_make_real(row->value)), cleanup);
    TRY_GOTO(json_set(entry, "committed", json_make_real(figure->ours)), cleanup);
    TRY_GOTO(json_set(entry, "pass", json_make_boolean(proof_row_passes(row))), cleanup);
    status = json_append(rows, entry);
    entry = NULL;
cleanup:
    json_destroy(entry);
    return status;
}

static enum status describe_facts(struct json *entry, const struct proof_outcome *outcome)
{
    const struct proof_case *which = outcome->which;
    double seconds = outcome->seconds > 0 ? outcome->seconds : proof_table_seconds(which);
    double updates = outcome->seconds > 0 ? outcome->found.updates : which->updates * 1e9;
    TRY(json_set(entry, "flow", json_make_text(which->summary)));
    TRY(json_set(entry, "source", json_make_text(which->source)));
    TRY(json_set(entry, "reynolds", json_make_integer(which->reynolds)));
    TRY(json_set(entry, "cells", json_make_integer(which->cells)));
    TRY(json_set(entry, "pass", json_make_boolean(proof_passes(&outcome->found))));
    TRY(json_set(entry, "seconds", json_make_real(seconds)));
    TRY(json_set(entry, "updates", json_make_real(updates)));
    if (outcome->fault[0] != '\0')
        TRY(json_set(entry, "fault", json_make_text(outcome->fault)));
    return OK;
}

static enum status describe_outcome(struct json *root, const struct proof_outcome *outcome)
{
    enum status status = OK;
    struct json *entry = json_make_object(), *rows = json_make_array();
    TRY_GOTO(entry != NULL && rows != NULL ? OK : ERR_MEMORY, cleanup);
    for (int64_t k = 0; k < outcome->found.count; k++)
        TRY_GOTO(describe_row(rows, &outcome->found.rows[k]), cleanup);
    TRY_GOTO(describe_facts(entry, outcome), cleanup);
    status = json_set(entry, "rows", rows);
    rows = NULL;
    TRY_GOTO(status, cleanup);
    status = json_set(root, outcome->which->name, entry);
    entry = NULL;
cleanup:
    json_destroy(rows);
    json_destroy(entry);
    return status;
}

static enum status describe_order(struct json *list, const struct proof_order *order, double value)
{
    enum status status = OK;
    struct json *entry = json_make_object();
    TRY_GOTO(entry != NULL ? OK : ERR_MEMORY, cleanup);
    TRY_GOTO(json_set(entry, "coarse", json_make_text(order->coarse)), cleanup);
    TRY_GOTO(json_set(entry, "fine", json_make_text(order->fine)), cleanup);
    TRY_GOTO(json_set(entry, "quantity", json_make_text(order->quantity)), cleanup);
    TRY_GOTO(json_set(entry, "low", json_make_real(order->low)), cleanup);
    TRY_GOTO(json_set(entry, "high", json_make_real(order->high)), cleanup);
    TRY_GOTO(json_set(entry, "value", json_make_real(value)), cleanup);
    int passes = proof_order_passes(order, value);
    TRY_GOTO(json_set(entry, "pass", json_make_boolean(passes)), cleanup);
    status = json_append(list, entry);
    entry = NULL;
cleanup:
    json_destroy(entry);
    return status;
}

static enum status describe_orders(struct json *root, const struct proof_outcome *outcomes,
                                   int64_t count)
{
    enum status status = OK;
    struct json *list = json_make_array();
    TRY_GOTO(list != NULL ? OK : ERR_MEMORY, cleanup);
    for (int64_t k = 0; k < proof_order_count(); k++) {
        const struct proof_order *order = proof_order_at(k);
        double value;
        if (proof_table_order(&value, order, outcomes, count))
            TRY_GOTO(describe_order(list, order, value), cleanup);
    }
    status = json_set(root, "orders", list);
    list = NULL;
cleanup:
    json_destroy(list);
    return status;
}

struct json *proof_record_describe(const struct proof_outcome *outcomes, int64_t count)
{
    enum status status = OK;
    struct json *root = json_make_object();
    TRY_GOTO(root != NULL ? OK : ERR_MEMORY, cleanup);
    TRY_GOTO(json_set(root, "version", json_make_text(build_info_version())), cleanup);
    for (int64_t k = 0; k < count; k++)
        if (outcomes[k].found.count > 0 || outcomes[k].fault[0] != '\0')
            TRY_GOTO(describe_outcome(root, &outcomes[k]), cleanup);
    TRY_GOTO(describe_orders(root, outcomes, count), cleanup);
cleanup:
    if (status == OK)
        return root;
    json_destroy(root);
    return NULL;
}

static enum status read_outcome(struct proof_outcome *outcome, const struct json *entry)
{
    const struct json *rows;
    outcome->found.which = outcome->which;
    TRY(json_get_array(&rows, entry, "rows"));
    TRY(json_get_real(&outcome->seconds, entry, "seconds"));
    TRY(json_get_real(&outcome->found.updates, entry, "updates"));
    for (size_t k = 0; k < json_count(rows) && k < PROOF_ROWS; k++) {
        const char *quantity;
        double value;
        TRY(json_get_text(&quantity, json_at(rows, k), "quantity"));
        TRY(json_get_real_or_null(&value, json_at(rows, k), "value"));
        if (proof_add(&outcome->found, quantity, value) != OK)
            return FAIL(ERR_DATA, "'%s' of '%s' is no figure of this program", quantity,
                        outcome->which->name);
    }
    return OK;
}

static enum status check_version(const struct json *root, const char *path)
{
    const char *version;
    TRY(json_get_text(&version, root, "version"));
    if (strcmp(version, build_info_version()) != 0)
        return FAIL(ERR_DATA,
                    "'%s' holds the figures of version %s, this is %s: they do not go together; "
                    "choose another folder or replace it with --force",
                    path, version, build_info_version());
    return OK;
}

enum status proof_record_read(struct proof_outcome *outcomes, int64_t count, const char *folder)
{
    enum status status = OK;
    char path[PATH_SIZE];
    struct json *root = NULL;
    TRY(path_join(path, sizeof path, folder, "validation.json"));
    if (!path_exists(path))
        return OK;
    TRY(json_read_file(&root, path));
    TRY_GOTO(check_version(root, path), cleanup);
    for (int64_t k = 0; k < count; k++) {
        const struct json *entry = json_find(root, outcomes[k].which->name);
        status = entry != NULL ? read_outcome(&outcomes[k], entry) : OK;
        TRY_GOTO(status == OK ? OK : error_prefix(status, "'%s'", path), cleanup);
    }
cleanup:
    json_destroy(root);
    return status;
}
