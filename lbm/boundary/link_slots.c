/* SPDX-License-Identifier: Apache-2.0 */
#include "link_slots.h"

#include "array.h"
#include "stencil.h"

#include <stdlib.h>

/* A number of the lattice's type. */
static void put(void *array, size_t number, int64_t index, double value)
{
    if (number == sizeof(float))
        ((float *)array)[index] = (float)value;
    else
        ((double *)array)[index] = value;
}

static void release(struct link_slots *slots)
{
    array_free(slots->slots);
    array_free(slots->shares);
    array_free(slots->bodies);
    array_free(slots->a);
    array_free(slots->b);
    array_free(slots->push);
    *slots = (struct link_slots){.room = 0};
}

/* Half as many again: lists of bodies that move grow and shrink by a few. */
static enum status make_room(struct link_slots *slots, size_t count, size_t number, int move)
{
    if (slots->a != NULL && count <= slots->room)
        return OK;
    release(slots);
    size_t room = count + count / 2;
    TRY(ARRAY_NEW(slots->slots, room));
    TRY(ARRAY_NEW(slots->shares, room));
    TRY(ARRAY_NEW(slots->bodies, room));
    slots->a = array_alloc(room, number);
    slots->b = array_alloc(room, number);
    TRY(slots->a != NULL && slots->b != NULL ? OK : ERR_MEMORY);
    if (move) {
        slots->push = array_alloc(room, number);
        TRY(slots->push != NULL ? OK : ERR_MEMORY);
    }
    slots->room = room;
    return OK;
}

/* `at`: direction 0 of the link's cell. */
static struct link_slot slot_of(const struct link *link, int64_t at, int64_t row, int64_t line)
{
    int i = link->direction, back = stencil_opposite[i];
    int64_t away = stencil_cx[i] * row + stencil_cy[i];
    struct link_slot slot = {
        .here = at + i * line, .other = at + back * line, .slot = at + away + back * line};
    if (link->other == LINK_BEHIND)
        slot.other = at - away + i * line;
    return slot;
}

enum status link_slots_renew(struct link_slots **slots, const struct link_list *list, size_t number,
                             int64_t row, int64_t line)
{
    if (*slots == NULL)
        *slots = calloc(1, sizeof **slots);
    TRY(*slots != NULL ? OK : FAIL(ERR_MEMORY, "no memory for links"));
    struct link_slots *s = *slots;
    TRY(make_room(s, (size_t)list->first[list->nx], number, list->speeds != NULL));
    for (int64_t x = list->begin; x < list->end; x++) {
        for (int64_t k = list->first[x]; k < list->first[x + 1]; k++) {
            const struct link *link = &list->links[k];
            int i = link->direction;
            s->slots[k] = slot_of(link, x * row + link->y, row, line);
            s->shares[k] = (struct link_share){{stencil_cx[i], stencil_cy[i], link->lever}};
            s->bodies[k] = link->body;
            put(s->a, number, k, link->a);
            put(s->b, number, k, link->b);
            if (list->speeds != NULL)
                put(s->push, number, k, list->speeds[k].push);
        }
    }
    return OK;
}

void link_slots_destroy(struct link_slots *slots)
{
    if (slots == NULL)
        return;
    release(slots);
    free(slots);
}
