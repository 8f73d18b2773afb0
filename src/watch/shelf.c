/* shelf.c - see shelf.h. States lie in chunks that never move; a table of open addressing finds their places. */
#include "watch/shelf.h"

#include <stdlib.h>

#include "record/hash.h"

enum { CHUNK = 1024, FIRST_SPOTS = 2048 };

struct head { /* in front of each state */
    uint32_t no, place;
    uint64_t is_changed;
};

struct shelf {
    size_t size; /* of a state with its head */
    uint32_t most, n, n_changed, n_spots;
    uint8_t **chunks;  /* owns, with what they point to */
    uint32_t *spots;   /* owns; 1 + the place of a state; 0: free */
    uint32_t *changed; /* owns; places, as many as there are states at most */
};

enum kw_err shelf_new(size_t size, uint32_t most, struct shelf **out)
{
    struct shelf *s = calloc(1, sizeof *s);

    if (s == NULL)
        return KW_ENOMEM;
    s->size = sizeof(struct head) + (size + 7) / 8 * 8;
    s->most = most;
    s->chunks = calloc((size_t)most / CHUNK + 1, sizeof *s->chunks);
    if (s->chunks == NULL) {
        free(s);
        return KW_ENOMEM;
    }
    *out = s;
    return KW_OK;
}

void shelf_clear(struct shelf *s)
{
    for (uint32_t i = 0; i <= s->most / CHUNK; i++) {
        free(s->chunks[i]);
        s->chunks[i] = NULL;
    }
    free(s->spots);
    free(s->changed);
    s->spots = s->changed = NULL;
    s->n = s->n_changed = s->n_spots = 0;
}

void shelf_free(struct shelf *s)
{
    if (s == NULL)
        return;
    shelf_clear(s);
    free(s->chunks);
    free(s);
}

uint32_t shelf_room(const struct shelf *s)
{
    return s->most - s->n;
}

/* ---- found ---- */

static struct head *head_at(const struct shelf *s, uint32_t place)
{
    return (struct head *)(void *)(s->chunks[place / CHUNK] + s->size * (place % CHUNK));
}

static uint32_t *spot_of(const struct shelf *s, uint32_t no)
{
    for (uint64_t h = hash_stir(no);; h++) {
        uint32_t *spot = &s->spots[h % s->n_spots];
        if (*spot == 0 || head_at(s, *spot - 1)->no == no)
            return spot;
    }
}

void *shelf_find(const struct shelf *s, uint32_t no)
{
    if (s->n_spots == 0)
        return NULL;
    uint32_t spot = *spot_of(s, no);
    return spot == 0 ? NULL : head_at(s, spot - 1) + 1;
}

/* ---- added ---- */

static enum kw_err grow(struct shelf *s)
{
    uint32_t n_spots = s->n_spots == 0 ? FIRST_SPOTS : s->n_spots * 2;
    uint32_t *spots = calloc(n_spots, sizeof *spots);
    uint32_t *changed = realloc(s->changed, n_spots / 2 * sizeof *changed);

    if (changed != NULL)
        s->changed = changed;
    if (spots == NULL || changed == NULL) {
        free(spots);
        return KW_ENOMEM;
    }
    free(s->spots);
    s->spots = spots;
    s->n_spots = n_spots;
    for (uint32_t i = 0; i < s->n; i++)
        *spot_of(s, head_at(s, i)->no) = i + 1;
    return KW_OK;
}

#ifndef __clang__ /* gcc's analyzer loses a pointer that is kept under a number which it does not know */
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

static enum kw_err add_chunk(uint8_t **place, size_t size)
{
    if (*place == NULL)
        *place = calloc(CHUNK, size);
    return *place == NULL ? KW_ENOMEM : KW_OK;
}

static enum kw_err make_room(struct shelf *s)
{
    if (s->n == s->most)
        return KW_EFULL;
    if (s->n >= s->n_spots / 2)
        TRY(grow(s));
    return add_chunk(&s->chunks[s->n / CHUNK], s->size);
}

enum kw_err shelf_add(struct shelf *s, uint32_t no, void **out)
{
    TRY(make_room(s));
    struct head *h = head_at(s, s->n);
    *h = (struct head){.no = no, .place = s->n};
    *spot_of(s, no) = ++s->n;
    *out = h + 1;
    return KW_OK;
}

/* ---- changed ---- */

void shelf_touch(struct shelf *s, void *state)
{
    struct head *h = (struct head *)state - 1;

    if (h->is_changed != 0)
        return;
    h->is_changed = 1;
    s->changed[s->n_changed++] = h->place;
}

enum kw_err shelf_each_changed(struct shelf *s, shelf_fn *each, void *ctx)
{
    for (; s->n_changed > 0; s->n_changed--) {
        struct head *h = head_at(s, s->changed[s->n_changed - 1]);
        TRY(each(ctx, h->no, h + 1));
        h->is_changed = 0;
    }
    return KW_OK;
}
