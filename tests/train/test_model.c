/* SPDX-License-Identifier: Apache-2.0 */
#include "array.h"
#include "checkpoint.h"
#include "model.h"
#include "path.h"
#include "temporary_folder.h"

#include <math.h>
#include <string.h>

static struct backend *backend;

static const char small_layers[] = "C 4 / 6 * 5 + C 3";
static const struct optimizer_options adam = {
    .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .decay = 0.1, .clip = 1.0};

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

TestSuite(model, .init = set_up, .fini = tear_down);

static struct model_facts facts_of(int64_t step)
{
    struct model_facts facts = {.normalisation = {.scale = {0.1, 0.2, 1.0 / 3.0}},
                                .dataset_digest = "0123456789abcdef",
                                .version = "0.1.0",
                                .training = "{\"batch\":4}",
                                .step = step,
                                .frame_interval = 100};
    return facts;
}

static struct network *new_network(const char *layers, int skips, enum network_norm norm)
{
    struct network_spec spec;
    struct network *network = NULL;
    cr_assert_eq(network_spec_parse(&spec, layers), OK);
    spec.skips = skips;
    spec.norm = norm;
    cr_assert_eq(network_create(&network, &spec, backend, 2, 8, 8, NETWORK_TRAIN), OK, "%s",
                 error_message());
    cr_assert_eq(network_initialise(network, 11), OK);
    return network;
}

/* Parameters and statistics, one behind the other; the caller frees. */
static float *weights_of(struct network *network)
{
    struct model_snapshot snapshot;
    float *all = NULL;
    int64_t p = network_parameter_count(network), s = network_statistic_count(network);
    cr_assert_eq(model_take_snapshot(&snapshot, network, backend, 0), OK);
    cr_assert_eq(ARRAY_NEW(all, p + s), OK);
    memcpy(all, snapshot.parameters, (size_t)p * sizeof *all);
    if (s > 0)
        memcpy(all + p, snapshot.statistics, (size_t)s * sizeof *all);
    model_free_snapshot(&snapshot);
    return all;
}

static void save(const char *name, struct network *network)
{
    struct model_facts facts = facts_of(7);
    cr_assert_eq(model_save(temporary_folder_path(name), network, backend, &facts), OK, "%s",
                 error_message());
}

static struct model *load(const char *name)
{
    struct model *model = NULL;
    cr_assert_eq(model_load(&model, temporary_folder_path(name)), OK, "%s", error_message());
    return model;
}

/* Saves one network and installs it in another; expects ERR_DATA with these words. */
static void expect_mismatch(struct network *saved, struct network *other, const char *words)
{
    save("other.safetensors", saved);
    struct model *model = load("other.safetensors");
    float *before = weights_of(other);
    cr_expect_eq(model_install(model, other, backend), ERR_DATA);
    cr_expect_not_null(strstr(error_message(), words), "'%s' is not in: %s", words,
                       error_message());
    cr_expect_not_null(strstr(error_message(), "other.safetensors"));
    float *after = weights_of(other);
    cr_expect_arr_eq(before, after, (size_t)network_parameter_count(other) * sizeof *before);
    array_free(before);
    array_free(after);
    model_destroy(model);
    network_destroy(saved);
    network_destroy(other);
}

