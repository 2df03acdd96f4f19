/* SPDX-License-Identifier: Apache-2.0 */
#include "import_run.h"

#include "array.h"
#include "json.h"
#include "log.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVERY_FIFTH = 5 };

/* A record and what it is made from. */
struct desk {
    struct case_record *record;
    void *fields;
};

static enum status open_desk(struct desk *desk, const struct foreign_facts *facts)
{
    TRY(case_record_create(&desk->record, facts->nx, facts->ny, facts->frames,
                           CASE_RECORD_DROP_STARTS));
    desk->fields = array_alloc((size_t)foreign_facts_bytes(facts), 1);
    return desk->fields != NULL ? OK : ERR_MEMORY;
}

static void close_desk(struct desk *desk)
{
    case_record_destroy(desk->record);
    array_free(desk->fields);
    *desk = (struct desk){NULL, NULL};
}

/* ---- the first pass ---- */

static enum status check_same(const struct foreign_facts *first, const struct foreign_facts *facts)
{
    if (facts->nx != first->nx || facts->ny != first->ny || facts->frames != first->frames)
        return FAIL(ERR_DATA,
                    "it has %lld frames of %lld x %lld cells, the first file %lld of %lld "
                    "x %lld",
                    (long long)facts->frames, (long long)facts->nx, (long long)facts->ny,
                    (long long)first->frames, (long long)first->nx, (long long)first->ny);
    if (strcmp(facts->edge, first->edge) != 0)
        return FAIL(ERR_DATA, "its top and bottom are %s, those of the first file %s", facts->edge,
                    first->edge);
    if (facts->refine != first->refine || facts->frame_interval != first->frame_interval)
        return FAIL(ERR_DATA, "its refine and frame_interval are not those of the first file");
    return OK;
}

/* Takes the sizes from the first good file, and the canvas steps a frame from its first case. */
static enum status try_first_case(struct import_run *run, const struct foreign_facts *facts,
                                  struct foreign_reader *reader, const char *path)
{
    enum status status = OK;
    struct foreign_convert_options convert = run->convert;
    struct foreign_facts_case one;
    struct desk desk = {NULL, NULL};
    TRY_GOTO(open_desk(&desk, facts), cleanup);
    TRY_GOTO(foreign_reader_next(&one, desk.fields, reader), cleanup);
    if (convert.interval == 0)
        convert.interval = foreign_convert_interval(&convert, facts, &one, desk.fields);
    status = foreign_convert_record(desk.record, &convert, facts, &one, desk.fields, 0);
    if (status != OK)
        TRY_GOTO(error_prefix(status, "'%s'", path), cleanup);
    run->convert.interval = convert.interval;
cleanup:
    close_desk(&desk);
    return status;
}

static enum status look_at(struct import_run *run, struct import_source *source)
{
    enum status status = OK;
    struct foreign_reader *reader = NULL;
    TRY_GOTO(import_sources_digest(source, run->reader.stop), cleanup);
    TRY_GOTO(foreign_reader_open(&reader, &run->reader, source->path), cleanup);
    const struct foreign_facts *facts = foreign_reader_get_facts(reader);
    if (run->cases > 0) {
        status = check_same(&run->facts, facts);
        if (status != OK)
            TRY_GOTO(error_prefix(status, "'%s'", source->path), cleanup);
    }
    TRY_GOTO(try_first_case(run, facts, reader, source->path), cleanup);
    if (run->cases == 0)
        run->facts = *facts;
    source->first_case = run->cases;
    source->trajectories = facts->trajectories;
    run->cases += facts->trajectories;
cleanup:
    foreign_reader_close(reader);
    return status;
}

/* A file that cannot be read does not end the import; a missing option and a request to stop do. */
static int is_refusal(enum status status)
{
    return status == ERR_DATA || status == ERR_MEMORY;
}

enum status import_run_look(struct import_run *run)
{
    for (size_t i = 0; i < run->sources.count; i++) {
        struct import_source *source = &run->sources.items[i];
        enum status status = look_at(run, source);
        if (status == OK)
            continue;
        if (!is_refusal(status) || run->sources.count == 1)
            return status;
        snprintf(source->reason, sizeof source->reason, "%.1000s", error_message());
        log_warning("refused: %s", source->reason);
        run->refused++;
    }
    if (run->cases > 0)
        return OK;
    return FAIL(ERR_DATA, "none of %zu files can be imported; the first: %s", run->sources.count,
                run->sources.items[0].reason);
}

/* ---- what the manifest says ---- */

void import_run_name(char *out, size_t size, const struct import_run *run)
{
    snprintf(out, size, "%s", run->name != NULL ? run->name : run->facts.name);
    if (run->name != NULL)
        return;
    for (size_t i = 0; out[i] != '\0'; i++)
        if (!isalnum((unsigned char)out[i]) && strchr("_.-", out[i]) == NULL)
            out[i] = '-';
    if (!isalnum((unsigned char)out[0]) || strlen(out) > 100)
        snprintf(out, size, "imported");
}

