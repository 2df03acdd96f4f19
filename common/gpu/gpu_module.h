/* SPDX-License-Identifier: Apache-2.0
 *
 * The GPU code is a module of its own, libwakecast_cuda.so, opened on demand: one program runs on
 * machines with and without a GPU. This is the loader and the questions it answers; what computes
 * on a device comes through the backends and engines that the module provides. */
#pragma once

#include "error.h"

#include <stddef.h>

enum { GPU_MODULE_NAME_SIZE = 256 };

struct gpu_module_device {
    char name[GPU_MODULE_NAME_SIZE];
    int compute_major, compute_minor; /* 9, 0 for sm_90 */
    size_t memory;                    /* bytes */
    int multiprocessors;
};

struct gpu_module;

/* Looks for the module beside libwakecast.so, or at `path` when that is not NULL. ERR_UNSUPPORTED,
 * with the loader's or the driver's own words, when there is no module, no driver or no device. */
enum status gpu_module_open(struct gpu_module **out, const char *path);
void gpu_module_close(struct gpu_module *module);

int gpu_module_device_count(const struct gpu_module *module);
enum status gpu_module_describe(struct gpu_module_device *out, const struct gpu_module *module,
                                int device);

/* What the module exports as `gpu_device_table`. `version` guards against a module of another
 * build. */
struct gpu_module_table {
    int version;
    enum status (*count)(int *out);
    enum status (*describe)(struct gpu_module_device *out, int device);
};

enum { GPU_MODULE_VERSION = 1 };
