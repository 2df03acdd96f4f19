/* SPDX-License-Identifier: Apache-2.0 */
#include "settings_outlines.h"

#include "array.h"
#include "atomic_file.h"
#include "base64.h"
#include "bitmap.h"
#include "digest.h"
#include "path.h"
#include "polygon_file.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY = 96, FILE_LIMIT = 1 << 20 };

/* A key of a record: "families[0].file". */
static void name_key(char out[KEY], const char *record, const char *key)
{
    snprintf(out, KEY, "%s.%s", record, key);
}

void settings_outlines_fini(struct settings_outlines *outlines)
{
    for (int64_t i = 0; i < outlines->count; i++) {
        array_free(outlines->vertices[i]);
        bitmap_destroy(outlines->bitmaps[i]);
    }
    outlines->count = 0;
}

/* ---- files into the configuration ---- */

/* The path of a file: from the configuration's folder, from the current one when --set names it. */
static enum status find_file(char out[PATH_SIZE], const struct config *config, const char *key,
                             const char *config_path)
{
    const char *name = config_text(config, key);
    const char *slash = config_path != NULL ? strrchr(config_path, '/') : NULL;
    char folder[PATH_SIZE];
    if (name[0] == '/' || slash == NULL || config_is_setting(config, key))
        snprintf(folder, sizeof folder, "%s", name[0] == '/' ? "/" : ".");
    else
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - config_path + 1), config_path);
    if (path_join(out, PATH_SIZE, folder, name + (name[0] == '/')) != OK)
        return config_fault(config, key, "%s", error_message());
    return OK;
}

static enum status check_digest(const struct config *config, const char *record,
                                const char found[DIGEST_SIZE])
{
    char key[KEY];
    name_key(key, record, "digest");
    const char *expected = config_text(config, key);
    if (expected[0] == '\0' || strcmp(expected, found) == 0)
        return OK;
    return config_fault(config, key,
                        "the file's SHA-256 is %s: it is not the file that this configuration was "
                        "made with",
                        found);
}

/* A file's bytes are now `content`. */
static enum status keep_file(struct config *config, const char *record, const unsigned char *bytes,
                             size_t size)
{
    char key[KEY], digest[DIGEST_SIZE], *text = NULL;
    TRY(digest_bytes(digest, bytes, size));
    TRY(check_digest(config, record, digest));
    TRY(base64_encode(&text, bytes, size));
    name_key(key, record, "content");
    enum status status = config_set_text(config, key, text);
    free(text);
    TRY(status);
    name_key(key, record, "digest");
    TRY(config_set_text(config, key, digest));
    return OK;
}

static enum status embed_file(struct config *config, const char *record, const char *config_path)
{
    char key[KEY], content[KEY], path[PATH_SIZE];
    unsigned char *bytes = NULL;
    size_t size = 0;
    name_key(key, record, "file");
    name_key(content, record, "content");
    if (config_text(config, key)[0] == '\0' || config_text(config, content)[0] != '\0')
        return OK;
    TRY(find_file(path, config, key, config_path));
    enum status status = atomic_file_read(&bytes, &size, path, FILE_LIMIT);
    if (status != OK)
        return config_fault(config, key, "%s", error_message());
    status = keep_file(config, record, bytes, size);
    array_free(bytes);
    return status;
}

enum status settings_outlines_embed(struct config *config, const char *path)
{
    static const char *const sections[] = {"bodies", "families", "held_out", "beyond"};
    for (int k = 0; k < 4; k++)
        for (size_t i = 0; i < config_count(config, sections[k]); i++) {
            char record[KEY / 2];
            snprintf(record, sizeof record, "%s[%zu]", sections[k], i);
            TRY(embed_file(config, record, path));
        }
    return OK;
}

/* ---- from the configuration into bodies ---- */

