/* SPDX-License-Identifier: Apache-2.0
 *
 * What the bottom and top of a lattice can be. What they do says edge_places.h. */
#pragma once

enum boundary_edge_kind { BOUNDARY_EDGE_SLIP, BOUNDARY_EDGE_PERIODIC, BOUNDARY_EDGE_NO_SLIP };
