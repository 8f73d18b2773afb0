/* detect.c - see detect.h. Which detectors look at what; each is in one of detect_*.c. */
#include "watch/detect_state.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/warning.h"
#include "record/batch.h"

void detect_free(struct detect *d)
{
    if (d == NULL)
        return;
    shelf_free(d->keys);
    shelf_free(d->spends);
    free(d);
}

static void detect_freep(struct detect **d)
{
    detect_free(*d);
}

enum kw_err detect_new(const struct detect_options *o, struct detect **out)
{
    AUTO(detect_freep) struct detect *d = calloc(1, sizeof *d);

    if (d == NULL)
        return KW_ENOMEM;
    d->o = *o;
    TRY(shelf_new(sizeof(struct key_habits), DETECT_KEYS_MAX, &d->keys));
    TRY(shelf_new(sizeof(struct spend_habits), DETECT_SPENDS_MAX, &d->spends));
    *out = STEAL(d);
    return KW_OK;
}

/* ---- whose ---- */

static enum kw_err state_of(struct detect *d, enum detect_table t, struct shelf *shelf, uint32_t no,
                            void **out)
{
    *out = shelf_find(shelf, no);
    if (*out != NULL)
        return KW_OK;
    if (d->o.load != NULL)
        TRY(d->o.load(d->o.ctx, t, no));
    *out = shelf_find(shelf, no);
    return *out != NULL ? KW_OK : shelf_add(shelf, no, out);
}

static struct sight sight_of(const struct detect *d, const struct detect_who *who,
                             const struct event *e, int64_t batch_us)
{
    return (struct sight){.who = who,
                          .e = e,
                          .time_us = batch_us,
                          .now_s = (uint32_t)(batch_us / 1000000),
                          .t = detect_thresholds(d, who->account)};
}

/* ---- attempts ---- */

static enum kw_err see_proved(struct detect *d, const struct sight *s, struct key_habits *k)
{
    if (k->first_s == 0)
        k->first_s = s->now_s;
    if (s->e->credential == CREDENTIAL_TOKEN)
        k->token_s = s->now_s;
    TRY(detect_use(d, s, k));
    TRY(detect_place(d, s, k));
    TRY(detect_rate(d, s, k));
    k->last_s = s->now_s;
    k->n_uses += k->n_uses < UINT32_MAX;
    return KW_OK;
}

static enum kw_err see_key(struct detect *d, const struct sight *s)
{
    void *found;

    TRY(state_of(d, DETECT_KEYS, d->keys, s->who->key, &found));
    struct key_habits *k = found;
    k->format = DETECT_FORMAT;
    shelf_touch(d->keys, k);
    return (s->e->flags & EVENT_PROVED) != 0 ? see_proved(d, s, k) : detect_claim(d, s, k);
}

static enum kw_err see_attempt(struct detect *d, const struct sight *s)
{
    bool is_of_key = s->who->key != 0 && s->e->kind == EVENT_DECISION;

    if (is_of_key)
        TRY(see_key(d, s));
    if ((s->e->flags & EVENT_PROVED) == 0)
        TRY(detect_stranger(d, s));
    return event_is_allowed(s->e) ? KW_OK : detect_denied_rate(d, s);
}

static enum kw_err see_warning(struct detect *d, const struct sight *s)
{
    enum warning w = warning_in(s->e);
    bool is_due = w == WARNING_DUE_30 || w == WARNING_DUE_7 || w == WARNING_DUE_1;

    if (!is_due && w != WARNING_OVERDUE)
        return KW_OK; /* of the old secret the attempts themselves tell */
    struct finding f =
        detect_finding_of_key(s, is_due ? DETECT_ROTATION_DUE : DETECT_ROTATION_OVERDUE, s->now_s);
    if (is_due)
        finding_number(&f, "days", w == WARNING_DUE_30 ? 30 : w == WARNING_DUE_7 ? 7 : 1);
    finding_number(&f, "generation", s->e->generation);
    return detect_raise(d, s, &f);
}

