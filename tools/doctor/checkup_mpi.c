/* SPDX-License-Identifier: Apache-2.0 */
#include "checkup.h"
#include "checkup_list.h"
#include "ranks.h"
#include "session.h"

enum status checkup_mpi_look(struct checkup *checkup, const struct checkup_subject *subject)
{
    const struct ranks *ranks = subject->session->ranks;
    char library[RANKS_LIBRARY_SIZE];
    ranks_library(library);
    checkup_section(checkup, "mpi");
    checkup_row(checkup, "library", library[0] != '\0' ? json_make_text(library) : json_make_null(),
                "%s", library[0] != '\0' ? library : "none: built without MPI");
    checkup_row(checkup, "ranks", json_make_integer(ranks_count(ranks)), "%d%s", ranks_count(ranks),
                ranks == NULL ? " (not started by mpirun or srun)" : "");
    checkup_row(checkup, "on_this_machine", json_make_integer(subject->machine_ranks), "%d",
                subject->machine_ranks);
    return OK;
}
