/* SPDX-License-Identifier: Apache-2.0
 *
 * A ring of batches. The thread fills batch `filled` while fewer than all places are taken; batches
 * handed .. filled - 1 are ready; the one before `handed` is in the caller's hands. */
#include "prefetch.h"

#include "stop.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct prefetch {
    struct loader *loader;
    struct prefetch_options options;
    struct batch *ring[PREFETCH_BATCHES];
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t filler;
    int filling; /* 1: the thread was started */
    double waited;
    /* under the lock */
    int closing;
    int64_t filled, handed; /* batches */
    enum status status;     /* of the batch `filled`, which ended the thread */
    char message[ERROR_MESSAGE_SIZE];
};

/* ---- the thread ---- */

/* Waits for a free place; 0: the end. */
static int wait_for_place(struct prefetch *self)
{
    pthread_mutex_lock(&self->lock);
    /* the batch in the caller's hands keeps its place */
    while (!self->closing && self->filled - self->handed >= PREFETCH_BATCHES - 1)
        pthread_cond_wait(&self->changed, &self->lock);
    int go_on = !self->closing;
    pthread_mutex_unlock(&self->lock);
    return go_on;
}

static void announce(struct prefetch *self, enum status status)
{
    pthread_mutex_lock(&self->lock);
    self->status = status;
    if (status == OK)
        self->filled++;
    else
        snprintf(self->message, sizeof self->message, "%s", error_message());
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
}

static void *fill(void *context)
{
    struct prefetch *self = context;
    enum status status = OK;
    for (int64_t batch = 0; status == OK && wait_for_place(self); batch++) {
        int64_t stride = self->options.stride;
        int64_t first = self->options.first + batch * stride;
        struct batch *next = self->ring[batch % PREFETCH_BATCHES];
        if (self->options.curriculum != NULL)
            next->filled = curriculum_calls(self->options.curriculum, first / stride + 1);
        status = loader_fill(self->loader, next, first);
        announce(self, status);
    }
    return NULL;
}

/* ---- the caller ---- */

static enum status start(struct prefetch *self)
{
    const struct prefetch_options *o = &self->options;
    for (int i = 0; i < PREFETCH_BATCHES; i++)
        TRY(batch_create(&self->ring[i], &o->shape));
    int failed = pthread_create(&self->filler, NULL, fill, self);
    if (failed != 0)
        return FAIL(ERR_MEMORY, "no thread to fill batches: %s", strerror(failed));
    self->filling = 1;
    return OK;
}

enum status prefetch_create(struct prefetch **out, struct loader *loader,
                            const struct prefetch_options *options)
{
    struct prefetch *self = calloc(1, sizeof *self);
    if (self == NULL)
        return FAIL(ERR_MEMORY, "no memory for batches ahead");
    self->loader = loader;
    self->options = *options;
    if (options->stride == 0)
        self->options.stride = options->shape.windows;
    pthread_mutex_init(&self->lock, NULL); /* with the default kind both cannot fail here */
    pthread_cond_init(&self->changed, NULL);
    enum status status = start(self);
    if (status == OK)
        *out = self;
    else
        prefetch_destroy(self);
    return status;
}

void prefetch_destroy(struct prefetch *prefetch)
{
    if (prefetch == NULL)
        return;
    pthread_mutex_lock(&prefetch->lock);
    prefetch->closing = 1;
    pthread_cond_broadcast(&prefetch->changed);
    pthread_mutex_unlock(&prefetch->lock);
    if (prefetch->filling)
        pthread_join(prefetch->filler, NULL);
    for (int i = 0; i < PREFETCH_BATCHES; i++)
        batch_destroy(prefetch->ring[i]);
    pthread_cond_destroy(&prefetch->changed);
    pthread_mutex_destroy(&prefetch->lock);
    free(prefetch);
}

enum status prefetch_next(const struct batch **out, struct prefetch *prefetch)
{
    double began = stop_clock();
    enum status status = OK;
    pthread_mutex_lock(&prefetch->lock);
    while (prefetch->handed == prefetch->filled && prefetch->status == OK)
        pthread_cond_wait(&prefetch->changed, &prefetch->lock);
    if (prefetch->handed < prefetch->filled)
        *out = prefetch->ring[prefetch->handed++ % PREFETCH_BATCHES];
    else
        status = FAIL(prefetch->status, "%s", prefetch->message);
    pthread_cond_broadcast(&prefetch->changed);
    pthread_mutex_unlock(&prefetch->lock);
    prefetch->waited += stop_clock() - began;
    return status;
}

double prefetch_waited(const struct prefetch *prefetch)
{
    return prefetch->waited;
}
