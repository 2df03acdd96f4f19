/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes a synthetic dataset for the readers of other people: make_dataset FOLDER [gzip]. */
#include "h5file.h"
#include "synthetic.h"

int main(int count, char **arguments)
{
    if (count < 2) {
        fprintf(stderr, "usage: make_dataset FOLDER [gzip]\n");
        return ERR_USAGE;
    }
    h5file_init();
    struct dataset_writer_options options = synthetic_options(arguments[1]);
    options.nx = 24;
    options.ny = 16;
    options.frames = 12;
    options.shard_bytes = 300000;
    options.existing = DATASET_REPLACE;
    if (count > 2 && strcmp(arguments[2], "gzip") == 0)
        options.compression = DATASET_GZIP;
    char digest[DIGEST_SIZE];
    enum status status = synthetic_write(&options, digest);
    if (status != OK)
        fprintf(stderr, "%s\n%s", error_message(), error_trace_text());
    else
        printf("%s\n", digest);
    return (int)status;
}
