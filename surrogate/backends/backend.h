/* SPDX-License-Identifier: Apache-2.0
 *
 * What a compute backend provides: memory, and creators of op plans per shape. Expensive set-up
 * happens in `create`, never in forward or backward. backend_ref defines every op; the others agree
 * with it. Tensors are float32, plain NDHWC (n, t, x, y, c); weights have PyTorch's shapes. Device
 * memory exists only as `struct buffer`; nothing outside a backend dereferences `data`. */
#pragma once

#include "error.h"

#include <stddef.h>
#include <stdint.h>

struct backend;

struct buffer {
    void *data;
    size_t bytes;
};

/* TO BE COMPLETED by the backends room: ops for conv3d, deconv3d, norm, tanh, concat, masked sums
 * for losses, fixed difference convolutions, adamw, sum of squares. */