/* The bytes of a file as the body's family takes them. */
static enum status decode(struct body_spec *out, struct settings_outlines *outlines,
                          const unsigned char *bytes, size_t size)
{
    assert(outlines->count < SETTINGS_OUTLINES);
    int64_t place = outlines->count;
    double **vertices = &outlines->vertices[place];
    struct bitmap **bitmap = &outlines->bitmaps[place];
    *vertices = NULL;
    *bitmap = NULL;
    if (strcmp(out->family, "polygon") == 0) {
        TRY(polygon_file_parse(vertices, &out->vertex_count, (const char *)bytes, size));
        out->vertices = *vertices;
    } else {
        TRY(bitmap_decode(bitmap, bytes, size));
        out->bitmap = *bitmap;
    }
    outlines->count++;
    return OK;
}

static enum status decode_content(struct body_spec *out, struct settings_outlines *outlines,
                                  const struct config *config, const char *record)
{
    char key[KEY], digest[DIGEST_SIZE];
    unsigned char *bytes = NULL;
    size_t size = 0;
    name_key(key, record, "content");
    if (base64_decode(&bytes, &size, config_text(config, key)) != OK)
        return config_fault(config, key, "%s", error_message());
    enum status status = digest_bytes(digest, bytes, size);
    if (status == OK)
        status = check_digest(config, record, digest);
    if (status == OK)
        status = decode(out, outlines, bytes, size);
    array_free(bytes);
    if (status != ERR_CONFIG && status != ERR_DATA)
        return status;
    name_key(key, record, "file");
    return config_fault(config, key, "%s", error_message());
}

static enum status copy_vertices(struct body_spec *out, struct settings_outlines *outlines,
                                 const struct config *config, const char *key)
{
    size_t count = config_count(config, key);
    double *points = NULL;
    if (count % 2 != 0)
        return config_fault(config, key, "%zu numbers are no list of x, y pairs", count);
    assert(outlines->count < SETTINGS_OUTLINES);
    TRY(ARRAY_NEW(points, count));
    for (size_t i = 0; i < count; i++)
        points[i] = config_real_at(config, key, i);
    outlines->bitmaps[outlines->count] = NULL;
    outlines->vertices[outlines->count++] = points;
    out->vertices = points;
    out->vertex_count = (int64_t)count / 2;
    return OK;
}

enum status settings_outlines_find(struct body_spec *out, struct settings_outlines *outlines,
                                   const struct config *config, const char *record)
{
    char vertices[KEY], file[KEY], content[KEY], shape[KEY];
    name_key(shape, record, "shape");
    name_key(vertices, record, "vertices");
    name_key(file, record, "file");
    name_key(content, record, "content");
    int is_polygon = strcmp(out->family, "polygon") == 0;
    int is_bitmap = strcmp(out->family, "bitmap") == 0;
    int listed = config_count(config, vertices) > 0;
    int filed = config_text(config, content)[0] != '\0';
    if (listed && !is_polygon)
        return config_fault(config, vertices, "shape '%s' has no vertices", out->family);
    if (filed && !is_polygon && !is_bitmap)
        return config_fault(config, file, "shape '%s' takes no file; polygon and bitmap do",
                            out->family);
    if (listed && filed)
        return config_fault(config, file, "a polygon has either 'vertices' or a 'file'");
    if (filed)
        return decode_content(out, outlines, config, record);
    if (listed)
        return copy_vertices(out, outlines, config, vertices);
    if (is_polygon)
        return config_fault(config, shape, "a polygon needs 'vertices' or a 'file' (CSV)");
    if (is_bitmap)
        return config_fault(config, shape, "a bitmap needs a 'file' (PNG)");
    return OK;
}

enum status settings_outlines_read(struct body_spec *out, struct settings_outlines *outlines,
                                   const char *path)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    if (strcmp(out->family, "polygon") != 0 && strcmp(out->family, "bitmap") != 0)
        return FAIL(ERR_USAGE, "option '--file' is for --body polygon and --body bitmap");
    enum status status = atomic_file_read(&bytes, &size, path, FILE_LIMIT);
    if (status == ERR_DATA || status == ERR_MEMORY)
        status = ERR_CONFIG;
    if (status == OK)
        status = decode(out, outlines, bytes, size);
    array_free(bytes);
    if (status != OK)
        return error_prefix(status == ERR_DATA ? ERR_CONFIG : status, "option '--file %s'", path);
    return OK;
}
