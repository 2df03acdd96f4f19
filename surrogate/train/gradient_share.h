/* SPDX-License-Identifier: Apache-2.0
 *
 * A network's gradients summed over the ranks of a crew while its backward pass goes on, and the
 * running statistics of its batch norms with them. Of a step it knows its last backward pass, whose
 * gradients it gets from the network layer by layer; who runs that pass is the learner. */
#pragma once

#include "backend.h"
#include "crew.h"
#include "error.h"
#include "network.h"

struct gradient_share;

/* Whose samples the statistics of batch norms are of, of several ranks. */
enum gradient_share_norm {
    GRADIENT_SHARE_OWN_NORM, /* each its own; running ones move towards the mean over ranks */
    GRADIENT_SHARE_SYNC_NORM /* all ranks' together */
};

/* All are kept; must outlive. The network's gradients are watched from here on, and its norms
 * shared if they are to be. `crew` NULL: *out is NULL. */
enum status gradient_share_create(struct gradient_share **out, struct crew *crew,
                                  struct network *network, struct backend *backend,
                                  enum gradient_share_norm norm);
void gradient_share_destroy(struct gradient_share *share);

/* Before the last backward pass of a step, whose forward passes are done. Its gradients are added
 * to `sum`, laid out like them, which has those of the passes before it; NULL: there are none. */
enum status gradient_share_begin(struct gradient_share *share, struct buffer *sum);
/* After it, with what the forward passes did to the statistics: waits until the network has the
 * gradients of all ranks, and all ranks the same statistics. */
enum status gradient_share_finish(struct gradient_share *share, enum network_statistics statistics);
