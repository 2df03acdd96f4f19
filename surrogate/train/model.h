/* SPDX-License-Identifier: Apache-2.0
 *
 * A trained network as a file: safetensors with PyTorch's state_dict names and shapes, and in
 * __metadata__ the architecture, the normalisation, the training configuration, the dataset's
 * digest, the step and the program's version, all as JSON texts. A checkpoint is a model with more
 * tensors (checkpoint.h), so every checkpoint can be read as a model. */
#pragma once

#include "backend.h"
#include "digest.h"
#include "error.h"
#include "network.h"
#include "normalisation.h"
#include "safetensors.h"

#include <stdint.h>

enum { MODEL_FORMAT = 1, MODEL_VERSION_SIZE = 32 };

/* What is known of a network beside its weights. */
struct model_facts {
    struct normalisation normalisation;
    char dataset_digest[DIGEST_SIZE]; /* content digest; "" when there was none */
    char version[MODEL_VERSION_SIZE];
    const char *training;   /* the training configuration, a JSON text; kept; must outlive */
    int64_t step;           /* updates it has seen */
    int64_t frame_interval; /* canvas steps between the frames it learned from; 0: not known */
};

/* A network's numbers on the host. */
struct model_snapshot {
    float *parameters; /* [network_parameter_count] */
    float *statistics; /* [network_statistic_count] */
    int64_t batches;   /* what num_batches_tracked says */
};

/* ERR_NUMERIC naming the tensor when a value is not finite. */
enum status model_take_snapshot(struct model_snapshot *out, struct network *network,
                                struct backend *backend, int64_t step);
void model_free_snapshot(struct model_snapshot *snapshot);

/* Adds tensors and metadata; the snapshot must outlive the writer's save. */
enum status model_describe(struct safetensors_writer *writer, const struct network *network,
                           const struct model_snapshot *snapshot, const struct model_facts *facts);

/* The file, whole or not at all. */
enum status model_save(const char *path, struct network *network, struct backend *backend,
                       const struct model_facts *facts);

struct model {
    struct network_spec spec;
    struct model_facts facts;
    struct safetensors *file; /* its tensors */
    char path[1024];          /* for messages; cut when longer */
};

/* ERR_DATA, beginning with the path, when it is missing, damaged or no model of ours: the first
 * thing that differs is named, from the header's form over architecture, normalisation, format and
 * the list of tensors to the values and the digest. Nothing is read or allocated that the
 * architecture does not account for. */
enum status model_load(struct model **out, const char *path);
void model_destroy(struct model *model);

/* Copies the weights into a network and refreshes it. ERR_DATA names the first switch of the
 * architecture that differs. The network is then unchanged. */
enum status model_install(const struct model *model, struct network *network,
                          struct backend *backend);
