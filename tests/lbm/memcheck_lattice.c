/* SPDX-License-Identifier: Apache-2.0
 *
 * Odd sizes (odd_sizes.h) for valgrind: every operator on every size, with each instruction set
 * that the processor has; valgrind's has AVX2 and the baseline. Says which they were. */
#include "collision.h"
#include "odd_sizes.h"
#include "row_isa.h"

#include <stdio.h>

enum { STEPS = 5 };

static const double allowed[ROW_NUMBERS] = {[ROW_FLOAT] = 1e-6, [ROW_DOUBLE] = 4e-14};

int main(void)
{
    int number = 0, wrong = 0;
    for (int kind = 0; kind < COLLISIONS; kind++)
        for (int i = 0; i < ODD_SIZES; i++)
            for (int j = 0; j < ODD_SIZES; j++, number++) {
                struct odd_sizes_result r;
                if (odd_sizes_try(&r, kind, odd_sizes[i], odd_sizes[j], number, STEPS) != OK) {
                    fprintf(stderr, "%s\n", error_message());
                    return 1;
                }
                for (int type = 0; type < ROW_NUMBERS; type++)
                    if (!(r.difference[type] <= allowed[type])) {
                        fprintf(stderr, "%s: off by %g\n", r.name, r.difference[type]);
                        wrong++;
                    }
            }
    printf("%d lattices, instruction sets:", number);
    for (int isa = ROW_ISA_BASELINE; isa < ROW_ISAS; isa++)
        if (row_isa_has((enum row_isa)isa))
            printf(" %s", row_isa_name((enum row_isa)isa));
    printf("\n");
    return wrong > 0;
}
