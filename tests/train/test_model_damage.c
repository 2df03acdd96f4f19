/* SPDX-License-Identifier: Apache-2.0
 *
 * Model files that are damaged, or made to do harm: each is refused, soon, with little memory, and
 * with the first thing that differs. */
#include "array.h"
#include "model.h"
#include "stop.h"
#include "temporary_folder.h"

#include <criterion/criterion.h>

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static struct backend *backend;

static void set_up(void)
{
    temporary_folder_create();
    cr_assert_eq(backend_open(&backend, "ref", 1), OK);
}

static void tear_down(void)
{
    backend_close(backend);
    temporary_folder_remove();
}

TestSuite(model_damage, .init = set_up, .fini = tear_down);

/* ---- a model, and a file with other bytes ---- */

static void save_model(const char *layers)
{
    struct network_spec spec;
    struct network *network = NULL;
    const struct model_facts facts = {.normalisation = {.scale = {0.1, 0.2, 0.3}},
                                      .version = "0.1.0",
                                      .training = "{}",
                                      .step = 7,
                                      .frame_interval = 100};
    cr_assert_eq(network_spec_parse(&spec, layers), OK);
    cr_assert_eq(network_create(&network, &spec, backend, 1, 8, 8, NETWORK_FORECAST), OK);
    cr_assert_eq(network_initialise(network, 11), OK);
    cr_assert_eq(model_save(temporary_folder_path("good"), network, backend, &facts), OK);
    network_destroy(network);
}

/* Over what was there: a file that is emptied first is flushed to the disk by some systems. */
static void put(const void *bytes, size_t size)
{
    int file = open(temporary_folder_path("bad"), O_WRONLY | O_CREAT, 0666);
    cr_assert(file >= 0);
    cr_assert_eq(write(file, bytes, size), (ssize_t)size);
    cr_assert_eq(ftruncate(file, (off_t)size), 0);
    cr_assert_eq(close(file), 0);
}

static void expect_refused(const char *word, const char *what, size_t where)
{
    struct model *model = NULL;
    enum status status = model_load(&model, temporary_folder_path("bad"));
    cr_expect_eq(status, ERR_DATA, "%s %zu: status %d", what, where, (int)status);
    cr_expect_null(model);
    cr_expect_not_null(strstr(error_message(), "/bad"), "%s", error_message());
    if (word != NULL)
        cr_expect_not_null(strstr(error_message(), word), "no '%s' in: %s", word, error_message());
    model_destroy(model);
}

Test(model_damage, every_truncation_is_refused)
{
    size_t size;
    save_model("C 1 C 3");
    unsigned char *bytes = temporary_folder_read("good", &size);
    for (size_t kept = 0; kept < size; kept++) {
        put(bytes, kept);
        expect_refused(NULL, "cut at", kept);
    }
    array_free(bytes);
}

Test(model_damage, every_bit_that_is_changed_is_found)
{
    size_t size;
    struct model *model = NULL;
    save_model("C 1 C 3");
    unsigned char *bytes = temporary_folder_read("good", &size);
    put(bytes, size);
    cr_assert_eq(model_load(&model, temporary_folder_path("bad")), OK, "%s", error_message());
    model_destroy(model);
    for (size_t at = 0; at < size; at++)
        for (unsigned bit = 0; bit < 8; bit++) {
            bytes[at] ^= (unsigned char)(1U << bit);
            put(bytes, size);
            expect_refused(NULL, "changed at", at);
            bytes[at] ^= (unsigned char)(1U << bit);
        }
    array_free(bytes);
}

Test(model_damage, a_byte_too_many_is_refused)
{
    size_t size;
    save_model("C 1 C 3");
    unsigned char *bytes = temporary_folder_read("good", &size);
    unsigned char *longer = calloc(size + 1, 1);
    memcpy(longer, bytes, size);
    put(longer, size + 1);
    expect_refused("behind the last tensor", "one more than", size);
    free(longer);
    array_free(bytes);
}

/* ---- files that are good in form ---- */

