/* key_uses.c - see key_uses.h. Two tables: one is noted in while the other is saved, so that nothing is ever taken out of the
 * middle of one. */
#include "jobs/key_uses.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/key.h"
#include "jobs/uses.h"

enum {
    PROBES = 32,
    FULL = KEY_USES_MAX / 4 * 3, /* from here on places run out */
    CHUNK = 256,                 /* saved at a time: sync's lock is not held for longer */
    BEGIN_US = 60 * 1000 * 1000,
};

struct place {
    char id[KW_KEY_ID_LEN]; /* zero bytes: free */
    struct address source;
    int64_t at_us;
};

struct table {
    size_t n;
    struct place at[KEY_USES_MAX];
};

struct key_uses {
    pthread_mutex_t lock; /* around the tables; but the one that is saved is only read then, and written by who tends */
    struct table *noted, *saved;
    struct table tables[2];
    /* Of who tends: */
    uint64_t next_us;
    size_t done; /* places of `saved` that are saved */
    struct key_use chunk[CHUNK];
};

enum kw_err key_uses_new(struct key_uses **out)
{
    struct key_uses *u = calloc(1, sizeof *u);

    if (u == NULL)
        return KW_ENOMEM;
    pthread_mutex_init(&u->lock, NULL);
    u->noted = &u->tables[0];
    u->saved = &u->tables[1];
    *out = u;
    return KW_OK;
}

void key_uses_free(struct key_uses *u)
{
    if (u == NULL)
        return;
    pthread_mutex_destroy(&u->lock);
    free(u);
}

void key_uses_freep(struct key_uses **u)
{
    key_uses_free(*u);
}

/* ---- a table ---- */

/* Ids are drawn at random, and nobody but us draws them: their bytes need little mixing. */
static size_t home_of(const char id[KW_KEY_ID_LEN])
{
    uint64_t front, back;

    memcpy(&front, id, sizeof front);
    memcpy(&back, id + KW_KEY_ID_LEN - sizeof back, sizeof back);
    uint64_t mixed = (front ^ (back << 29 | back >> 35)) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(mixed >> 49); /* the upper 15 bits */
}

static_assert(KEY_USES_MAX == 1 << 15, "what home_of gives");

/* The place of an id, or the first free one; NULL: neither is near. */
static struct place *place_of(struct table *t, const char id[KW_KEY_ID_LEN])
{
    size_t home = home_of(id);

    for (size_t i = 0; i < PROBES; i++) {
        struct place *p = &t->at[(home + i) % KEY_USES_MAX];
        if (p->id[0] == '\0' || memcmp(p->id, id, KW_KEY_ID_LEN) == 0)
            return p;
    }
    return NULL;
}

static void note(struct table *t, const struct event *e, int64_t at_us)
{
    struct place *p = place_of(t, e->key_id);

    if (p == NULL || (p->id[0] != '\0' && p->at_us >= at_us))
        return;
    if (p->id[0] == '\0')
        t->n++;
    memcpy(p->id, e->key_id, sizeof p->id);
    p->source = e->source;
    p->at_us = at_us;
}

/* ---- noted, found ---- */

void key_uses_note(struct key_uses *u, const struct event *e, int64_t now_us)
{
    if (e->kind != EVENT_DECISION || (e->flags & EVENT_PROVED) == 0 || e->key_id[0] == '\0')
        return;
    pthread_mutex_lock(&u->lock);
    note(u->noted, e, e->time_us < now_us ? e->time_us : now_us);
    pthread_mutex_unlock(&u->lock);
}

bool key_uses_find(struct key_uses *u, struct str id, struct last_use *out)
{
    struct place found = {.at_us = 0};

    if (id.n != KW_KEY_ID_LEN)
        return false;
    pthread_mutex_lock(&u->lock);
    for (size_t i = 0; i < COUNT_OF(u->tables); i++) {
        const struct place *p = place_of(&u->tables[i], id.p);
        if (p != NULL && p->id[0] != '\0' && p->at_us > found.at_us)
            found = *p;
    }
    pthread_mutex_unlock(&u->lock);
    if (found.id[0] == '\0')
        return false;
    *out = (struct last_use){.kind = USE_KEY, .at_ms = found.at_us / 1000};
    uses_print_source(&found.source, out->source);
    return true;
}

/* ---- saved ---- */

/* Rings are hostile input: what none of our verifiers writes is not saved, and must not keep others from it. */
static bool is_sound(const struct place *p)
{
    return key_id_ok((struct str){p->id, sizeof p->id}) && p->at_us >= 1000;
}

static size_t take_chunk(struct key_uses *u)
{
    size_t n = 0;

    for (; u->done < KEY_USES_MAX && n < CHUNK; u->done++) {
        const struct place *p = &u->saved->at[u->done];
        if (!is_sound(p))
            continue;
        struct key_use *use = &u->chunk[n++];
        memcpy(use->id, p->id, sizeof use->id);
        use->at_ms = p->at_us / 1000;
        uses_print_source(&p->source, use->source);
    }
    return n;
}

static void save_chunk(struct key_uses *u, struct sync *sync)
{
    size_t n = take_chunk(u);

    if (n > 0)
        ignore(sync_save_key_uses(sync, u->chunk, n)); /* used again, they are noted again */
    if (u->done < KEY_USES_MAX)
        return;
    pthread_mutex_lock(&u->lock);
    memset(u->saved, 0, sizeof *u->saved);
    pthread_mutex_unlock(&u->lock);
    u->done = 0;
}

/* What was noted is to be saved now, once the other table is. False: it holds fewer than that. */
static bool begin(struct key_uses *u, size_t at_least)
{
    pthread_mutex_lock(&u->lock);
    bool begins = u->noted->n >= at_least;
    if (begins) {
        struct table *empty = u->saved;
        u->saved = u->noted;
        u->noted = empty;
    }
    pthread_mutex_unlock(&u->lock);
    return begins;
}

void key_uses_tend(struct key_uses *u, struct sync *sync, uint64_t boot_us)
{
    bool is_time = boot_us >= u->next_us;

    if (u->saved->n == 0) {
        if (is_time)
            u->next_us = boot_us + BEGIN_US;
        if (!begin(u, is_time ? 1 : FULL))
            return;
    }
    save_chunk(u, sync);
}

void key_uses_save(struct key_uses *u, struct sync *sync)
{
    do {
        while (u->saved->n > 0)
            save_chunk(u, sync);
    } while (begin(u, 1));
}
