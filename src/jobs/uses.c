/* uses.c - see uses.h. */
#include "jobs/uses.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { USES_MAX = 1024, USES_US = 60 * 1000 * 1000 };

struct uses {
    pthread_mutex_t lock; /* around the two below */
    struct last_use at[USES_MAX];
    size_t n;
    uint64_t next_us; /* of the one thread that tends */
};

enum kw_err uses_new(struct uses **out)
{
    struct uses *u = calloc(1, sizeof *u);

    if (u == NULL)
        return KW_ENOMEM;
    pthread_mutex_init(&u->lock, NULL);
    *out = u;
    return KW_OK;
}

void uses_free(struct uses *u)
{
    if (u == NULL)
        return;
    pthread_mutex_destroy(&u->lock);
    free(u);
}

/* The place of an object; the first free one; NULL: there is none. */
static struct last_use *place_of(struct uses *u, enum use_kind kind, uint32_t slot)
{
    for (size_t i = 0; i < u->n; i++)
        if (u->at[i].kind == kind && u->at[i].slot == slot)
            return &u->at[i];
    return u->n < USES_MAX ? &u->at[u->n++] : NULL;
}

void uses_print_source(const struct address *source, char out[USE_SOURCE_MAX + 1])
{
    static const struct address nowhere;
    char text[ADDRESS_TEXT_MAX] = "";
    size_t n = 0;

    if (memcmp(source, &nowhere, sizeof nowhere) != 0)
        n = address_print(source, text);
    snprintf(out, USE_SOURCE_MAX + 1, "%.*s", (int)n, text);
}

void uses_note(struct uses *u, enum use_kind kind, uint32_t slot, int64_t now_ms,
               const struct address *source)
{
    struct last_use use = {.kind = kind, .slot = slot, .at_ms = now_ms};

    uses_print_source(source, use.source);
    pthread_mutex_lock(&u->lock);
    struct last_use *at = place_of(u, kind, slot);
    if (at != NULL)
        *at = use;
    pthread_mutex_unlock(&u->lock);
}

bool uses_find(struct uses *u, enum use_kind kind, uint32_t slot, struct last_use *out)
{
    bool found = false;

    pthread_mutex_lock(&u->lock);
    for (size_t i = 0; i < u->n && !found; i++) {
        found = u->at[i].kind == kind && u->at[i].slot == slot;
        if (found)
            *out = u->at[i];
    }
    pthread_mutex_unlock(&u->lock);
    return found;
}

/* They are saved from a copy: who notes one does not wait for the disk. What comes meanwhile is newer and stays. */
void uses_save(struct uses *u, struct sync *sync)
{
    struct last_use *copy = malloc(sizeof u->at);

    if (copy == NULL)
        return;
    pthread_mutex_lock(&u->lock);
    size_t n = u->n;
    memcpy(copy, u->at, n * sizeof *copy);
    u->n = 0;
    pthread_mutex_unlock(&u->lock);
    if (n > 0)
        ignore(sync_save_uses(sync, copy, n)); /* seen again, they are noted again */
    free(copy);
}

void uses_tend(struct uses *u, struct sync *sync, uint64_t boot_us)
{
    if (boot_us < u->next_us)
        return;
    u->next_us = boot_us + USES_US;
    uses_save(u, sync);
}
