/* SPDX-License-Identifier: Apache-2.0 */
#include "gpu_module.h"

#include <dlfcn.h>
#include <stdlib.h>

struct gpu_module {
    void *library;
    const struct gpu_module_table *table;
    int count;
};

/* The folder of libwakecast.so is on the run path, so a bare name finds the module beside it. */
static const char *const default_name = "libwakecast_cuda.so";

enum status gpu_module_open(struct gpu_module **out, const char *path)
{
    struct gpu_module *module = calloc(1, sizeof *module);
    if (module == NULL)
        return FAIL(ERR_MEMORY, "out of memory: %zu bytes are not to be had", sizeof *module);
    enum status status;
    module->library = dlopen(path != NULL ? path : default_name, RTLD_NOW | RTLD_LOCAL);
    if (module->library == NULL)
        TRY_GOTO(FAIL(ERR_UNSUPPORTED, "the GPU module cannot be opened: %s", dlerror()), cleanup);
    module->table = dlsym(module->library, "gpu_device_table");
    if (module->table == NULL)
        TRY_GOTO(FAIL(ERR_UNSUPPORTED, "the GPU module is not one of ours: %s", dlerror()),
                 cleanup);
    if (module->table->version != GPU_MODULE_VERSION)
        TRY_GOTO(FAIL(ERR_UNSUPPORTED, "the GPU module is of another build (version %d, not %d)",
                      module->table->version, (int)GPU_MODULE_VERSION),
                 cleanup);
    TRY_GOTO(module->table->count(&module->count), cleanup);
    *out = module;
    module = NULL;
cleanup:
    gpu_module_close(module);
    return status;
}

void gpu_module_close(struct gpu_module *module)
{
    if (module == NULL)
        return;
    if (module->library != NULL)
        dlclose(module->library);
    free(module);
}

int gpu_module_device_count(const struct gpu_module *module)
{
    return module->count;
}

enum status gpu_module_describe(struct gpu_module_device *out, const struct gpu_module *module,
                                int device)
{
    if (device < 0 || device >= module->count)
        return FAIL(ERR_UNSUPPORTED, "there is no GPU %d; there are %d", device, module->count);
    TRY(module->table->describe(out, device));
    return OK;
}
