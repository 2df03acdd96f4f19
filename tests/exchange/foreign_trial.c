/* SPDX-License-Identifier: Apache-2.0
 *
 * Foreign files against the reader from outside, a plain program because Criterion's tests do not
 * start processes:
 *   foreign_trial make KIND FILE          one sample
 *   foreign_trial mutants PROGRAM COUNT   mutated good files: no crash and no hang of this process
 *   foreign_trial rogues                  a reading process that crashes, hangs or talks nonsense
 *   foreign_trial compare DATASET DATASET the same bodies, frames and coefficients, bit for bit
 * For rogues it starts itself in the place of the program; the file's name says what to do. */
#include "array.h"
#include "atomic_file.h"
#include "dataset.h"
#include "foreign_facts.h"
#include "foreign_reader.h"
#include "foreign_samples.h"
#include "foreign_wire.h"
#include "foreign_worker.h"
#include "h5file.h"
#include "path.h"
#include "philox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SEED = 20, MEMORY = 256 << 20, BASES = 3 };

/* ---- reading a file to its end ---- */

static enum status read_all(struct foreign_reader *reader)
{
    enum status status = OK;
    const struct foreign_facts *facts = foreign_reader_get_facts(reader);
    struct foreign_facts_case one;
    unsigned char *fields = NULL;
    TRY_GOTO(ARRAY_NEW(fields, foreign_facts_bytes(facts)), cleanup);
    for (int64_t i = 0; i < facts->trajectories; i++)
        TRY_GOTO(foreign_reader_next(&one, fields, reader), cleanup);
cleanup:
    array_free(fields);
    return status;
}

static enum status read_file(const char *program, const char *path, double patience)
{
    const struct foreign_reader_options options = {
        .program = program, .memory = MEMORY, .patience = patience};
    struct foreign_reader *reader = NULL;
    TRY(foreign_reader_open(&reader, &options, path));
    enum status status = read_all(reader);
    foreign_reader_close(reader);
    return status;
}

/* ---- mutants ---- */

struct victim {
    unsigned char *bytes; /* as made */
    size_t size;
};

struct tally {
    int64_t read, refused, crashed, hung, wrong;
};

static uint64_t draw(uint64_t *index, uint64_t bound)
{
    return philox_below(SEED, PHILOX_STREAM_TEST, (*index)++, bound);
}

/* One of: bits flipped, a block copied elsewhere, a length or an address overwritten (8 bytes that
 * are small, near the end or all ones), a block of zeros. */
static void damage(unsigned char *bytes, size_t size, uint64_t *index)
{
    static const uint64_t extremes[] = {0, 1, UINT64_MAX, INT64_MAX, 1ULL << 31, 1ULL << 40};
    const size_t at = draw(index, size), from = draw(index, size);
    size_t length = 1 + draw(index, 64);
    uint64_t number;
    switch (draw(index, 5)) {
    case 0:
        bytes[at] ^= (unsigned char)(1U << draw(index, 8));
        break;
    case 1:
        length = length < size - at ? length : size - at;
        length = length < size - from ? length : size - from;
        memmove(bytes + at, bytes + from, length);
        break;
    case 2:
        number = extremes[draw(index, sizeof extremes / sizeof extremes[0])];
        memcpy(bytes + (at < size - 8 ? at : size - 8), &number, sizeof number);
        break;
    case 3:
        number = draw(index, 2) == 0 ? draw(index, 256) : draw(index, 2 * size);
        memcpy(bytes + (at < size - 8 ? at : size - 8), &number, sizeof number);
        break;
    default:
        memset(bytes + at, 0, length < size - at ? length : size - at);
    }
}

/* Mutant `number`: of one to 8 such faults; every 16th is cut short. */
static size_t mutate(unsigned char *out, const struct victim *victim, int64_t number)
{
    uint64_t index = (uint64_t)number * 4096;
    uint64_t faults = 1 + draw(&index, 8);
    memcpy(out, victim->bytes, victim->size);
    /* most of a file is values, where damage does no harm: half of the faults go to the head */
    for (uint64_t i = 0; i < faults; i++)
        damage(out, draw(&index, 2) == 0 ? victim->size : victim->size / 4, &index);
    return number % 16 == 15 ? 1 + draw(&index, victim->size) : victim->size;
}

static enum status write_plain(const char *path, const unsigned char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        return FAIL(ERR_IO, "%s cannot be written", path);
    return OK;
}

