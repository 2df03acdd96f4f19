/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes a synthetic dataset for the readers of other people: make_dataset FOLDER [STORAGE]. */
#include "h5file.h"
#include "synthetic.h"

int main(int count, char **arguments)
{
    if (count < 2) {
        fprintf(stderr, "usage: make_dataset FOLDER [STORAGE]\n");
        return ERR_USAGE;
    }
    h5file_init();
    struct dataset_writer_options options = synthetic_options(arguments[1]);
    options.nx = 24;
    options.ny = 16;
    options.frames = 12;
    options.shard_bytes = 300000;
    options.existing = DATASET_REPLACE;
    char digest[DIGEST_SIZE];
    enum status status = count > 2 ? storage_find(&options.storage, arguments[2]) : OK;
    if (status == OK)
        status = synthetic_write(&options, digest);
    if (status != OK)
        fprintf(stderr, "%s\n%s", error_message(), error_trace_text());
    else
        printf("%s\n", digest);
    return (int)status;
}
