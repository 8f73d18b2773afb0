/* leak_judge.c - see leak_judge.h. */
#include "jobs/leak_judge.h"

#include "base/log.h"
#include "core/key.h"
#include "core/rotation.h"
#include "crypto/digest.h"

enum { TRIES = 3 }; /* of a change: somebody else's in between is no reason to leave it */

#define ACTOR "leak-desk"

/* ---- found ---- */

static bool same(const struct digest *d, const uint8_t there[GRANT_DIGEST_LEN])
{
    struct digest other;

    memcpy(other.b, there, sizeof other.b);
    return digest_eq(d, &other);
}

static enum kw_err find(const struct leak_desk_options *o, struct str id, struct grant *out)
{
    struct store *store = sync_lock(o->sync);
    enum kw_err err = store_key(store, id, NULL, out);
    sync_unlock(o->sync);
    return err;
}

/* LEAK_TOLD: a secret matched, and it and the key work at this moment. */
static enum leak_what compare(const struct grant *g, const struct digest *d, int64_t now_ms,
                              bool *is_old)
{
    bool is_current = same(d, g->digest);
    bool was_one = g->old_ends_ms != 0 && same(d, g->old_digest);

    *is_old = !is_current;
    if (!is_current && !was_one)
        return LEAK_WRONG_SECRET;
    if (!is_current && !rotation_is_open(g, now_ms))
        return LEAK_OVER;
    bool is_over = g->state == KEY_REVOKED || lifecycle_expired(grant_ends_ms(g), now_ms);
    return is_over ? LEAK_OVER : LEAK_TOLD;
}

static enum leak_what look(const struct leak_desk_options *o, struct str text, struct grant *g,
                           bool *is_old)
{
    AUTO(digest_wipe) struct digest d;
    struct key key;

    digest_of(text, &d);
    if (key_parse(text, o->brand, &key) != KW_OK)
        return LEAK_NOT_A_KEY;
    enum kw_err err = find(o, key.id, g);
    if (err == KW_OK)
        return compare(g, &d, sync_now_us(o->sync) / 1000, is_old);
    if (err == KW_ENOTFOUND)
        return LEAK_UNKNOWN_KEY;
    log_error("a report of a leaked key cannot be looked at: %s", kw_strerror(err));
    return LEAK_NOT_LOOKED_AT;
}

/* ---- acted on ---- */

static enum leak_what done(enum leak_action action)
{
    switch (action) {
    case LEAK_NOTIFY:
        return LEAK_TOLD;
    case LEAK_FREEZE_TRANSACT:
        return LEAK_FROZE_TRANSACT;
    case LEAK_FREEZE_ALL:
        return LEAK_FROZE_ALL;
    case LEAK_DISABLE:
        return LEAK_DISABLED;
    case LEAK_REVOKE:
    case N_LEAK_ACTIONS:
        break;
    }
    return LEAK_REVOKED;
}

static bool is_in_force(enum kw_err err)
{
    return err == KW_OK || err == KW_EUNSAVED || err == KW_EUNAVAILABLE;
}

/* Who lists what is frozen is told why; what an operator froze before stays his to thaw. */
static bool apply(const struct leak_desk_options *o, struct grant *g)
{
    struct freeze_note note = {.since_ms = sync_now_us(o->sync) / 1000,
                               .by_operator =
                                   g->frozen != FREEZE_NOTHING && g->freeze_note.by_operator,
                               .by = ACTOR,
                               .why = "reported as leaked"};
    enum freeze before = g->frozen;

    if (!leak_action_apply(o->action, g))
        return false;
    if (g->frozen != before)
        g->freeze_note = note;
    return true;
}

static enum leak_what act(const struct leak_desk_options *o, struct grant *g)
{
    enum kw_err err = KW_ECONFLICT;

    if (o->action == LEAK_NOTIFY)
        return LEAK_TOLD;
    for (int i = 0; i < TRIES && err == KW_ECONFLICT; i++) {
        if (!apply(o, g))
            return LEAK_DONE_BEFORE;
        err = sync_change_key(o->sync, STR(ACTOR), g);
        if (is_in_force(err))
            return done(o->action);
        if (err == KW_ECONFLICT && find(o, str_from(g->id), g) != KW_OK)
            break;
    }
    log_error("key %s leaked, and cannot be held back: %s", g->id, kw_strerror(err));
    return LEAK_NOT_DONE;
}

static void tell(const struct leak *l)
{
    const struct log_field fields[] = {
        {"what", leak_what_word(l->what)}, {"by", leak_by_word(l->by)}, {NULL, NULL}};

    log_about(LOG_WARN, fields, "key %.*s was reported as leaked, by %s: the report %s",
              (int)l->key.n, l->key.p, leak_by_word(l->by), leak_what_sentence(l->what));
}

void leak_judge(const struct leak_desk_options *o, const struct leak_report *r)
{
    struct grant g = {.slot = 0};
    struct leak l = {.by = r->by, .source = r->source};

    l.what = look(o, secret_text_view(&r->key), &g, &l.is_old);
    if (leak_is_key(l.what)) {
        l.what = act(o, &g);
        l.key = str_from(g.id);
        l.account = str_from(g.account);
        l.environment = g.environment;
        l.url = str_from(r->url);
        l.note = str_from(r->note);
        memcpy(l.request_id, r->request_id, sizeof l.request_id);
        tell(&l);
    }
    l.time_us = sync_now_us(o->sync);
    recording_leak(o->recording, &l);
}
