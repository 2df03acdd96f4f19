/* SPDX-License-Identifier: Apache-2.0 */
#include "backend.h"

#include "backend_list.h"

#include <assert.h>
#include <string.h>

#define LIST_ENTRY(name) &backend_##name##_ops,
static const struct backend_ops *const list[] = {BACKEND_LIST(LIST_ENTRY)};
#undef LIST_ENTRY

#define LIST_TEXT(name) " " #name
static const char list_text[] = "auto" BACKEND_LIST(LIST_TEXT);
#undef LIST_TEXT

enum { LIST_COUNT = sizeof list / sizeof list[0] };

const char *backend_name(int64_t index)
{
    return index >= 0 && index < LIST_COUNT ? list[index]->name : NULL;
}

void backend_describe(struct backend_facts *out, int64_t index)
{
    assert(index >= 0 && index < LIST_COUNT);
    *out = (struct backend_facts){.library = NULL};
    list[index]->describe(out);
}

/* The last entry, ref, runs everywhere, so its refusal is an error worth reporting. */
static enum status open_first(struct backend **out, int threads)
{
    for (int i = 0; i < LIST_COUNT - 1; i++) {
        enum status status = list[i]->open(out, threads);
        if (status != ERR_UNSUPPORTED)
            return status;
        error_clear();
    }
    return list[LIST_COUNT - 1]->open(out, threads);
}

enum status backend_open(struct backend **out, const char *name, int threads)
{
    *out = NULL;
    if (threads < 1)
        return FAIL(ERR_USAGE, "a backend needs 1 thread or more, not %d", threads);
    if (strcmp(name, "auto") == 0)
        return open_first(out, threads);
    for (int i = 0; i < LIST_COUNT; i++)
        if (strcmp(name, list[i]->name) == 0)
            return list[i]->open(out, threads);
    return FAIL(ERR_USAGE, "backend '%s' is unknown; this build has: %s", name, list_text);
}

void backend_close(struct backend *backend)
{
    if (backend != NULL)
        backend->ops->close(backend);
}

enum status backend_set_precision(struct backend *backend, enum precision precision)
{
    if (precision == PRECISION_BF16 && backend->ops->bf16(backend) == BACKEND_BF16_NONE)
        return FAIL(ERR_UNSUPPORTED, "the backend '%s' has no bf16 on this processor",
                    backend->ops->name);
    backend->precision = precision;
    return OK;
}

struct buffer backend_view(const struct buffer *whole, int64_t offset, int64_t count)
{
    size_t each = precision_bytes(whole->precision);
    assert(offset >= 0 && count >= 0);
    assert((size_t)(offset + count) * each <= whole->bytes);
    struct buffer view = {precision_at(whole->data, offset, whole->precision), (size_t)count * each,
                          whole->precision};
    return view;
}

struct buffer backend_place(const struct buffer *whole, size_t offset, enum precision precision,
                            int64_t count)
{
    struct buffer place = {(char *)whole->data + offset, (size_t)count * precision_bytes(precision),
                           precision};
    assert(count >= 0 && offset + place.bytes <= whole->bytes);
    return place;
}

void backend_conv_destroy(struct conv_plan *plan)
{
    if (plan != NULL)
        plan->ops->destroy(plan);
}

void backend_norm_destroy(struct norm_plan *plan)
{
    if (plan != NULL)
        plan->ops->destroy(plan);
}

enum status backend_norm_without_running(struct norm_plan *plan, struct buffer *dst,
                                         const struct buffer *src, const struct buffer *scale,
                                         const struct buffer *shift,
                                         const struct buffer *running_mean,
                                         const struct buffer *running_variance)
{
    (void)plan, (void)dst, (void)src, (void)scale, (void)shift;
    (void)running_mean, (void)running_variance;
    return FAIL(ERR_UNSUPPORTED, "a group norm has no running statistics");
}

int64_t backend_conv_extent(const struct conv_shape *shape, int axis)
{
    return (shape->in[axis] + 2 * shape->padding[axis] - shape->kernel[axis]) /
               shape->stride[axis] +
           1;
}

int64_t backend_deconv_extent(const struct conv_shape *shape, int axis)
{
    return (shape->in[axis] - 1) * shape->stride[axis] - 2 * shape->padding[axis] +
           shape->kernel[axis];
}