Test(model, survives_the_file_with_all_that_is_known_of_it)
{
    struct network *network = new_network(small_layers, 1, NETWORK_NORM_BATCH);
    struct network *other = new_network(small_layers, 1, NETWORK_NORM_BATCH);
    cr_assert_eq(network_initialise(other, 99), OK);
    save("model.safetensors", network);
    struct model *model = load("model.safetensors");
    struct model_facts facts = facts_of(7);
    char layers[512];
    network_spec_write(layers, sizeof layers, &model->spec);
    cr_expect_str_eq(layers, small_layers);
    cr_expect_str_eq(model->spec.size, network_get_spec(network)->size);
    cr_expect_arr_eq(model->facts.normalisation.scale, facts.normalisation.scale,
                     sizeof facts.normalisation.scale);
    cr_expect_eq(model->facts.normalisation.extras, facts.normalisation.extras);
    cr_expect_str_eq(model->facts.dataset_digest, facts.dataset_digest);
    cr_expect_str_eq(model->facts.version, "0.1.0");
    cr_expect_str_eq(model->facts.training, facts.training);
    cr_expect_eq(model->facts.step, 7);
    cr_expect_eq(model->facts.frame_interval, 100);
    cr_assert_eq(model_install(model, other, backend), OK, "%s", error_message());
    float *a = weights_of(network), *b = weights_of(other);
    int64_t count = network_parameter_count(network) + network_statistic_count(network);
    cr_expect_arr_eq(a, b, (size_t)count * sizeof *a);
    array_free(a);
    array_free(b);
    model_destroy(model);
    network_destroy(network);
    network_destroy(other);
}

Test(model, has_the_tensors_of_a_pytorch_state_dict)
{
    struct network *network = new_network(small_layers, 1, NETWORK_NORM_BATCH);
    int64_t norms = 0;
    save("model.safetensors", network);
    struct model *model = load("model.safetensors");
    for (int64_t i = 0; i < safetensors_count(model->file); i++) {
        const struct safetensors_tensor *tensor = safetensors_at(model->file, i);
        if (strstr(tensor->name, "num_batches_tracked") == NULL)
            continue;
        norms++;
        cr_expect_eq(tensor->type, SAFETENSORS_I64);
        cr_expect_eq(tensor->rank, 0);
        cr_expect_eq(*(const int64_t *)tensor->data, 7);
    }
    cr_expect_eq(norms, 2, "a counter for each of the two norms");
    cr_expect_eq(safetensors_count(model->file), network_tensor_count(network) + norms);
    model_destroy(model);
    network_destroy(network);
}

Test(model, another_list_of_layers_is_named)
{
    expect_mismatch(new_network(small_layers, 1, NETWORK_NORM_BATCH),
                    new_network("C 4 / 6 * 8 + C 3", 1, NETWORK_NORM_BATCH), small_layers);
}

Test(model, another_use_of_skips_is_named)
{
    expect_mismatch(new_network(small_layers, 0, NETWORK_NORM_BATCH),
                    new_network(small_layers, 1, NETWORK_NORM_BATCH), "'skips' is off");
}

Test(model, another_norm_is_named)
{
    expect_mismatch(new_network(small_layers, 1, NETWORK_NORM_NONE),
                    new_network(small_layers, 1, NETWORK_NORM_BATCH), "'none'");
}

/* Writes a model with one tensor changed by `spoil`: 0 left out, 1 of another shape, 2 with a
 * value that is not finite, 3 one too many. */
static void save_spoilt(const char *name, struct network *network, int spoil)
{
    struct model_facts facts = facts_of(1);
    struct model_snapshot snapshot;
    struct safetensors_writer *writer = NULL, *whole = NULL;
    struct safetensors *file = NULL;
    cr_assert_eq(model_take_snapshot(&snapshot, network, backend, 1), OK);
    if (spoil == 2)
        snapshot.parameters[network_tensor_at(network, 0)->offset + 3] = INFINITY;
    cr_assert_eq(safetensors_writer_create(&whole), OK);
    cr_assert_eq(model_describe(whole, network, &snapshot, &facts), OK);
    cr_assert_eq(safetensors_writer_save(whole, temporary_folder_path("whole")), OK);
    cr_assert_eq(safetensors_open(&file, temporary_folder_path("whole")), OK);
    cr_assert_eq(safetensors_writer_create(&writer), OK);
    const char *first = network_tensor_at(network, 0)->name;
    for (int64_t i = 0; i < safetensors_count(file); i++) {
        struct safetensors_tensor t = *safetensors_at(file, i);
        if (strcmp(t.name, first) == 0 && spoil == 0)
            continue;
        if (strcmp(t.name, first) == 0 && spoil == 1) {
            t.dims[0] *= t.dims[1];
            t.dims[1] = 1;
        }
        cr_assert_eq(safetensors_writer_add(writer, t.name, t.type, t.dims, t.rank, t.data), OK);
    }
    if (spoil == 3)
        cr_assert_eq(safetensors_writer_add(writer, "intruder", SAFETENSORS_F32, NULL, 0,
                                            snapshot.parameters),
                     OK);
    const char *const keys[] = {"architecture", "normalisation", "origin", "training"};
    for (int i = 0; i < 4; i++)
        cr_assert_eq(
            safetensors_writer_add_metadata(writer, keys[i], safetensors_metadata(file, keys[i])),
            OK);
    cr_assert_eq(safetensors_writer_save(writer, temporary_folder_path(name)), OK);
    safetensors_writer_destroy(writer);
    safetensors_writer_destroy(whole);
    safetensors_close(file);
    model_free_snapshot(&snapshot);
}

