/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether the tensors of a file are those of a network with that architecture: asked of the header
 * before the data is read or anything of the network is allocated, so that a file which claims to
 * be larger than its architecture costs nothing. */
#pragma once

#include "error.h"
#include "network.h"
#include "safetensors.h"

/* Tensors of this prefix belong to a checkpoint and are no part of the network. */
#define MODEL_TENSORS_FOREIGN "optimizer."

/* What PyTorch counts in every norm layer: the ending of the tensor's name. */
#define MODEL_TENSORS_BATCHES "num_batches_tracked"

/* After a survey. ERR_DATA names the first tensor that is missing, of another type or shape, or one
 * too many. */
enum status model_tensors_check(const struct safetensors *file, const struct network_spec *spec);

/* After the load. ERR_DATA names the first value that is not finite. */
enum status model_tensors_check_values(const struct safetensors *file);
