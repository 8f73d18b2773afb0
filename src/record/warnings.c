/* warnings.c - see warnings.h. The first `taken` of the line are being written to the disk. */
#include "record/warnings.h"

#include <pthread.h>
#include <stdlib.h>

struct warnings {
    pthread_mutex_t lock;
    struct warning_taken line[WARNINGS_MAX];
    uint32_t n, taken;
};

enum kw_err warnings_new(struct warnings **out)
{
    struct warnings *q = calloc(1, sizeof *q);

    if (q == NULL)
        return KW_ENOMEM;
    pthread_mutex_init(&q->lock, NULL);
    *out = q;
    return KW_OK;
}

void warnings_free(struct warnings *q)
{
    if (q == NULL)
        return;
    pthread_mutex_destroy(&q->lock);
    free(q);
}

bool warnings_put(struct warnings *q, const struct event *e)
{
    pthread_mutex_lock(&q->lock);
    bool has_room = q->n < WARNINGS_MAX;
    if (has_room) {
        struct warning_taken *last = &q->line[q->n++];
        last->time_us = e->time_us;
        last->n = event_encode(e, last->bytes);
    }
    pthread_mutex_unlock(&q->lock);
    return has_room;
}

uint32_t warnings_take(struct warnings *q, struct warning_taken out[WARNINGS_TAKEN_MAX], bool *more)
{
    pthread_mutex_lock(&q->lock);
    *more = q->n > WARNINGS_TAKEN_MAX;
    uint32_t n = q->taken = *more ? WARNINGS_TAKEN_MAX : q->n;
    memcpy(out, q->line, n * sizeof *out);
    pthread_mutex_unlock(&q->lock);
    return n;
}

void warnings_settle(struct warnings *q)
{
    pthread_mutex_lock(&q->lock);
    q->n -= q->taken;
    memmove(q->line, q->line + q->taken, q->n * sizeof q->line[0]);
    q->taken = 0;
    pthread_mutex_unlock(&q->lock);
}
