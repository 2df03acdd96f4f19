/* SPDX-License-Identifier: Apache-2.0
 *
 * The loader of the GPU module where there is no module, a foreign one, or no device. */
#include "gpu_module.h"

#include <criterion/criterion.h>

#include <string.h>

Test(gpu_module, a_missing_module_is_unsupported_in_the_loaders_words)
{
    struct gpu_module *module = NULL;
    cr_assert_eq(gpu_module_open(&module, "/nowhere/libwakecast_cuda.so"), ERR_UNSUPPORTED);
    cr_assert_null(module);
    cr_assert(strstr(error_message(), "/nowhere/libwakecast_cuda.so") != NULL, "%s",
              error_message());
}

Test(gpu_module, a_library_without_our_table_is_refused)
{
    struct gpu_module *module = NULL;
    cr_assert_eq(gpu_module_open(&module, TEST_FOREIGN_LIBRARY), ERR_UNSUPPORTED);
    cr_assert(strstr(error_message(), "not one of ours") != NULL, "%s", error_message());
}

Test(gpu_module, a_module_opens_with_a_device_or_says_why_not)
{
    struct gpu_module *module = NULL;
    enum status status = gpu_module_open(&module, NULL);
    if (status != OK) {
        cr_assert_eq(status, ERR_UNSUPPORTED);
        cr_log_info("no GPU here: %s", error_message());
        return;
    }
    struct gpu_module_device device;
    cr_assert_gt(gpu_module_device_count(module), 0);
    cr_assert_eq(gpu_module_describe(&device, module, 0), OK);
    cr_assert_gt(device.memory, 0u);
    cr_assert_eq(gpu_module_describe(&device, module, gpu_module_device_count(module)),
                 ERR_UNSUPPORTED);
    gpu_module_close(module);
}
