/* SPDX-License-Identifier: Apache-2.0 */
#include "case_shelf.h"

#include "array.h"

#include <assert.h>
#include <stdlib.h>

struct place {
    int64_t number;
    struct case_record *record; /* NULL: free */
};

struct case_shelf {
    int64_t count;
    struct place *places; /* [count] */
};

enum status case_shelf_create(struct case_shelf **out, int64_t places)
{
    enum status status = OK;
    struct case_shelf *shelf = calloc(1, sizeof *shelf);
    if (shelf == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    TRY_GOTO(ARRAY_NEW(shelf->places, places), cleanup);
    shelf->count = places;
    *out = shelf;
    shelf = NULL;
cleanup:
    case_shelf_destroy(shelf);
    return status;
}

void case_shelf_destroy(struct case_shelf *shelf)
{
    if (shelf == NULL)
        return;
    for (int64_t i = 0; i < shelf->count; i++)
        case_record_destroy(shelf->places[i].record);
    array_free(shelf->places);
    free(shelf);
}

void case_shelf_put(struct case_shelf *shelf, int64_t number, struct case_record *record)
{
    int64_t i = 0;
    while (i < shelf->count && shelf->places[i].record != NULL)
        i++;
    assert(i < shelf->count);
    shelf->places[i] = (struct place){number, record};
}

struct case_record *case_shelf_take(struct case_shelf *shelf, int64_t number)
{
    for (int64_t i = 0; i < shelf->count; i++) {
        struct place *place = &shelf->places[i];
        if (place->record == NULL || place->number != number)
            continue;
        struct case_record *record = place->record;
        place->record = NULL;
        return record;
    }
    return NULL;
}
