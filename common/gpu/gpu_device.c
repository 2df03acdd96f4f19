/* SPDX-License-Identifier: Apache-2.0
 *
 * The module's side of gpu_module.h: asks the CUDA run-time for devices. */
#include "gpu_module.h"

#include <cuda_runtime_api.h>

#include <stdio.h>

#define TRY_CUDA(call)                                                                             \
    do {                                                                                           \
        cudaError_t cuda_status_ = (call);                                                         \
        if (cuda_status_ != cudaSuccess)                                                           \
            return FAIL(ERR_UNSUPPORTED, "CUDA: %s", cudaGetErrorString(cuda_status_));            \
    } while (0)

static enum status count_devices(int *out)
{
    TRY_CUDA(cudaGetDeviceCount(out));
    if (*out == 0)
        return FAIL(ERR_UNSUPPORTED, "CUDA: no device");
    return OK;
}

static enum status describe_device(struct gpu_module_device *out, int device)
{
    struct cudaDeviceProp properties;
    TRY_CUDA(cudaGetDeviceProperties(&properties, device));
    snprintf(out->name, sizeof out->name, "%s", properties.name);
    out->compute_major = properties.major;
    out->compute_minor = properties.minor;
    out->memory = properties.totalGlobalMem;
    out->multiprocessors = properties.multiProcessorCount;
    return OK;
}

extern const struct gpu_module_table gpu_device_table;

const struct gpu_module_table gpu_device_table = {
    .version = GPU_MODULE_VERSION,
    .count = count_devices,
    .describe = describe_device,
};
