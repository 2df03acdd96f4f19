/* SPDX-License-Identifier: Apache-2.0 */
#include "simulate_places.h"

#include "array.h"
#include "atomic_file.h"
#include "flow_case_motion.h"
#include "geometry.h"
#include "path.h"

#include <stdio.h>
#include <stdlib.h>

static void place(struct flow_case *out, const struct flow_case *flow_case, const struct flow *flow,
                  int64_t frame)
{
    flow_case_motion_place(out, flow_case, flow,
                           (double)(flow->first_step + frame * flow->frame_interval));
}

static enum status add_frame(struct simulate_places *out, const struct flow_case *flow_case,
                             const struct flow *flow, int64_t frame)
{
    struct flow_case now;
    struct geometry *geometry = NULL;
    float *sdf = out->sdfs + frame * frames_cells(flow);
    place(&now, flow_case, flow, frame);
    TRY(flow_case_geometry(&geometry, &now));
    geometry_sample(sdf, geometry, flow->nx, flow->ny, 1, 0);
    geometry_destroy(geometry);
    TRY(flow_outline_make(&out->outlines[frame], &now));
    out->bodies[frame] = (struct picture_bodies){sdf, &out->outlines[frame].shown};
    return OK;
}

enum status simulate_places_make(struct simulate_places *out, const struct flow_case *flow_case,
                                 const struct flow *flow, int64_t frames)
{
    if (flow_case_motion_kind(flow_case) != FLOW_CASE_MOTION_TRAVEL)
        return OK;
    TRY(ARRAY_NEW(out->sdfs, frames * frames_cells(flow)));
    TRY(ARRAY_NEW(out->bodies, frames));
    TRY(ARRAY_NEW(out->outlines, frames));
    out->frames = frames;
    for (int64_t frame = 0; frame < frames; frame++)
        TRY(add_frame(out, flow_case, flow, frame));
    return OK;
}

void simulate_places_fini(struct simulate_places *places)
{
    for (int64_t frame = 0; frame < places->frames; frame++)
        flow_outline_fini(&places->outlines[frame]);
    array_free(places->sdfs);
    array_free(places->bodies);
    array_free(places->outlines);
    *places = (struct simulate_places){.frames = 0};
}

static void print_lines(FILE *stream, const struct simulate_places *places,
                        const struct flow_case *flow_case, const struct flow *flow)
{
    fputs("step", stream);
    for (int64_t k = 1; k <= flow_case->body_count; k++)
        fprintf(stream, ",x_%lld,y_%lld,angle_%lld", (long long)k, (long long)k, (long long)k);
    fputc('\n', stream);
    for (int64_t frame = 0; frame < places->frames; frame++) {
        struct flow_case now;
        place(&now, flow_case, flow, frame);
        int64_t step = frame * flow->frame_interval;
        fprintf(stream, "%lld", (long long)step);
        for (int64_t k = 0; k < now.body_count; k++)
            fprintf(stream, ",%.9g,%.9g,%.9g", now.bodies[k].x, now.bodies[k].y,
                    now.bodies[k].angle);
        fputc('\n', stream);
    }
}

enum status simulate_places_write(const char *folder, const struct simulate_places *places,
                                  const struct flow_case *flow_case, const struct flow *flow)
{
    enum status status = OK;
    char path[PATH_SIZE], *text = NULL;
    size_t size;
    if (places->frames == 0)
        return OK;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    print_lines(stream, places, flow_case, flow);
    TRY_GOTO(fclose(stream) == 0 ? OK : FAIL(ERR_MEMORY, "out of memory"), cleanup);
    TRY_GOTO(path_join(path, sizeof path, folder, "motion.csv"), cleanup);
    TRY_GOTO(atomic_file_write(path, text, size), cleanup);
cleanup:
    free(text);
    return status;
}