static void count(struct tally *tally, enum status status, int64_t number)
{
    if (status == OK)
        tally->read++;
    else if (strstr(error_message(), "crashed") != NULL)
        tally->crashed++;
    else if (strstr(error_message(), "was ended") != NULL)
        tally->hung++;
    else if (status == ERR_DATA || status == ERR_MEMORY)
        tally->refused++;
    else {
        fprintf(stderr, "mutant %lld: status %d: %s\n", (long long)number, (int)status,
                error_message());
        tally->wrong++;
    }
}

static enum status make_victims(struct victim victims[BASES], const char *path)
{
    static const char *const names[BASES] = {"good", "packed", "sparse"};
    for (int i = 0; i < BASES; i++) {
        if (!foreign_samples_write(path, foreign_samples_find(names[i])))
            return FAIL(ERR_INTERNAL, "sample '%s' cannot be made", names[i]);
        TRY(atomic_file_read(&victims[i].bytes, &victims[i].size, path, 1 << 24));
    }
    return OK;
}

static enum status try_mutants(struct tally *tally, const char *program, const char *path,
                               int64_t mutants)
{
    enum status status = OK;
    struct victim victims[BASES] = {{NULL, 0}};
    unsigned char *bytes = NULL;
    TRY_GOTO(make_victims(victims, path), cleanup);
    TRY_GOTO(ARRAY_NEW(bytes, 1 << 24), cleanup);
    for (int64_t i = 0; i < mutants; i++) {
        size_t size = mutate(bytes, &victims[i % BASES], i);
        TRY_GOTO(write_plain(path, bytes, size), cleanup);
        count(tally, read_file(program, path, 1), i);
    }
cleanup:
    for (int i = 0; i < BASES; i++)
        array_free(victims[i].bytes);
    array_free(bytes);
    return status;
}

static int run_mutants(const char *program, const char *words)
{
    char folder[] = "/tmp/wakecast-mutants-XXXXXX", path[64];
    struct tally tally = {0};
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/mutant.h5", folder);
    const int64_t mutants = strtoll(words, NULL, 10);
    const double began = stop_clock();
    enum status status = try_mutants(&tally, program, path, mutants);
    const double took = stop_clock() - began;
    (void)path_remove(folder);
    printf(
        "%lld mutants in %.1f s (%.0f a second): %lld read, %lld refused, %lld crashed their own "
        "process, %lld were ended\n",
        (long long)mutants, took, (double)mutants / took, (long long)tally.read,
        (long long)tally.refused, (long long)tally.crashed, (long long)tally.hung);
    if (status != OK)
        fprintf(stderr, "%s\n", error_message());
    /* a reader that refuses or reads everything would pass too easily */
    return status != OK || tally.wrong > 0 || tally.read < mutants / 20 ||
           tally.refused < mutants / 20;
}

/* ---- rogues ---- */

static void send_sound_facts(int64_t trajectories)
{
    const struct foreign_facts facts = {.nx = 4,
                                        .ny = 4,
                                        .frames = 2,
                                        .trajectories = trajectories,
                                        .side = 1,
                                        .interval = 1,
                                        .edge = "slip"};
    (void)foreign_wire_put(1, FOREIGN_WIRE_FACTS, &facts, sizeof facts);
}

static void send_bad_facts(void)
{
    const struct foreign_facts facts = {.nx = 1 << 16,
                                        .ny = 1 << 16,
                                        .frames = 1 << 20,
                                        .trajectories = 1,
                                        .side = 1,
                                        .interval = 1,
                                        .edge = "slip"};
    (void)foreign_wire_put(1, FOREIGN_WIRE_FACTS, &facts, sizeof facts);
}

static void send_escape(void)
{
    struct foreign_wire_fault fault = {.status = ERR_DATA};
    memset(fault.text, 0x1b, sizeof fault.text); /* no end */
    (void)foreign_wire_put(1, FOREIGN_WIRE_FAULT, &fault, sizeof fault);
}

static void send_long_case(void)
{
    static unsigned char bytes[1 << 20];
    send_sound_facts(1);
    (void)foreign_wire_put(1, FOREIGN_WIRE_CASE, bytes, sizeof bytes);
}

static void send_noise(void)
{
    for (int i = 0; i < 100000; i++)
        (void)putchar((int)philox_below(1, PHILOX_STREAM_TEST, (uint64_t)i, 256));
}

static void hang(void)
{
    for (;;)
        sleep(1000);
}

static void hang_between(void)
{
    send_sound_facts(2);
    hang();
}

static void crash_between(void)
{
    send_sound_facts(2);
    abort();
}

static void close_and_hang(void)
{
    close(1);
    hang();
}

static void say_nothing(void)
{
}