static const char architecture[] =
    "{\"size\":\"custom\",\"layers\":\"C 1 C 3\",\"input_channels\":4,\"output_channels\":3,"
    "\"frames\":3,\"skips\":true,\"norm\":\"batch\"}";
static const char normalisation[] = "{\"density\":1.0,\"ux\":1.0,\"uy\":1.0}";
static const char origin[] = "{\"format\":1,\"version\":\"0\",\"dataset_digest\":\"\",\"step\":1,"
                             "\"frame_interval\":100}";

struct change {
    const char *word;                                  /* what the message must name */
    const char *architecture, *normalisation, *origin; /* NULL: the good one */
    const char *tensor;                                /* the one that is changed */
    int64_t rows;                                      /* its first dimension; 0: left out */
    enum safetensors_type type;
    float value; /* the last of its values */
};

struct plain_tensor {
    const char *name;
    int64_t dims[5], rank;
};
static const struct plain_tensor plain_tensors[] = {
    {"layers.0.conv.weight", {1, 4, 3, 3, 3}, 5},
    {"layers.0.conv.bias", {1}, 1},
    {"layers.1.conv.weight", {3, 1, 3, 3, 3}, 5},
    {"layers.1.conv.bias", {3}, 1},
};

static void add_plain(struct safetensors_writer *writer, const struct plain_tensor *tensor,
                      const struct change *change, float values[1000])
{
    int64_t dims[5], count = 1;
    int changed = change->tensor != NULL && strcmp(change->tensor, tensor->name) == 0;
    memcpy(dims, tensor->dims, sizeof dims);
    if (changed && change->rows == 0)
        return;
    if (changed)
        dims[0] = change->rows;
    for (int64_t i = 0; i < tensor->rank; i++)
        count *= dims[i];
    values[count - 1] = changed ? change->value : 0.5F;
    cr_assert_eq(safetensors_writer_add(writer, tensor->name,
                                        changed ? change->type : SAFETENSORS_F32, dims,
                                        tensor->rank, values),
                 OK);
}

/* A file whose form and digest are good. */
static void save_changed(const struct change *change)
{
    static float values[4][1000];
    struct safetensors_writer *writer = NULL;
    cr_assert_eq(safetensors_writer_create(&writer), OK);
    for (int i = 0; i < 4; i++)
        add_plain(writer, &plain_tensors[i], change, values[i]);
    const struct {
        const char *key, *good, *other;
    } texts[] = {{"architecture", architecture, change->architecture},
                 {"normalisation", normalisation, change->normalisation},
                 {"origin", origin, change->origin},
                 {"training", "{}", NULL}};
    for (int i = 0; i < 4; i++)
        cr_assert_eq(safetensors_writer_add_metadata(writer, texts[i].key,
                                                     texts[i].other != NULL ? texts[i].other
                                                                            : texts[i].good),
                     OK);
    cr_assert_eq(safetensors_writer_save(writer, temporary_folder_path("bad")), OK);
    safetensors_writer_destroy(writer);
}

#define ARCHITECTURE(layers, more)                                                                 \
    "{\"size\":\"x\",\"layers\":\"" layers "\",\"input_channels\":4,\"output_channels\":3,"        \
    "\"skips\":true," more "}"
#define ORIGIN(more) "{\"version\":\"0\",\"dataset_digest\":\"\"," more "}"
#define PLAIN "\"frames\":3,\"norm\":\"batch\""

