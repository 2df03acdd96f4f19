/* SPDX-License-Identifier: Apache-2.0 */
#include "row_isa.h"
#include "row_kernel.h"

#include <criterion/criterion.h>
#include <string.h>

Test(row_isa, auto_is_the_last_of_the_sets_that_are_there)
{
    enum row_isa best = row_isa_resolve(ROW_ISA_AUTO);
    cr_assert_gt(best, ROW_ISA_AUTO);
    cr_expect(row_isa_has(best));
    for (int isa = best + 1; isa < ROW_ISAS; isa++)
        cr_expect_not(row_isa_has((enum row_isa)isa));
}

Test(row_isa, every_set_that_is_there_has_rows_of_both_numbers_and_its_name_and_no_other_has)
{
    for (int isa = ROW_ISA_BASELINE; isa < ROW_ISAS; isa++)
        for (int number = 0; number < ROW_NUMBERS; number++) {
            const struct row_kernels *kernels;
            enum status status =
                row_kernel_find(&kernels, (enum row_number)number, (enum row_isa)isa);
            cr_assert_eq(status, row_isa_has((enum row_isa)isa) ? OK : ERR_UNSUPPORTED);
            if (status == OK)
                cr_expect_str_eq(kernels->name, row_isa_name((enum row_isa)isa));
            else
                cr_expect_not_null(strstr(error_message(), row_isa_name((enum row_isa)isa)));
        }
}