/* A number that an option said. */
static void put_option(FILE *stream, const char *name, double value)
{
    if (isfinite(value))
        fprintf(stream, "%s: %.17g\n", name, value);
}

static enum status put_source(FILE *stream, const struct import_source *source)
{
    char *quoted = NULL;
    struct json *text = json_make_text(path_base_name(source->path));
    if (text == NULL)
        return ERR_MEMORY;
    enum status status = json_write(&quoted, text, JSON_FORM_COMPACT);
    json_destroy(text);
    TRY(status);
    fprintf(stream, "  - {source: %s, sha256: %s, first_case: %lld, trajectories: %lld}\n", quoted,
            source->sha256, (long long)source->first_case, (long long)source->trajectories);
    free(quoted);
    return OK;
}

enum status import_run_describe(char **out, const struct import_run *run)
{
    enum status status = OK;
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    fputs(IMPORT_RUN_MARK "\n", stream);
    for (size_t i = 0; status == OK && i < run->sources.count; i++)
        if (run->sources.items[i].trajectories > 0)
            status = put_source(stream, &run->sources.items[i]);
    fprintf(stream, "cell: %.17g # in the files' unit of length\n", run->facts.side);
    fprintf(stream, "canvas_step: %.17g # in the files' unit of time\n",
            run->facts.interval / (double)run->convert.interval);
    put_option(stream, "density", run->convert.density);
    put_option(stream, "speed", run->convert.speed);
    put_option(stream, "length", run->convert.length);
    put_option(stream, "reynolds", run->convert.reynolds);
    if (fclose(stream) != 0 && status == OK)
        status = FAIL(ERR_MEMORY, "out of memory");
    if (status == OK)
        *out = text;
    else
        free(text);
    return status;
}

/* ---- the second pass ---- */

static enum split choose_split(const struct import_run *run, const struct import_source *source,
                               int64_t number)
{
    if (run->split != NULL)
        return *run->split;
    if (source->split_known)
        return source->split;
    return number % EVERY_FIFTH == EVERY_FIFTH - 1 ? SPLIT_VALIDATION : SPLIT_TRAIN;
}

/* What could not be read is a case that failed, with the reason. */
static void note_failure(struct case_record *record, const struct foreign_facts *facts,
                         int64_t number)
{
    case_record_clear(record);
    record->flow = (struct flow){
        .family = "imported", .index = number, .nx = facts->nx, .ny = facts->ny, .reynolds = NAN};
    record->status = ERR_DATA;
    snprintf(record->reason, sizeof record->reason, "%.250s", error_message());
}

/* A file once more, and a desk for its trajectories. */
static enum status reopen(struct foreign_reader **reader, struct desk *desk,
                          const struct import_run *run, const struct import_source *source)
{
    TRY(foreign_reader_open(reader, &run->reader, source->path));
    const struct foreign_facts *facts = foreign_reader_get_facts(*reader);
    if (facts->trajectories != source->trajectories || check_same(&run->facts, facts) != OK)
        return FAIL(ERR_DATA, "'%s' changed while it was imported", source->path);
    array_free(desk->fields);
    desk->fields = array_alloc((size_t)foreign_facts_bytes(facts), 1);
    return desk->fields != NULL ? OK : ERR_MEMORY;
}

/* Trajectory by trajectory: one that cannot be converted is a failed case; where reading fails, all
 * that follow are. */
static enum status write_source(const struct import_run *run, struct dataset_writer *writer,
                                struct desk *desk, const struct import_source *source)
{
    enum status status = OK;
    struct foreign_reader *reader = NULL;
    struct foreign_facts_case one;
    enum status read = reopen(&reader, desk, run, source);
    for (int64_t i = 0; i < source->trajectories; i++) {
        const int64_t number = source->first_case + i;
        if (read == OK)
            read = foreign_reader_next(&one, desk->fields, reader);
        if (read != OK && !is_refusal(read))
            TRY_GOTO(read, cleanup);
        if (read != OK ||
            foreign_convert_record(desk->record, &run->convert, foreign_reader_get_facts(reader),
                                   &one, desk->fields, number) != OK)
            note_failure(desk->record, &run->facts, number);
        if (desk->record->status != OK)
            log_warning("case %lld failed: %s", (long long)number, desk->record->reason);
        TRY_GOTO(dataset_writer_append(writer, desk->record, choose_split(run, source, number), 0),
                 cleanup);
    }
    log_info("%s: %lld cases", source->path, (long long)source->trajectories);
cleanup:
    foreign_reader_close(reader);
    return status;
}

enum status import_run_write(struct import_run *run, struct dataset_writer *writer)
{
    enum status status = OK;
    struct desk desk = {NULL, NULL};
    TRY_GOTO(open_desk(&desk, &run->facts), cleanup);
    for (size_t i = 0; i < run->sources.count; i++)
        if (run->sources.items[i].trajectories > 0)
            TRY_GOTO(write_source(run, writer, &desk, &run->sources.items[i]), cleanup);
cleanup:
    close_desk(&desk);
    return status;
}
