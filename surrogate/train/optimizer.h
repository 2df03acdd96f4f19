/* SPDX-License-Identifier: Apache-2.0
 *
 * AdamW over a network's whole parameter arena, with clipping by the global norm. It holds the two
 * moments and the weight-decay mask as backend buffers; the rate of each step comes from outside
 * (schedule.h). */
#pragma once

#include "backend.h"
#include "error.h"
#include "network.h"

#include <stdint.h>

struct optimizer_options {
    double beta1, beta2; /* 0.9, 0.999 */
    double epsilon;      /* 1e-8 */
    double decay;        /* of convolution weights */
    double clip;         /* largest global gradient norm; 0: no clipping */
};

struct optimizer;

/* ERR_CONFIG names the option that is out of range. `network` and `backend` are kept; must outlive.
 */
enum status optimizer_create(struct optimizer **out, struct network *network,
                             struct backend *backend, const struct optimizer_options *options);
void optimizer_destroy(struct optimizer *optimizer);

/* Update number `step` (1 ...) of the parameters from the network's gradients, and the network's
 * refresh. *norm: of the gradients, before clipping. ERR_NUMERIC, with the parameters unchanged,
 * when that is not finite. */
enum status optimizer_update(struct optimizer *optimizer, double *norm, double rate, int64_t step);

/* The moments: [network_parameter_count] each, in the order of the parameter arena. */
enum status optimizer_download(const struct optimizer *optimizer, float *first, float *second);
enum status optimizer_upload(struct optimizer *optimizer, const float *first, const float *second);
