/* SPDX-License-Identifier: Apache-2.0
 *
 * The instruction sets that rows are computed with; every one gives the same bits. */
#pragma once

/* What an instruction set is called here; AUTO: the best there is. */
enum row_isa { ROW_ISA_AUTO, ROW_ISA_BASELINE, ROW_ISA_AVX2, ROW_ISA_AVX512, ROW_ISAS };