static const struct change changes[] = {
    {.word = "tensor 'layers.0.conv.bias'", .tensor = "layers.0.conv.bias", .rows = 2},
    {.word = "tensor 'layers.1.conv.weight' is missing", .tensor = "layers.1.conv.weight"},
    {.word = "[2, 4, 3, 3, 3]", .tensor = "layers.0.conv.weight", .rows = 2},
    {.word = "is not float32", .tensor = "layers.1.conv.bias", .rows = 3, .type = SAFETENSORS_U8},
    {.word = "value 2 of tensor 'layers.1.conv.bias' is not finite",
     .tensor = "layers.1.conv.bias",
     .rows = 3,
     .value = NAN},
    {.word = "not finite", .tensor = "layers.0.conv.bias", .rows = 1, .value = -INFINITY},
    {.word = "layers.0.conv.weight", .architecture = ARCHITECTURE("C 2 C 3", PLAIN)},
    {.word = "'layers.1.norm.weight' is missing",
     .architecture = ARCHITECTURE("C 1 C 3 C 3", PLAIN)},
    {.word = "layers.0.conv.weight",
     .architecture = ARCHITECTURE("C 4096 C 4096 C 4096 C 4096 C 4096 C 4096 C 3", PLAIN)},
    {.word = "layers", .architecture = ARCHITECTURE("C 1 C", PLAIN)},
    {.word = "layers", .architecture = ARCHITECTURE("C 999999999999999999999 C 3", PLAIN)},
    {.word = "frames",
     .architecture = ARCHITECTURE("C 1 C 3", "\"frames\":1e9,\"norm\":\"batch\"")},
    {.word = "frames", .architecture = ARCHITECTURE("C 1 C 3", "\"frames\":-3,\"norm\":\"batch\"")},
    {.word = "'fantasy'",
     .architecture = ARCHITECTURE("C 1 C 3", "\"frames\":3,\"norm\":\"fantasy\"")},
    {.word = "'later'", .architecture = ARCHITECTURE("C 1 C 3", PLAIN ",\"later\":true")},
    {.word = "'layers' is missing", .architecture = "[1]"},
    {.word = "architecture", .architecture = "no JSON"},
    {.word = "'ux'", .normalisation = "{\"density\":1.0,\"uy\":1.0}"},
    {.word = "'mean'", .normalisation = "{\"density\":1.0,\"ux\":1.0,\"uy\":1.0,\"mean\":0.0}"},
    {.word = "scale of uy is -1", .normalisation = "{\"density\":1.0,\"ux\":1.0,\"uy\":-1.0}"},
    {.word = "normalisation", .normalisation = "{\"density\":1e999,\"ux\":1.0,\"uy\":1.0}"},
    {.word = "format 2; this program reads 1",
     .origin = ORIGIN("\"format\":2,\"step\":1,\"frame_interval\":1")},
    {.word = "'format'", .origin = ORIGIN("\"step\":1,\"frame_interval\":1")},
    {.word = "'step'", .origin = ORIGIN("\"format\":1,\"step\":-1,\"frame_interval\":1")},
    {.word = "'frame_interval'",
     .origin = ORIGIN("\"format\":1,\"step\":1,\"frame_interval\":\"x\"")},
};

Test(model_damage, the_first_thing_that_differs_is_named)
{
    struct change none = {.word = NULL};
    struct model *model = NULL;
    save_changed(&none);
    cr_assert_eq(model_load(&model, temporary_folder_path("bad")), OK, "%s", error_message());
    model_destroy(model);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        save_changed(&changes[i]);
        expect_refused(changes[i].word, "change", i);
    }
}

/* ---- files that are large, or claim to be ---- */