Test(model, a_tensor_missing_misshapen_not_finite_or_too_many_is_named)
{
    const char *const words[] = {"is missing", "has the shape [16, 1, 3, 3, 3]", "not finite",
                                 "'intruder'"};
    struct network *network = new_network(small_layers, 1, NETWORK_NORM_BATCH);
    for (int spoil = 0; spoil < 4; spoil++) {
        struct model *model = NULL;
        save_spoilt("spoilt.safetensors", network, spoil);
        cr_expect_eq(model_load(&model, temporary_folder_path("spoilt.safetensors")), ERR_DATA);
        cr_expect_null(model);
        cr_expect_not_null(strstr(error_message(), "spoilt.safetensors: "), "%s", error_message());
        cr_expect_not_null(strstr(error_message(), words[spoil]), "%s", error_message());
        if (spoil < 3)
            cr_expect_not_null(strstr(error_message(), network_tensor_at(network, 0)->name));
    }
    network_destroy(network);
}

Test(model, a_missing_file_and_a_file_of_somebody_else_are_refused)
{
    struct model *model = NULL;
    struct safetensors_writer *writer = NULL;
    float value = 1.0F;
    cr_expect_eq(model_load(&model, temporary_folder_path("nowhere.safetensors")), ERR_DATA);
    cr_assert_eq(safetensors_writer_create(&writer), OK);
    cr_assert_eq(safetensors_writer_add(writer, "x", SAFETENSORS_F32, NULL, 0, &value), OK);
    cr_assert_eq(safetensors_writer_save(writer, temporary_folder_path("foreign.safetensors")), OK);
    safetensors_writer_destroy(writer);
    cr_expect_eq(model_load(&model, temporary_folder_path("foreign.safetensors")), ERR_DATA);
    cr_expect_not_null(strstr(error_message(), "foreign.safetensors"));
    cr_expect_not_null(strstr(error_message(), "architecture"));
}

/* ---- checkpoints ---- */

static void fill_moments(struct optimizer *optimizer, int64_t count, float first, float second)
{
    float *a = NULL, *b = NULL;
    cr_assert_eq(ARRAY_NEW(a, count), OK);
    cr_assert_eq(ARRAY_NEW(b, count), OK);
    for (int64_t i = 0; i < count; i++) {
        a[i] = first * (float)i;
        b[i] = second;
    }
    cr_assert_eq(optimizer_upload(optimizer, a, b), OK);
    array_free(a);
    array_free(b);
}

