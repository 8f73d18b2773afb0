/* detect_use.c - how a key is used: after a long sleep, in a browser, with an old secret, for what it may not do. */
#include "watch/detect_state.h"

/* ---- once a day of it ---- */

static enum kw_err raise_once(struct detect *d, const struct sight *s, struct key_habits *k,
                              enum once once, enum detector which)
{
    if (!detect_once(&k->once_s[once], s->now_s, ONCE_QUIET_S))
        return KW_OK;
    struct finding f = detect_finding_of_key(s, which, s->now_s);
    detect_fact_source(&f, &s->e->source);
    if (s->e->agent.n > 0)
        finding_text(&f, "agent", s->e->agent);
    if (which == DETECT_OLD_SECRET)
        finding_number(&f, "generation", s->e->generation);
    return detect_raise(d, s, &f);
}

/* ---- denials ---- */

static bool is_over_its_rights(enum kw_reason why)
{
    return why == KW_WHY_PERMISSION_DENIED || why == KW_WHY_IP_NOT_ALLOWED ||
           why == KW_WHY_ENVIRONMENT_MISMATCH;
}

static enum kw_err detect_denials(struct detect *d, const struct sight *s, struct key_habits *k)
{
    uint32_t count = s->t->of[DENIALS_COUNT], window_s = s->t->of[DENIALS_WINDOW];

    if (!is_over_its_rights(s->e->reason) ||
        !bucket_add(&k->denials, s->now_s, s->e->count, count, window_s))
        return KW_OK;
    struct finding f = detect_finding_of_key(s, DETECT_DENIALS, k->denials.began_s);
    finding_number(&f, "denials", count);
    finding_text(&f, "reason", str_from(kw_reason_name(s->e->reason)));
    finding_text(&f, "path", s->e->path);
    detect_fact_source(&f, &s->e->source);
    return detect_raise(d, s, &f);
}

/* ---- with the secret ---- */

static enum kw_err detect_sleeper(struct detect *d, const struct sight *s, const struct key_habits *k)
{
    uint32_t days = s->now_s > k->last_s ? (s->now_s - k->last_s) / DAY_S : 0;

    if (k->last_s == 0 || days < s->t->of[DORMANT_DAYS])
        return KW_OK;
    struct finding f = detect_finding_of_key(s, DETECT_DORMANT, s->now_s);
    finding_number(&f, "days", days);
    detect_fact_source(&f, &s->e->source);
    return detect_raise(d, s, &f);
}

enum kw_err detect_use(struct detect *d, const struct sight *s, struct key_habits *k)
{
    TRY(detect_sleeper(d, s, k));
    if ((s->e->flags & EVENT_BROWSER) != 0)
        TRY(raise_once(d, s, k, ONCE_BROWSER, DETECT_BROWSER));
    return detect_denials(d, s, k);
}

/* ---- without it ---- */

static bool is_wrong_secret(enum kw_reason why)
{
    return why == KW_WHY_WRONG_SECRET || why == KW_WHY_TOO_MANY_FAILURES;
}

static enum kw_err detect_guesses(struct detect *d, const struct sight *s, struct key_habits *k)
{
    uint32_t count = s->t->of[KEY_FAILURES_COUNT];

    if (!bucket_add(&k->failures, s->now_s, s->e->count, count, s->t->of[KEY_FAILURES_WINDOW]))
        return KW_OK;
    struct finding f = detect_finding_of_key(s, DETECT_KEY_FAILURES, k->failures.began_s);
    finding_number(&f, "failures", count);
    detect_fact_source(&f, &s->e->source);
    if (s->e->agent.n > 0)
        finding_text(&f, "agent", s->e->agent);
    return detect_raise_of_stranger(d, s, &f);
}

/* Who comes with a secret or a token that has ended did have it once. */
enum kw_err detect_claim(struct detect *d, const struct sight *s, struct key_habits *k)
{
    if (s->e->reason == KW_WHY_SECRET_ROTATED && s->e->credential == CREDENTIAL_KEY)
        return raise_once(d, s, k, ONCE_OLD_SECRET, DETECT_OLD_SECRET);
    if (s->e->reason == KW_WHY_TOKEN_REUSED)
        return raise_once(d, s, k, ONCE_TOKEN_REUSE, DETECT_TOKEN_REUSE);
    return is_wrong_secret(s->e->reason) ? detect_guesses(d, s, k) : KW_OK;
}