static const struct {
    const char *name, *message;
    void (*act)(void);
} rogues[] = {{"abort", "crashed (signal 6)", abort},
              {"abort-between", "trajectory 0: the process that read it crashed", crash_between},
              {"hang", "took more than 1 s", hang},
              {"hang-between", "trajectory 0: reading it took more than 1 s", hang_between},
              {"nothing", "ended with code 0 and without a word", say_nothing},
              {"noise", "gave no sense", send_noise},
              {"close-and-hang", "without a word", close_and_hang},
              {"bad-facts", "gave no sense", send_bad_facts},
              {"long-case", "gave no sense", send_long_case},
              {"escape", "???", send_escape}};

enum { ROGUES = (int)(sizeof rogues / sizeof rogues[0]) };

/* In the place of the program. */
static int act_as_rogue(const char *name)
{
    for (int i = 0; i < ROGUES; i++)
        if (strcmp(rogues[i].name, name) == 0)
            rogues[i].act();
    return 0;
}

static int run_rogues(void)
{
    int bad = 0;
    for (int i = 0; i < ROGUES; i++) {
        const double began = stop_clock();
        enum status status = read_file("/proc/self/exe", rogues[i].name, 1);
        int good = status == ERR_DATA && strstr(error_message(), rogues[i].message) != NULL &&
                   strchr(error_message(), 0x1b) == NULL && stop_clock() - began < 10;
        printf("%s: %.200s\n", rogues[i].name, error_message());
        if (!good)
            printf("WRONG: status %d, '%s' was expected\n", (int)status, rogues[i].message);
        bad |= !good;
    }
    return bad;
}

/* ---- comparing datasets ---- */

static int same_records(const struct case_record *a, const struct case_record *b)
{
    const size_t cells = (size_t)frames_cells(&a->flow), frames = (size_t)a->frames;
    return a->frames == b->frames && a->flow.nx == b->flow.nx && a->flow.ny == b->flow.ny &&
           memcmp(a->sdf, b->sdf, cells * sizeof *a->sdf) == 0 &&
           memcmp(a->mask, b->mask, cells) == 0 &&
           memcmp(a->values, b->values, frames * FRAME_FIELDS * cells * sizeof *a->values) == 0 &&
           memcmp(a->drag, b->drag, frames * sizeof *a->drag) == 0 &&
           memcmp(a->lift, b->lift, frames * sizeof *a->lift) == 0;
}

static enum status compare_cases(const struct dataset *a, const struct dataset *b, int64_t number)
{
    enum status status = OK;
    struct case_record *one = NULL, *other = NULL;
    TRY_GOTO(dataset_read_case(&one, a, number, CASE_RECORD_DROP_STARTS), cleanup);
    TRY_GOTO(dataset_read_case(&other, b, number, CASE_RECORD_DROP_STARTS), cleanup);
    if (!same_records(one, other))
        TRY_GOTO(FAIL(ERR_DATA, "case %lld differs", (long long)number), cleanup);
cleanup:
    case_record_destroy(one);
    case_record_destroy(other);
    return status;
}

static enum status compare(const char *one, const char *other)
{
    enum status status = OK;
    struct dataset *a = NULL, *b = NULL;
    TRY_GOTO(dataset_open(&a, one), cleanup);
    TRY_GOTO(dataset_open(&b, other), cleanup);
    const int64_t cases = dataset_get_info(a)->cases;
    if (cases == 0 || dataset_get_info(b)->cases != cases)
        TRY_GOTO(FAIL(ERR_DATA, "%s and %s have other numbers of cases", one, other), cleanup);
    for (int64_t i = 0; i < cases; i++)
        TRY_GOTO(compare_cases(a, b, i), cleanup);
cleanup:
    dataset_close(a);
    dataset_close(b);
    if (status != OK)
        fprintf(stderr, "%s\n", error_message());
    return status;
}

int main(int argc, char **argv)
{
    h5file_init();
    if (argc == 5 && strcmp(argv[1], FOREIGN_WORKER_WORD) == 0)
        return act_as_rogue(argv[4]);
    if (argc == 4 && strcmp(argv[1], "make") == 0)
        return !foreign_samples_write(argv[3], foreign_samples_find(argv[2]));
    if (argc == 4 && strcmp(argv[1], "mutants") == 0)
        return run_mutants(argv[2], argv[3]);
    if (argc == 2 && strcmp(argv[1], "rogues") == 0)
        return run_rogues();
    if (argc == 4 && strcmp(argv[1], "compare") == 0)
        return (int)compare(argv[2], argv[3]);
    fprintf(stderr,
            "usage: foreign_trial make KIND FILE | mutants PROGRAM COUNT | rogues | compare "
            "DATASET DATASET\n");
    return 2;
}
