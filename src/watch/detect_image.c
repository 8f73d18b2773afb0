/* detect_image.c - the state of the detectors as bytes: given to be saved, and put back. */
#include <stddef.h>

#include "watch/detect_state.h"

uint32_t detect_table_size(enum detect_table t)
{
    switch (t) {
    case DETECT_ALL:
        return 1;
    case DETECT_SUSPECTS:
        return N_SUSPECTS * SUSPECT_SETS;
    case DETECT_PLACES:
        return HOME_SETS;
    case DETECT_OURS:
        return OURS_SETS;
    case DETECT_KEYS:
    case DETECT_SPENDS:
    case DETECT_N_TABLES:
        break;
    }
    return 0;
}

/* ---- given ---- */

struct saving {
    detect_save_fn *save;
    void *ctx;
};

static enum kw_err give(const struct saving *s, enum detect_table t, uint32_t no, const void *state,
                        size_t size)
{
    return s->save(s->ctx, t, no, (struct str){state, size});
}

/* Places are taken from the front. */
static size_t size_of_spends(const struct spend_habits *state)
{
    size_t n = 0;

    while (n < SPEND_CURRENCIES && state->of[n].currency[0] != '\0')
        n++;
    return offsetof(struct spend_habits, of) + n * sizeof state->of[0];
}

static enum kw_err give_key(void *ctx, uint32_t no, const void *state)
{
    return give(ctx, DETECT_KEYS, no, state, sizeof(struct key_habits));
}

static enum kw_err give_spend(void *ctx, uint32_t no, const void *state)
{
    return give(ctx, DETECT_SPENDS, no, state, size_of_spends(state));
}

static enum kw_err give_sets(const struct saving *s, enum detect_table t, const void *sets,
                             size_t size, bool *is_changed)
{
    for (uint32_t i = 0; i < detect_table_size(t); i++) {
        if (is_changed[i])
            TRY(give(s, t, i, (const uint8_t *)sets + i * size, size));
        is_changed[i] = false;
    }
    return KW_OK;
}

static enum kw_err give_fixed(struct detect *d, const struct saving *s)
{
    d->all.format = DETECT_FORMAT;
    TRY(give_sets(s, DETECT_ALL, &d->all, sizeof d->all, &d->is_all_changed));
    TRY(give_sets(s, DETECT_SUSPECTS, d->suspects, sizeof d->suspects[0], d->is_suspect_changed));
    TRY(give_sets(s, DETECT_OURS, d->ours, sizeof d->ours[0], d->is_ours_changed));
    return give_sets(s, DETECT_PLACES, d->homes, sizeof d->homes[0], d->is_home_changed);
}

enum kw_err detect_each_changed(struct detect *d, detect_save_fn *save, void *ctx)
{
    struct saving s = {save, ctx};

    TRY(shelf_each_changed(d->keys, give_key, &s));
    TRY(shelf_each_changed(d->spends, give_spend, &s));
    return give_fixed(d, &s);
}

/* ---- put back ---- */

/* All fields may have any value: what is wrong in them makes a wrong alarm at worst. Only what is used as a size or as text is
 * looked at. */
static enum kw_err check(struct str image, size_t size)
{
    uint32_t format;

    if (image.n < sizeof format)
        return KW_EDAMAGED;
    memcpy(&format, image.p, sizeof format);
    if (format != DETECT_FORMAT)
        return KW_EFORMAT;
    return image.n == size ? KW_OK : KW_EDAMAGED;
}

static enum kw_err put_on(struct shelf *shelf, uint32_t no, struct str image, size_t size)
{
    void *state = shelf_find(shelf, no);

    if (no == 0)
        return KW_EDAMAGED;
    TRY(check(image, size));
    if (state == NULL)
        TRY(shelf_add(shelf, no, &state));
    memcpy(state, image.p, size);
    return KW_OK;
}

static enum kw_err put_spend(struct detect *d, uint32_t no, struct str image)
{
    struct spend_habits state = {.n = 0};

    TRY(check(image, image.n));
    if (image.n > sizeof state)
        return KW_EDAMAGED;
    memcpy(&state, image.p, image.n);
    for (size_t i = 0; i < SPEND_CURRENCIES; i++)
        if (memchr(state.of[i].currency, '\0', sizeof state.of[i].currency) == NULL)
            return KW_EDAMAGED;
    if (image.n != size_of_spends(&state))
        return KW_EDAMAGED;
    return put_on(d->spends, no, (struct str){(const char *)&state, sizeof state}, sizeof state);
}

static enum kw_err put_at(void *state, uint32_t no, uint32_t n, struct str image, size_t size)
{
    TRY(check(image, size));
    if (no >= n)
        return KW_EDAMAGED;
    memcpy((uint8_t *)state + no * size, image.p, size);
    return KW_OK;
}

enum kw_err detect_put(struct detect *d, enum detect_table t, uint32_t no, struct str image)
{
    switch (t) {
    case DETECT_ALL:
        return put_at(&d->all, no, 1, image, sizeof d->all);
    case DETECT_KEYS:
        return put_on(d->keys, no, image, sizeof(struct key_habits));
    case DETECT_SPENDS:
        return put_spend(d, no, image);
    case DETECT_SUSPECTS:
        return put_at(d->suspects, no, N_SUSPECTS * SUSPECT_SETS, image, sizeof d->suspects[0]);
    case DETECT_PLACES:
        return put_at(d->homes, no, HOME_SETS, image, sizeof d->homes[0]);
    case DETECT_OURS:
        return put_at(d->ours, no, OURS_SETS, image, sizeof d->ours[0]);
    case DETECT_N_TABLES:
        break;
    }
    return KW_EDAMAGED;
}
