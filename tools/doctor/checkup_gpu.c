/* SPDX-License-Identifier: Apache-2.0 */
#include "checkup.h"
#include "checkup_list.h"
#include "gpu_module.h"
#include "number_text.h"
#include "path.h"

#include <stdio.h>

static enum status look_at_device(struct checkup *checkup, const struct gpu_module *module,
                                  int number)
{
    struct gpu_module_device device;
    char key[32], memory[32];
    TRY(gpu_module_describe(&device, module, number));
    (void)snprintf(key, sizeof key, "device_%d", number);
    number_text_write_bytes(memory, sizeof memory, (double)device.memory);
    checkup_row(checkup, key, json_make_text(device.name),
                "%s, compute %d.%d, %d multiprocessors, %s", device.name, device.compute_major,
                device.compute_minor, device.multiprocessors, memory);
    return OK;
}

enum status checkup_gpu_look(struct checkup *checkup, const struct checkup_subject *subject)
{
    (void)subject;
    struct gpu_module *module = NULL;
    int driver = path_exists("/proc/driver/nvidia/version") || path_exists("/dev/nvidiactl");
    checkup_section(checkup, "gpu");
    checkup_row(checkup, "driver", json_make_boolean(driver), "%s",
                driver ? "NVIDIA's is loaded" : "none of NVIDIA's is loaded");
    enum status status = gpu_module_open(&module, NULL);
    if (status != OK) {
        checkup_text(checkup, "module", error_message());
        error_clear();
        if (driver)
            checkup_finding(checkup, "build again with -DWITH_CUDA=ON",
                            "there is an NVIDIA driver, but no module of ours that uses it");
        return OK;
    }
    checkup_row(checkup, "module", json_make_text("loaded"), "loaded, %d devices",
                gpu_module_device_count(module));
    for (int i = 0; i < gpu_module_device_count(module) && status == OK; i++)
        status = look_at_device(checkup, module, i);
    gpu_module_close(module);
    return status;
}
