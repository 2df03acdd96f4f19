/* SPDX-License-Identifier: Apache-2.0
 *
 * The cyclic redundancy check CRC-32C (Castagnoli, polynomial 0x1EDC6F41, reflected), as TFRecord
 * files have it. Against accidents, not against people: digest.h is for those. */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint32_t crc32c_bytes(const void *data, size_t size);
