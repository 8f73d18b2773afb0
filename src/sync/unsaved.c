/* unsaved.c - what was narrowed, is in force and not yet saved: kept in force until it is. */
#include <stdlib.h>

#include "base/log.h"
#include "sync/state.h"

static const uint32_t several = UINT32_MAX; /* no slot: a start that finds it makes a new keyring */

static bool is_of(const struct unsaved *u, enum keyring_kind kind, uint32_t slot)
{
    return u->object.kind == kind && object_slot(&u->object) == slot;
}

static bool all_of_one(const struct sync *s)
{
    const struct object *first = &s->unsaved[0].object;

    for (size_t i = 1; i < s->n_unsaved; i++)
        if (!is_of(&s->unsaved[i], first->kind, object_slot(first)))
            return false;
    return true;
}

void unsaved_mark(const struct sync *s, struct keyring_writer *w)
{
    if (s->n_unsaved == 0)
        keyring_put_pending(w, KEYRING_EMPTY, 0);
    else if (all_of_one(s))
        keyring_put_pending(w, s->unsaved[0].object.kind, object_slot(&s->unsaved[0].object));
    else
        keyring_put_pending(w, KEYRING_KEY, several);
}

enum kw_err unsaved_keep(struct sync *s, struct str actor, const struct object *o)
{
    struct unsaved *more = reallocarray(s->unsaved, s->n_unsaved + 1, sizeof *more);

    if (more == NULL)
        return KW_ENOMEM;
    s->unsaved = more;
    struct unsaved *u = &more[s->n_unsaved++];
    *u = (struct unsaved){.object = *o};
    memcpy(u->actor, actor.p, actor.n < ACTOR_MAX ? actor.n : ACTOR_MAX);
    unsaved_mark(s, s->keyring);
    return KW_OK;
}

static void remove_at(struct sync *s, size_t i)
{
    memmove(&s->unsaved[i], &s->unsaved[i + 1], (s->n_unsaved - i - 1) * sizeof *s->unsaved);
    s->n_unsaved--;
}

void unsaved_cancel(struct sync *s)
{
    s->n_unsaved--;
    unsaved_mark(s, s->keyring);
}

static void drop_below(struct sync *s, size_t end, enum keyring_kind kind, uint32_t slot)
{
    for (size_t i = end; i-- > 0;)
        if (is_of(&s->unsaved[i], kind, slot))
            remove_at(s, i);
}

void unsaved_stays(struct sync *s)
{
    const struct object *last = &s->unsaved[s->n_unsaved - 1].object;

    drop_below(s, s->n_unsaved - 1, last->kind, object_slot(last));
}

void unsaved_drop(struct sync *s, const struct object *o)
{
    drop_below(s, s->n_unsaved, o->kind, object_slot(o));
    unsaved_mark(s, s->keyring);
}

const struct object *unsaved_of(const struct sync *s, const struct object *o)
{
    for (size_t i = s->n_unsaved; i-- > 0;)
        if (is_of(&s->unsaved[i], o->kind, object_slot(o)))
            return &s->unsaved[i].object;
    return NULL;
}

enum kw_err object_in_force(struct sync *s, enum keyring_kind kind, uint32_t slot, struct object *out)
{
    TRY(object_stored(s, kind, slot, out));
    const struct object *unsaved = unsaved_of(s, out);
    if (unsaved != NULL)
        *out = *unsaved;
    return KW_OK;
}

enum kw_err unsaved_publish(const struct sync *s, struct keyring_writer *w)
{
    for (size_t i = 0; i < s->n_unsaved; i++)
        TRY(object_put(w, &s->unsaved[i].object));
    return KW_OK;
}

/* A commit that failed half-way may have come through after all: then the store has it already. A family that is gone by now has
 * ended for good. */
static enum kw_err save(struct sync *s, struct str actor, struct object *o)
{
    struct object stored;

    enum kw_err found = object_stored(s, o->kind, object_slot(o), &stored);
    if (found == KW_ENOTFOUND && o->kind == KEYRING_FAMILY)
        return KW_OK;
    TRY(found);
    if (*object_version(&stored) >= *object_version(o) && object_narrows(o, &stored)) {
        *o = stored;
        return KW_OK;
    }
    *object_version(o) = *object_version(&stored);
    enum kw_err err = object_save(s, actor, o, NULL);
    return err == KW_EUNSAVED ? KW_OK : err; /* head alone: tended too */
}

static enum kw_err save_last(struct sync *s)
{
    const struct unsaved *u = &s->unsaved[s->n_unsaved - 1];
    struct object o = u->object;

    TRY(save(s, str_from(u->actor), &o));
    if (object_put(s->keyring, &o) != KW_OK)
        s->behind = true;
    else if (!s->behind)
        build_level(s, s->keyring);
    log_info("%s %s: in force, and saved now", object_kind(&o), object_id(&o));
    unsaved_drop(s, &o);
    return KW_OK;
}

void unsaved_save(struct sync *s)
{
    enum kw_err err = KW_OK;

    while (s->n_unsaved > 0 && err == KW_OK)
        err = save_last(s);
}
