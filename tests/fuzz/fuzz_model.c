/* SPDX-License-Identifier: Apache-2.0
 *
 * libFuzzer target: any bytes as a model. The input is the header's text, a zero byte and the data,
 * so that the length before the header is right however the text grows; an input that begins with
 * 0xff is, behind that byte, the whole file as it is. What loads must be what its architecture
 * says, and go into a network of it. */
#include "array.h"
#include "model.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RAW = 0xff, INPUT_MOST = 1 << 16, LENGTH_BYTES = 8 };

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[] = "/tmp/wakecast-fuzz-XXXXXX";
static int file = -1;

static void remove_file(void)
{
    (void)unlink(path);
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    file = mkstemp(path);
    return file < 0 || atexit(remove_file) != 0;
}

static void write_file(const uint8_t *data, size_t size)
{
    static unsigned char bytes[LENGTH_BYTES + INPUT_MOST];
    const uint8_t *zero = size > 0 ? memchr(data, 0, size) : NULL;
    size_t length = zero != NULL ? (size_t)(zero - data) : size, used = 0;
    if (size > 0 && data[0] == RAW) {
        used = size - 1;
        memcpy(bytes, data + 1, used);
    } else {
        size_t rest = zero != NULL ? size - length - 1 : 0;
        for (int i = 0; i < LENGTH_BYTES; i++)
            bytes[i] = (unsigned char)((uint64_t)length >> (8 * i));
        memcpy(bytes + LENGTH_BYTES, data, length);
        if (rest > 0)
            memcpy(bytes + LENGTH_BYTES + length, zero + 1, rest);
        used = LENGTH_BYTES + length + rest;
    }
    if (pwrite(file, bytes, used, 0) != (ssize_t)used || ftruncate(file, (off_t)used) != 0)
        abort();
}

static void check_model(const struct model *model)
{
    struct backend *backend = NULL;
    struct network *network = NULL;
    int64_t side = (int64_t)1 << model->spec.layer_count / 2;
    if (backend_open(&backend, "ref", 1) != OK)
        abort();
    /* a network of many channels or levels would take the memory that it is entitled to */
    if (network_spec_parameters(&model->spec) < 10000 && side <= 8 &&
        network_create(&network, &model->spec, backend, 1, side, side, NETWORK_FORECAST) == OK &&
        model_install(model, network, backend) != OK)
        abort();
    network_destroy(network);
    backend_close(backend);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct model *model = NULL;
    if (size > INPUT_MOST)
        return -1;
    write_file(data, size);
    enum status status = model_load(&model, path);
    if (status == OK)
        check_model(model);
    else if (status != ERR_DATA || error_message()[0] == '\0')
        abort();
    model_destroy(model);
    return 0;
}