Test(model, a_checkpoint_gives_back_weights_moments_and_progress)
{
    struct network *network = new_network(small_layers, 1, NETWORK_NORM_BATCH);
    struct network *other = new_network(small_layers, 1, NETWORK_NORM_BATCH);
    struct optimizer *optimizer = NULL, *restored = NULL;
    int64_t count = network_parameter_count(network);
    struct model_facts facts = facts_of(30);
    struct checkpoint_progress progress = {.step = 30,
                                           .validated = 20,
                                           .best_loss = 1.0 / 3.0,
                                           .best_step = 10,
                                           .stale = 2,
                                           .threads = 2,
                                           .sums = {0.1, 0.2, [CHECKPOINT_SUMS - 1] = 1e-300},
                                           .summed = 3};
    struct checkpoint_progress read;
    cr_assert_eq(optimizer_create(&optimizer, network, backend, &adam), OK);
    cr_assert_eq(optimizer_create(&restored, other, backend, &adam), OK);
    fill_moments(optimizer, count, 0.5F, 0.25F);
    cr_assert_eq(network_initialise(other, 99), OK);
    cr_assert_eq(checkpoint_save(temporary_folder_path("c"),
                                 &(struct checkpoint_subject){network, backend, optimizer, NULL},
                                 &facts, &progress),
                 OK);
    struct model *model = load("c");
    cr_assert_eq(checkpoint_restore(&read, model,
                                    &(struct checkpoint_subject){other, backend, restored, NULL}),
                 OK, "%s", error_message());
    cr_expect_arr_eq(&read, &progress, sizeof read);
    float *a = weights_of(network), *b = weights_of(other);
    cr_expect_arr_eq(a, b, (size_t)count * sizeof *a);
    cr_assert_eq(optimizer_download(restored, a, b), OK);
    cr_expect_eq(a[5], 2.5F);
    cr_expect_eq(b[5], 0.25F);
    array_free(a);
    array_free(b);
    model_destroy(model);
    optimizer_destroy(optimizer);
    optimizer_destroy(restored);
    network_destroy(network);
    network_destroy(other);
}

Test(model, a_model_is_no_checkpoint_and_is_said_to_be_none)
{
    struct network *network = new_network(small_layers, 1, NETWORK_NORM_BATCH);
    struct optimizer *optimizer = NULL;
    struct checkpoint_progress progress;
    cr_assert_eq(optimizer_create(&optimizer, network, backend, &adam), OK);
    save("model.safetensors", network);
    struct model *model = load("model.safetensors");
    cr_expect_eq(
        checkpoint_restore(&progress, model,
                           &(struct checkpoint_subject){network, backend, optimizer, NULL}),
        ERR_DATA);
    cr_expect_not_null(strstr(error_message(), "no checkpoint"));
    model_destroy(model);
    optimizer_destroy(optimizer);
    network_destroy(network);
}

Test(model, a_checkpoint_with_a_value_that_is_not_finite_is_never_written)
{
    struct network *network = new_network(small_layers, 1, NETWORK_NORM_BATCH);
    struct optimizer *optimizer = NULL;
    struct model_facts facts = facts_of(1);
    struct checkpoint_progress progress = {.step = 1};
    int64_t count = network_parameter_count(network);
    float *weights = weights_of(network);
    cr_assert_eq(optimizer_create(&optimizer, network, backend, &adam), OK);
    fill_moments(optimizer, count, 0.5F, INFINITY);
    cr_expect_eq(checkpoint_save(temporary_folder_path("c"),
                                 &(struct checkpoint_subject){network, backend, optimizer, NULL},
                                 &facts, &progress),
                 ERR_NUMERIC);
    cr_expect_not_null(strstr(error_message(), "exp_avg_sq"));
    fill_moments(optimizer, count, 0.5F, 0.5F);
    weights[count - 1] = NAN;
    cr_assert_eq(backend->ops->upload(backend, network_parameters(network), weights, count), OK);
    cr_expect_eq(checkpoint_save(temporary_folder_path("c"),
                                 &(struct checkpoint_subject){network, backend, optimizer, NULL},
                                 &facts, &progress),
                 ERR_NUMERIC);
    cr_expect_not(path_exists(temporary_folder_path("c")));
    array_free(weights);
    optimizer_destroy(optimizer);
    network_destroy(network);
}
