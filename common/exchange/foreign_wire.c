/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign_wire.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { MARK = 0x57434652, LOOK_MILLISECONDS = 200 };

static enum status put_bytes(int fd, const unsigned char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t taken = write(fd, bytes, size);
        if (taken < 0 && errno == EINTR)
            continue;
        if (taken <= 0)
            return FAIL(ERR_IO, "the importing process is gone: %s", strerror(errno));
        bytes += taken;
        size -= (size_t)taken;
    }
    return OK;
}

enum status foreign_wire_put(int fd, enum foreign_wire_kind kind, const void *data, size_t size)
{
    const struct foreign_wire_head head = {.mark = MARK, .kind = kind, .size = size};
    TRY(put_bytes(fd, (const unsigned char *)&head, sizeof head));
    return put_bytes(fd, data, size);
}

/* Until something can be read: FOREIGN_WIRE_GOT also for an end, which reading then shows. */
static enum foreign_wire_outcome wait_for_bytes(const struct foreign_wire *wire)
{
    struct pollfd end = {.fd = wire->fd, .events = POLLIN};
    const double deadline = stop_clock() + wire->patience;
    for (;;) {
        int found = poll(&end, 1, LOOK_MILLISECONDS);
        if (found > 0)
            return FOREIGN_WIRE_GOT;
        if (stop_requested(wire->stop) != STOP_NONE)
            return FOREIGN_WIRE_STOPPED;
        if (found < 0 && errno != EINTR)
            return FOREIGN_WIRE_ENDED;
        if (stop_clock() > deadline)
            return FOREIGN_WIRE_SILENT;
    }
}

enum foreign_wire_outcome foreign_wire_get(void *out, size_t size, const struct foreign_wire *wire)
{
    unsigned char *bytes = out;
    while (size > 0) {
        enum foreign_wire_outcome outcome = wait_for_bytes(wire);
        if (outcome != FOREIGN_WIRE_GOT)
            return outcome;
        ssize_t taken = read(wire->fd, bytes, size);
        if (taken < 0 && errno == EINTR)
            continue;
        if (taken <= 0)
            return FOREIGN_WIRE_ENDED;
        bytes += taken;
        size -= (size_t)taken;
    }
    return FOREIGN_WIRE_GOT;
}

enum foreign_wire_outcome foreign_wire_get_head(struct foreign_wire_head *out,
                                                const struct foreign_wire *wire)
{
    enum foreign_wire_outcome outcome = foreign_wire_get(out, sizeof *out, wire);
    return outcome == FOREIGN_WIRE_GOT && out->mark != MARK ? FOREIGN_WIRE_NONSENSE : outcome;
}