/* A safetensors file with this header and `data` zero bytes that take no room on the disk. */
static void put_sparse(const char *header, size_t length, size_t data)
{
    unsigned char head[8];
    for (int i = 0; i < 8; i++)
        head[i] = (unsigned char)((uint64_t)length >> (8 * i));
    FILE *file = fopen(temporary_folder_path("bad"), "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(head, 1, 8, file), 8);
    cr_assert_eq(fwrite(header, 1, length, file), length);
    cr_assert_eq(fclose(file), 0);
    cr_assert_eq(truncate(temporary_folder_path("bad"), (off_t)(8 + length + data)), 0);
}

static long peak_kilobytes(void)
{
    struct rusage usage;
    cr_assert_eq(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;
}

/* Within a second and 200 MB. */
static void expect_cheap(const char *word, const char *what)
{
    double begun = stop_clock();
    long before = peak_kilobytes();
    expect_refused(word, what, 0);
    cr_expect_lt(stop_clock() - begun, 1.0, "%s took %.1f s", what, stop_clock() - begun);
    cr_expect_lt(peak_kilobytes() - before, 200L << 10, "%s took %ld MB", what,
                 (peak_kilobytes() - before) >> 10);
}

/* `count` times `piece`, in which %zu stands for the number, between `begin` and `end`. */
static char *repeat(size_t *size, const char *begin, const char *piece, size_t count,
                    const char *end)
{
    size_t room = strlen(begin) + strlen(end) + count * (strlen(piece) + 20) + 1;
    char *text = malloc(room);
    cr_assert_not_null(text);
    size_t used = (size_t)snprintf(text, room, "%s", begin);
    for (size_t i = 0; i < count; i++) {
        const char *number = strstr(piece, "%zu");
        used += number == NULL ? (size_t)snprintf(text + used, room - used, "%s", piece)
                               : (size_t)snprintf(text + used, room - used, "%.*s%zu%s",
                                                  (int)(number - piece), piece, i, number + 3);
    }
    used += (size_t)snprintf(text + used, room - used, "%s", end);
    *size = used;
    return text;
}

static const struct {
    const char *what, *begin, *piece;
    size_t count;
    const char *end, *word;
} headers[] = {
    {"a million tensors", "{", "\"t%zu\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},",
     1000000, "\"z\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}", "does not fit"},
    {"ten thousand tensors", "{",
     "\"t%zu\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},", 10000,
     "\"z\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}", "architecture"},
    {"deep arrays", "{\"a\":", "[", 500000, "1", "depth"},
    {"deep objects", "", "{\"a\":", 100000, "1", "depth"},
    {"empty arrays", "{\"a\":[[]", ",[]", 300000, "]}", "nothing else"},
    {"a long name", "{\"", "n", 1000000, "\":1}", "longer than"},
    {"a long number", "{\"a\":", "9", 1000000, "}", "f"},
    {"blanks", "{", " ", 1000000, "}", "architecture"},
    {"a hundred megabytes of header", "{", "          ", 10000000, "}", "does not fit"},
};

Test(model_damage, a_header_made_to_cost_much_is_refused_cheaply)
{
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        size_t size;
        char *text =
            repeat(&size, headers[i].begin, headers[i].piece, headers[i].count, headers[i].end);
        put_sparse(text, size, 0);
        expect_cheap(headers[i].word, headers[i].what);
        free(text);
    }
}

Test(model_damage, a_file_of_a_terabyte_is_refused_by_its_header)
{
    static const size_t terabyte = (size_t)1 << 40;
    char header[4096];
    snprintf(
        header, sizeof header,
        "{\"layers.0.conv.weight\":{\"dtype\":\"U8\",\"shape\":[%zu],\"data_offsets\":[0,%zu]}}",
        terabyte, terabyte);
    put_sparse(header, strlen(header), terabyte);
    expect_cheap("architecture", "a terabyte without metadata");
    put_sparse("{}", 2, terabyte);
    expect_cheap("behind the last tensor", "a terabyte of nothing");
    snprintf(header, sizeof header, "%s", "no header at all");
    put_sparse(header, strlen(header), terabyte);
    expect_cheap("does not begin", "a terabyte behind no header");
}

/* A checkpoint's tensors are not the network's, but bounded by it. */
Test(model_damage, a_checkpoint_larger_than_its_network_accounts_for_is_refused_unread)
{
    static const size_t gigabyte = (size_t)1 << 30;
    size_t size;
    save_model("C 1 C 3");
    char *bytes = (char *)temporary_folder_read("good", &size), *text = malloc(size + 4096);
    size_t length = 0, data;
    for (int i = 7; i >= 0; i--)
        length = length << 8 | (unsigned char)bytes[i];
    data = size - 8 - length;
    while (bytes[8 + length - 1] != '}')
        length--;
    int used = snprintf(text, size + 4096,
                        "%.*s,\"optimizer.x\":{\"dtype\":\"U8\",\"shape\":[%zu],\"data_offsets\":"
                        "[%zu,%zu]}}",
                        (int)length - 1, bytes + 8, gigabyte, data, data + gigabyte);
    put_sparse(text, (size_t)used, data + gigabyte);
    expect_cheap("tensor 'optimizer.x' has 1073741824 bytes", "a large checkpoint");
    free(text);
    array_free(bytes);
}
