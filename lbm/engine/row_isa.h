/* SPDX-License-Identifier: Apache-2.0
 *
 * The instruction sets that rows are computed with; every one gives the same bits. Which of them
 * this build and this processor have is asked here and nowhere else. */
#pragma once

/* What an instruction set is called here; AUTO: the best there is. */
enum row_isa { ROW_ISA_AUTO, ROW_ISA_BASELINE, ROW_ISA_AVX2, ROW_ISA_AVX512, ROW_ISAS };

/* 1 or 0; AUTO is always there. */
int row_isa_has(enum row_isa isa);

/* What AUTO stands for; others stand for themselves. */
enum row_isa row_isa_resolve(enum row_isa isa);

const char *row_isa_name(enum row_isa isa);
