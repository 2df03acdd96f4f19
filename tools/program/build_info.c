/* SPDX-License-Identifier: Apache-2.0 */
#include "build_info.h"

#include "build_facts.h"

#include <string.h>
#include <sys/utsname.h>

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "unknown"
#endif

static const struct {
    const char *name, *version;
} libraries[] = {BUILD_FACTS_LIBRARIES};

enum { LIBRARIES = (int)(sizeof libraries / sizeof libraries[0]) };

const char *build_info_version(void)
{
    return BUILD_FACTS_VERSION;
}

const char *build_info_commit(void)
{
    return BUILD_FACTS_COMMIT;
}

const char *build_info_compiler(void)
{
    return COMPILER;
}

int build_info_libraries(void)
{
    return LIBRARIES;
}

void build_info_library(const char **name, const char **version, int index)
{
    *name = libraries[index].name;
    *version = libraries[index].version;
}

void build_info_print(FILE *stream)
{
    fprintf(stream, "wakecast %s (%s)\ncompiler: %s\nlibraries:", BUILD_FACTS_VERSION,
            BUILD_FACTS_COMMIT, COMPILER);
    for (int i = 0; i < LIBRARIES; i++)
        fprintf(stream, "%s %s %s", i > 0 ? "," : "", libraries[i].name, libraries[i].version);
    fputs("\n", stream);
}

/* The processor's name as Linux tells it; "" elsewhere. */
static void read_processor(char *out, size_t size)
{
    char line[512];
    out[0] = '\0';
    FILE *file = fopen("/proc/cpuinfo", "r");
    if (file == NULL)
        return;
    while (fgets(line, sizeof line, file) != NULL) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || colon == NULL)
            continue;
        snprintf(out, size, "%s", colon + (colon[1] == ' ' ? 2 : 1));
        out[strcspn(out, "\n")] = '\0';
        break;
    }
    fclose(file);
}

static struct json *describe_libraries(void)
{
    struct json *object = json_make_object();
    if (object == NULL)
        return NULL;
    for (int i = 0; i < LIBRARIES; i++) {
        if (json_set(object, libraries[i].name, json_make_text(libraries[i].version)) != OK) {
            json_destroy(object);
            return NULL;
        }
    }
    return object;
}

struct json *build_info_describe(void)
{
    enum status status = OK;
    char processor[256], system[512];
    struct utsname names;
    read_processor(processor, sizeof processor);
    if (uname(&names) == 0)
        snprintf(system, sizeof system, "%s %s %s", names.sysname, names.release, names.machine);
    else
        system[0] = '\0';
    struct json *object = json_make_object();
    if (object == NULL)
        return NULL;
    TRY_GOTO(json_set(object, "program", json_make_text("wakecast")), cleanup);
    TRY_GOTO(json_set(object, "version", json_make_text(BUILD_FACTS_VERSION)), cleanup);
    TRY_GOTO(json_set(object, "commit", json_make_text(BUILD_FACTS_COMMIT)), cleanup);
    TRY_GOTO(json_set(object, "compiler", json_make_text(COMPILER)), cleanup);
    TRY_GOTO(json_set(object, "libraries", describe_libraries()), cleanup);
    TRY_GOTO(json_set(object, "processor", json_make_text(processor)), cleanup);
    TRY_GOTO(json_set(object, "system", json_make_text(system)), cleanup);
cleanup:
    if (status != OK) {
        json_destroy(object);
        return NULL;
    }
    return object;
}
