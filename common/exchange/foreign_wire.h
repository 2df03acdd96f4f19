/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages from the process that reads a foreign file to the one that imports it, through a pipe: a
 * head, then `size` bytes. Both ends are the same program, so numbers stand as in memory; the
 * receiving end believes none of them. Knows what a message is, not when one is due. */
#pragma once

#include "error.h"
#include "stop.h"

#include <stddef.h>
#include <stdint.h>

enum foreign_wire_kind {
    FOREIGN_WIRE_FACTS = 1, /* struct foreign_facts */
    FOREIGN_WIRE_CASE,      /* struct foreign_facts_case */
    FOREIGN_WIRE_FIELDS,    /* its fields */
    FOREIGN_WIRE_END,       /* nothing: all trajectories were sent */
    FOREIGN_WIRE_FAULT      /* struct foreign_wire_fault: why nothing follows */
};

enum { FOREIGN_WIRE_TEXT = 1024 };

struct foreign_wire_fault {
    int64_t status;
    char text[FOREIGN_WIRE_TEXT];
};

struct foreign_wire_head {
    uint32_t mark, kind;
    uint64_t size;
};

/* What became of a wait. */
enum foreign_wire_outcome {
    FOREIGN_WIRE_GOT,
    FOREIGN_WIRE_ENDED,   /* the other end is gone */
    FOREIGN_WIRE_SILENT,  /* nothing came for `patience` seconds */
    FOREIGN_WIRE_STOPPED, /* we were asked to stop */
    FOREIGN_WIRE_NONSENSE /* something else came than a message */
};

struct foreign_wire {
    int fd;
    double patience; /* seconds without a byte */
    const struct stop *stop;
};

/* ERR_IO when the other end is gone. */
enum status foreign_wire_put(int fd, enum foreign_wire_kind kind, const void *data, size_t size);

enum foreign_wire_outcome foreign_wire_get(void *out, size_t size, const struct foreign_wire *wire);

enum foreign_wire_outcome foreign_wire_get_head(struct foreign_wire_head *out,
                                                const struct foreign_wire *wire);
