/* SPDX-License-Identifier: Apache-2.0
 *
 * The processor, what it can do, and what the parts of the program make of that. */
#include "backend.h"
#include "build_info.h"
#include "checkup.h"
#include "checkup_list.h"
#include "mounts.h"
#include "row_isa.h"

#include <stdlib.h>
#include <string.h>

enum { FLAGS_SIZE = 8192 };

/* As Linux names them; those that decide how fast something here is. */
static const char *const features[] = {"sse4_2",      "avx",         "avx2",        "fma",
                                       "avx512f",     "avx512vl",    "avx512bw",    "avx512dq",
                                       "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_tile",
                                       "amx_bf16",    "amx_int8",    "asimd",       "sve"};

/* A line "name : value" of /proc/cpuinfo; "" when there is none. */
static void read_line(char *out, size_t size, const char *name)
{
    char line[FLAGS_SIZE];
    size_t length = strlen(name);
    FILE *file = fopen("/proc/cpuinfo", "r");
    out[0] = '\0';
    while (file != NULL && out[0] == '\0' && fgets(line, sizeof line, file) != NULL) {
        const char *colon = strchr(line, ':');
        line[strcspn(line, "\n")] = '\0';
        if (colon != NULL && strncmp(line, name, length) == 0 && strchr(" \t:", line[length]))
            (void)snprintf(out, size, "%s", colon + 1 + strspn(colon + 1, " "));
    }
    if (file != NULL)
        fclose(file);
}

static int has_flag(const char *flags, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = flags; (at = strstr(at, name)) != NULL; at += length)
        if ((at == flags || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return 1;
    return 0;
}

static void look_at_features(struct checkup *checkup, const char *flags)
{
    char words[512] = "";
    struct json *list = json_make_array();
    for (size_t i = 0; i < sizeof features / sizeof features[0] && list != NULL; i++) {
        size_t used = strlen(words);
        if (!has_flag(flags, features[i]))
            continue;
        (void)snprintf(words + used, sizeof words - used, "%s%s", used > 0 ? " " : "", features[i]);
        if (json_append(list, json_make_text(features[i])) != OK) {
            json_destroy(list);
            list = NULL;
        }
    }
    checkup_row(checkup, "features", list, "%s", words[0] != '\0' ? words : "unknown");
}

/* The largest cache, which decides when frames come from memory. */
static void look_at_caches(struct checkup *checkup)
{
    char path[96], level[16], kind[32], bytes[32], words[256] = "";
    for (int i = 0; i < 8; i++) {
        (void)snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/level", i);
        if (!mounts_read_line(level, sizeof level, "", path))
            break;
        (void)snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/type", i);
        if (!mounts_read_line(kind, sizeof kind, "", path) || strcmp(kind, "Instruction") == 0)
            continue;
        (void)snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/size", i);
        size_t used = strlen(words);
        if (mounts_read_line(bytes, sizeof bytes, "", path))
            (void)snprintf(words + used, sizeof words - used, "%sL%s %s", used > 0 ? ", " : "",
                           level, bytes);
    }
    if (words[0] != '\0')
        checkup_text(checkup, "caches", words);
}

static void look_at_limits(struct checkup *checkup)
{
    static const char *const names[] = {"ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (getenv(names[i]) != NULL)
            checkup_finding(checkup, "unset it, unless this is a trial of other machines",
                            "%s=%s keeps oneDNN from what the processor can do", names[i],
                            getenv(names[i]));
}

/* What `auto` picks for training, and with what. */
static void look_at_backend(struct checkup *checkup)
{
    struct backend_facts facts;
    backend_describe(&facts, 0);
    checkup_text(checkup, "backend", backend_name(0));
    if (facts.library != NULL)
        checkup_row(checkup, "convolutions",
                    json_make_text(facts.library_isa != NULL ? facts.library_isa : "unknown"),
                    "%s by %s %s",
                    facts.library_isa != NULL ? facts.library_isa : "unknown instructions",
                    facts.library, facts.library_version);
    if (facts.own_isa != NULL)
        checkup_text(checkup, "kernels", facts.own_isa);
    if (facts.library == NULL)
        checkup_finding(checkup,
                        "install oneDNN (tools/setup.sh build) and build again with "
                        "-DWITH_ONEDNN=ON",
                        "built without oneDNN: training and forecasts by plain loops, some hundred "
                        "times slower");
    look_at_limits(checkup);
}

enum status checkup_processor_look(struct checkup *checkup, const struct checkup_subject *subject)
{
    (void)subject;
    char model[256], flags[FLAGS_SIZE];
    read_line(model, sizeof model, "model name");
    read_line(flags, sizeof flags, "flags");
    if (flags[0] == '\0')
        read_line(flags, sizeof flags, "Features");
    checkup_section(checkup, "processor");
    checkup_text(checkup, "model", model[0] != '\0' ? model : "unknown");
    look_at_features(checkup, flags);
    look_at_caches(checkup);
    checkup_text(checkup, "solver", row_isa_name(row_isa_resolve(ROW_ISA_AUTO)));
    look_at_backend(checkup);
    if (!row_isa_has(ROW_ISA_AVX2))
        checkup_finding(checkup, "use a processor with AVX2 (any x86-64 since about 2015)",
                        "no AVX2: everything works, several times slower");
    else if (!has_flag(flags, "avx512_bf16") && !has_flag(flags, "amx_bf16"))
        checkup_finding(checkup, "nothing: float32 is used, at up to half the rate",
                        "the processor multiplies no bf16");
    return OK;
}
