/* unsaved.c - narrowed keys that are in force and not yet saved: kept in force until they are. */
#include <stdlib.h>

#include "sync/state.h"

static const uint32_t several = UINT32_MAX; /* no slot: a start that finds it makes a new keyring */

/* What a start has to take back if this process ends now. */
static void mark(struct sync *s)
{
    if (s->n_unsaved == 0)
        keyring_put_pending(s->keyring, KEYRING_EMPTY, 0);
    else
        keyring_put_pending(s->keyring, KEYRING_KEY,
                            s->n_unsaved == 1 ? s->unsaved[0].slot : several);
}

static size_t index_of(const struct sync *s, uint32_t slot)
{
    size_t i = 0;

    while (i < s->n_unsaved && s->unsaved[i].slot != slot)
        i++;
    return i;
}

enum kw_err unsaved_keep(struct sync *s, const struct grant *g)
{
    size_t at = index_of(s, g->slot);

    if (at == s->n_unsaved) {
        struct grant *more = reallocarray(s->unsaved, s->n_unsaved + 1, sizeof *more);
        if (more == NULL)
            return KW_ENOMEM;
        s->unsaved = more;
        s->n_unsaved++;
    }
    s->unsaved[at] = *g;
    mark(s);
    return KW_OK;
}

bool unsaved_allows(const struct sync *s, const struct grant *after)
{
    size_t at = index_of(s, after->slot);

    return at == s->n_unsaved || grant_narrows(&s->unsaved[at], after);
}

void unsaved_drop(struct sync *s, uint32_t slot)
{
    size_t at = index_of(s, slot);

    if (at < s->n_unsaved)
        s->unsaved[at] = s->unsaved[--s->n_unsaved];
    mark(s);
}

enum kw_err unsaved_publish(const struct sync *s, struct keyring_writer *w)
{
    for (size_t i = 0; i < s->n_unsaved; i++)
        TRY(keyring_put_key(w, &s->unsaved[i]));
    return KW_OK;
}
