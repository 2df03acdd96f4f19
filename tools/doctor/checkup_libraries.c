/* SPDX-License-Identifier: Apache-2.0
 *
 * The libraries: what the program was built with, and the files that are loaded now, whose names
 * end in the version that they are. */
#include "backend.h"
#include "build_info.h"
#include "checkup.h"
#include "checkup_list.h"
#include "path.h"

#include <stdlib.h>
#include <string.h>

/* Names of build_info.h, and how their files begin. */
static const struct {
    const char *name, *begin;
} files[] = {{"HDF5", "libhdf5"},        {"libyaml", "libyaml"},     {"jansson", "libjansson"},
             {"libcrypto", "libcrypto"}, {"cairo", "libcairo.so"},   {"libpng", "libpng"},
             {"giflib", "libgif"},       {"KISS FFT", "libkissfft"}, {"oneDNN", "libdnnl"},
             {"OpenMP", "libgomp"},      {"OpenMP", "libomp"},       {"MPI", "libmpi.so"}};

/* The name of the loaded file of library `name`; "" when it is none of its own. */
static void find_loaded(char *out, size_t size, const char *name)
{
    char line[2 * PATH_SIZE];
    FILE *maps = fopen("/proc/self/maps", "r");
    out[0] = '\0';
    while (maps != NULL && out[0] == '\0' && fgets(line, sizeof line, maps) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        const char *base = path_base_name(line);
        for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
            if (strchr(line, '/') != NULL && strcmp(files[i].name, name) == 0 &&
                strncmp(base, files[i].begin, strlen(files[i].begin)) == 0)
                (void)snprintf(out, size, "%s", base);
    }
    if (maps != NULL)
        fclose(maps);
}

static struct json *describe(const char *built, const char *loaded)
{
    struct json *entry = json_make_object();
    if (entry == NULL)
        return NULL;
    if (json_set(entry, "built_with", json_make_text(built)) == OK &&
        json_set(entry, "loaded", loaded[0] != '\0' ? json_make_text(loaded) : json_make_null()) ==
            OK)
        return entry;
    json_destroy(entry);
    return NULL;
}

/* The binary interface of oneDNN holds within a major version, its speed within a minor one. */
static void judge_onednn(struct checkup *checkup, const char *built)
{
    struct backend_facts facts;
    backend_describe(&facts, 0);
    if (facts.library != NULL && strcmp(facts.library, "oneDNN") == 0 &&
        strcmp(facts.library_version, built) != 0)
        checkup_finding(checkup, "build again, or see to it that the other one is found",
                        "built with oneDNN %s, but %s is loaded", built, facts.library_version);
}

/* A program on the search path; "" when it is not there. */
static void find_program(char *out, size_t size, const char *name)
{
    const char *folders = getenv("PATH");
    out[0] = '\0';
    while (folders != NULL && *folders != '\0') {
        size_t length = strcspn(folders, ":");
        (void)snprintf(out, size, "%.*s/%s", (int)length, folders, name);
        if (length > 0 && path_exists(out) && !path_is_folder(out))
            return;
        folders += length + (folders[length] == ':');
    }
    out[0] = '\0';
}

enum status checkup_libraries_look(struct checkup *checkup, const struct checkup_subject *subject)
{
    (void)subject;
    char loaded[PATH_SIZE], gnuplot[PATH_SIZE];
    checkup_section(checkup, "libraries");
    for (int i = 0; i < build_info_libraries(); i++) {
        const char *name, *version;
        build_info_library(&name, &version, i);
        find_loaded(loaded, sizeof loaded, name);
        checkup_row(checkup, name, describe(version, loaded), "%-8s %s", version,
                    loaded[0] != '\0' ? loaded : "(no file of its own is loaded)");
        if (strcmp(name, "oneDNN") == 0)
            judge_onednn(checkup, version);
    }
    find_program(gnuplot, sizeof gnuplot, "gnuplot");
    checkup_row(checkup, "gnuplot", gnuplot[0] != '\0' ? json_make_text(gnuplot) : json_make_null(),
                "%s", gnuplot[0] != '\0' ? gnuplot : "none");
    if (gnuplot[0] == '\0')
        checkup_finding(checkup, "install gnuplot (Debian: gnuplot-nox)",
                        "no gnuplot: charts are left out, their figures are written as CSV");
    return OK;
}
