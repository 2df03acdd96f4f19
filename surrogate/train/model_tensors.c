/* SPDX-License-Identifier: Apache-2.0 */
#include "model_tensors.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A checkpoint's own tensors: so many at most, each at most as large as the whole network in
 * doubles. */
enum { FOREIGN_MOST = 16 };

struct expected {
    struct network_tensor tensors[NETWORK_TENSORS];
    int64_t count;
    size_t bytes; /* of all, in doubles */
};

/* "[16, 4, 3, 3, 3]" */
static void write_shape(char *out, size_t size, const int64_t *dims, int64_t rank)
{
    size_t used = (size_t)snprintf(out, size, "[");
    for (int64_t i = 0; i < rank && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, i == 0 ? "%lld" : ", %lld",
                                 (long long)dims[i]);
    if (used < size)
        (void)snprintf(out + used, size - used, "]");
}

static enum status check_own(const struct safetensors *file, const struct network_tensor *tensor)
{
    char found[256], wanted[256];
    const struct safetensors_tensor *stored = safetensors_find(file, tensor->name);
    if (stored == NULL)
        return FAIL(ERR_DATA, "tensor '%s' is missing: the file holds another architecture",
                    tensor->name);
    if (stored->type != SAFETENSORS_F32)
        return FAIL(ERR_DATA, "tensor '%s' is not float32", tensor->name);
    if (stored->rank == tensor->rank &&
        memcmp(stored->dims, tensor->dims, (size_t)tensor->rank * sizeof *tensor->dims) == 0)
        return OK;
    write_shape(found, sizeof found, stored->dims, stored->rank);
    write_shape(wanted, sizeof wanted, tensor->dims, tensor->rank);
    return FAIL(ERR_DATA, "tensor '%s' has the shape %s; the network wants %s", tensor->name, found,
                wanted);
}

/* Is it the counter of one of the network's norms? */
static int is_counter(const struct expected *expected, const struct safetensors_tensor *tensor)
{
    size_t stem = strlen(tensor->name) - strlen(MODEL_TENSORS_BATCHES);
    if (strlen(tensor->name) < strlen(MODEL_TENSORS_BATCHES) ||
        strcmp(tensor->name + stem, MODEL_TENSORS_BATCHES) != 0)
        return 0;
    for (int64_t i = 0; i < expected->count; i++)
        if (strncmp(expected->tensors[i].name, tensor->name, stem) == 0 &&
            strcmp(expected->tensors[i].name + stem, "running_mean") == 0)
            return tensor->type == SAFETENSORS_I64 && tensor->rank == 0;
    return 0;
}

static int is_own(const struct expected *expected, const struct safetensors_tensor *tensor)
{
    for (int64_t i = 0; i < expected->count; i++)
        if (strcmp(expected->tensors[i].name, tensor->name) == 0)
            return 1;
    return 0;
}

static enum status check_others(const struct safetensors *file, const struct expected *expected)
{
    int64_t foreign = 0;
    for (int64_t i = 0; i < safetensors_count(file); i++) {
        const struct safetensors_tensor *tensor = safetensors_at(file, i);
        if (is_own(expected, tensor) || is_counter(expected, tensor))
            continue;
        if (strncmp(tensor->name, MODEL_TENSORS_FOREIGN, strlen(MODEL_TENSORS_FOREIGN)) != 0)
            return FAIL(ERR_DATA, "tensor '%s' has no place in the network", tensor->name);
        if (++foreign > FOREIGN_MOST)
            return FAIL(ERR_DATA, "tensor '%s' is one more than a checkpoint has", tensor->name);
        if (tensor->bytes > expected->bytes)
            return FAIL(ERR_DATA, "tensor '%s' has %zu bytes, more than the network", tensor->name,
                        tensor->bytes);
    }
    return OK;
}

enum status model_tensors_check(const struct safetensors *file, const struct network_spec *spec)
{
    struct expected expected = {.bytes = 0};
    expected.count = network_tensor_list(expected.tensors, spec);
    for (int64_t i = 0; i < expected.count; i++) {
        TRY(check_own(file, &expected.tensors[i]));
        expected.bytes += (size_t)expected.tensors[i].count * sizeof(double);
    }
    return check_others(file, &expected);
}

enum status model_tensors_check_values(const struct safetensors *file)
{
    for (int64_t i = 0; i < safetensors_count(file); i++) {
        const struct safetensors_tensor *tensor = safetensors_at(file, i);
        const float *values = tensor->data;
        if (tensor->type != SAFETENSORS_F32)
            continue;
        for (size_t k = 0; k < tensor->bytes / sizeof *values; k++)
            if (!isfinite(values[k]))
                return FAIL(ERR_DATA, "value %zu of tensor '%s' is not finite", k, tensor->name);
    }
    return OK;
}
