/* SPDX-License-Identifier: Apache-2.0
 *
 * A model as an ONNX file that takes frames and gives frames: what stands in normalisation.h is
 * part of the graph, so that nobody has to write it again. docs/models.md tells its inputs; the
 * bare network lies between the values "network_input" and "network_output". Batch and canvas are
 * free. */
#pragma once

#include "error.h"
#include "model.h"

/* The file, whole or not at all. ERR_UNSUPPORTED for a network that does not map the fields of
 * frames and the signed distance to the fields of frames. */
enum status model_onnx_save(const char *path, const struct model *model);