/* Refusals that were only counted are another subject: what strangers can have must not hide what happened to others. */
static enum kw_err see_gap(struct detect *d, const struct sight *s)
{
    enum { QUIET_S = 3600 };
    bool is_refused = s->e->reason == KW_WHY_UNRECORDABLE;

    if (s->e->reason == KW_WHY_UNAVAILABLE) /* a verifier died */
        return KW_OK;
    d->is_all_changed = true;
    if (!detect_once(is_refused ? &d->all.refused_s : &d->all.counted_s, s->now_s, QUIET_S))
        return KW_OK;
    struct finding f = detect_finding(s, DETECT_UNRECORDABLE, s->now_s);
    snprintf(f.subject, sizeof f.subject, "%s", is_refused ? "" : "refusals");
    finding_number(&f, "attempts", s->e->count);
    finding_text(&f, "reason", str_from(kw_reason_name(s->e->reason)));
    return detect_raise(d, s, &f);
}

enum kw_err detect_event(struct detect *d, const struct detect_who *who, const struct event *e,
                         int64_t batch_us)
{
    const struct sight s = sight_of(d, who, e, batch_us);

    switch (e->kind) {
    case EVENT_NONE:
        break;
    case EVENT_DECISION:
    case EVENT_SUMMARY:
        return see_attempt(d, &s);
    case EVENT_GAP:
        return see_gap(d, &s);
    case EVENT_WARNING:
        return see_warning(d, &s);
    }
    return KW_OK;
}

/* ---- leaks ---- */

enum kw_err detect_leak(struct detect *d, const struct leak *l, int64_t batch_us)
{
    const struct detect_who who = {.account = l->account};
    const struct sight s = sight_of(d, &who, NULL, batch_us);

    if (!leak_is_key(l->what) || l->summed != 0)
        return KW_OK;
    struct finding f = detect_finding(&s, DETECT_LEAK, s.now_s);
    size_t n = l->key.n < KW_KEY_ID_LEN ? l->key.n : KW_KEY_ID_LEN;
    memcpy(f.key_id, n == 0 ? "" : l->key.p, n);
    memcpy(f.subject, f.key_id, sizeof f.key_id);
    f.environment = l->environment;
    memcpy(f.request_id, l->request_id, sizeof f.request_id);
    finding_text(&f, "what", str_from(leak_what_word(l->what)));
    finding_text(&f, "by", str_from(leak_by_word(l->by)));
    if (l->url.n > 0)
        finding_text(&f, "url", l->url);
    return detect_raise(d, &s, &f);
}

/* ---- money ---- */

enum kw_err detect_spend(struct detect *d, const struct detect_who *who,
                         const struct spend_event *e, int64_t batch_us)
{
    const struct sight s = sight_of(d, who, NULL, batch_us);
    bool is_asked = e->what == SPEND_DID_RESERVE || e->what == SPEND_DID_REFUSE;
    void *found;

    if (who->key == 0 || !is_asked || e->currency.n == 0 || e->currency.n > CURRENCY_MAX)
        return KW_OK;
    TRY(state_of(d, DETECT_SPENDS, d->spends, who->key, &found));
    struct spend_habits *state = found;
    state->format = DETECT_FORMAT;
    shelf_touch(d->spends, state);
    return detect_money(d, &s, e, state);
}

/* ---- room ---- */

bool detect_has_room(const struct detect *d)
{
    return shelf_room(d->keys) >= BATCH_RECORDS_MAX && shelf_room(d->spends) >= BATCH_RECORDS_MAX;
}

void detect_forget(struct detect *d)
{
    shelf_clear(d->keys);
    shelf_clear(d->spends);
    d->all = (struct all_state){0};
    d->is_all_changed = false;
    memset(d->suspects, 0, sizeof d->suspects);
    memset(d->homes, 0, sizeof d->homes);
    memset(d->is_suspect_changed, 0, sizeof d->is_suspect_changed);
    memset(d->ours, 0, sizeof d->ours);
    memset(d->is_ours_changed, 0, sizeof d->is_ours_changed);
    memset(d->is_home_changed, 0, sizeof d->is_home_changed);
}
