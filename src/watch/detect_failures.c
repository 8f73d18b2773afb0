/* detect_failures.c - who keeps being refused: sources with keys that fail, members and sources that do not get in. */
#include "watch/detect_state.h"

/* ---- who ---- */

static void name_source(char who[SUSPECT_WHO], const struct address *a)
{
    const struct address source = address_source(a);

    memset(who, 0, SUSPECT_WHO);
    memcpy(who, source.b, sizeof source.b);
}

static void set_source(struct finding *f, const struct address *a)
{
    const struct address source = address_source(a);

    f->subject[address_print(&source, f->subject)] = '\0';
}

/* ---- keys that fail ---- */

static bool is_failure(enum kw_reason why)
{
    return why == KW_WHY_MALFORMED_KEY || why == KW_WHY_UNKNOWN_KEY || why == KW_WHY_WRONG_SECRET ||
           why == KW_WHY_TOO_MANY_FAILURES;
}

static enum kw_err detect_source(struct detect *d, const struct sight *s)
{
    const struct tally t = {s->e->count, s->t->of[SOURCE_FAILURES_COUNT],
                            s->t->of[SOURCE_FAILURES_WINDOW]};
    char who[SUSPECT_WHO];
    uint32_t began_s;

    name_source(who, &s->e->source);
    if (!detect_suspect_counts(d, s, SUSPECT_SOURCES, who, &t, &began_s))
        return KW_OK;
    struct finding f = detect_finding(s, DETECT_SOURCE_FAILURES, began_s);
    set_source(&f, &s->e->source);
    finding_number(&f, "failures", t.count);
    finding_text(&f, "reason", str_from(kw_reason_name(s->e->reason)));
    if (s->e->agent.n > 0)
        finding_text(&f, "agent", s->e->agent);
    return detect_raise_of_stranger(d, s, &f);
}

/* ---- where none may be ---- */

static enum kw_err detect_exposed(struct detect *d, const struct sight *s, enum detector which)
{
    char who[SUSPECT_WHO];

    name_source(who, &s->e->source);
    if (!detect_suspect_is_new(d, s, which == DETECT_IN_URL ? SUSPECT_IN_URL : SUSPECT_PLAIN_HTTP,
                               who))
        return KW_OK;
    struct finding f = detect_finding(s, which, s->now_s);
    set_source(&f, &s->e->source);
    finding_text(&f, "path", s->e->path);
    if (s->e->agent.n > 0)
        finding_text(&f, "agent", s->e->agent);
    return detect_raise_of_stranger(d, s, &f);
}

/* What strangers do concerns the installation, whatever key they name. */
enum kw_err detect_stranger(struct detect *d, const struct sight *s)
{
    const struct sight of_all = detect_sight_of_all(d, s);

    if (is_failure(s->e->reason))
        return detect_source(d, &of_all);
    if (s->e->reason == KW_WHY_TLS_REQUIRED)
        return detect_exposed(d, &of_all, DETECT_PLAIN_HTTP);
    return s->e->reason == KW_WHY_CREDENTIAL_IN_URL ? detect_exposed(d, &of_all, DETECT_IN_URL)
                                                    : KW_OK;
}

/* ---- members ---- */

static bool is_attempt(enum sign_in_what what)
{
    return what == SIGN_IN_FAILED || what == SIGN_IN_STEP_UP_FAILED ||
           what == SIGN_IN_LINK_FAILED || what == SIGN_IN_TOKEN_REFUSED;
}

/* A member; else the source; else, of those that were only counted, all together. */
static void set_subject(struct finding *f, const struct sign_in *in)
{
    static const struct address nowhere;

    if (in->member.n > 0 && in->member.n <= FINDING_SUBJECT_MAX)
        memcpy(f->subject, in->member.p, in->member.n);
    else if (memcmp(in->source.b, nowhere.b, sizeof nowhere.b) != 0)
        set_source(f, &in->source);
}

static void name_suspect(char who[SUSPECT_WHO], const struct sign_in *in)
{
    name_source(who, &in->source);
    if (in->member.n == 0)
        return;
    memset(who, 0, SUSPECT_WHO);
    memcpy(who, in->member.p, in->member.n < SUSPECT_WHO ? in->member.n : SUSPECT_WHO);
}

/* Those that were only counted are of nobody. */
static bool is_too_many(struct detect *d, const struct sight *s, const struct sign_in *in,
                        uint32_t *began_s)
{
    const struct tally t = {in->summed == 0 ? 1 : in->summed, s->t->of[SIGN_IN_FAILURES_COUNT],
                            s->t->of[SIGN_IN_FAILURES_WINDOW]};
    char who[SUSPECT_WHO];

    if (in->summed == 0) {
        name_suspect(who, in);
        return detect_suspect_counts(d, s, SUSPECT_SIGN_INS, who, &t, began_s);
    }
    d->is_all_changed = true;
    bool is_full = bucket_add(&d->all.summed, s->now_s, t.n, t.count, t.window_s);
    *began_s = d->all.summed.began_s;
    return is_full;
}

static enum kw_err detect_token(struct detect *d, const struct sight *s, const struct sign_in *in)
{
    struct finding f = detect_finding(s, DETECT_TOKEN_REUSE, s->now_s);

    if (in->token.n <= FINDING_SUBJECT_MAX)
        memcpy(f.subject, in->token.n == 0 ? "" : in->token.p, in->token.n);
    detect_fact_source(&f, &in->source);
    return detect_raise_of_stranger(d, s, &f);
}

static enum kw_err detect_refused(struct detect *d, const struct sight *s, const struct sign_in *in)
{
    uint32_t began_s;

    if (!is_too_many(d, s, in, &began_s))
        return KW_OK;
    struct finding f = detect_finding(s, DETECT_SIGN_IN_FAILURES, began_s);
    set_subject(&f, in);
    memcpy(f.request_id, in->request_id, sizeof f.request_id);
    finding_number(&f, "failures", s->t->of[SIGN_IN_FAILURES_COUNT]);
    finding_text(&f, "reason", str_from(sign_in_why_word(in->why)));
    if (in->summed == 0)
        detect_fact_source(&f, &in->source);
    return detect_raise_of_stranger(d, s, &f);
}

enum kw_err detect_sign_in(struct detect *d, const struct sign_in *in, int64_t batch_us)
{
    const struct detect_who who = {.account = in->account};
    const struct detect_who nobody = {.key = 0};
    const struct sight s = {.who = in->member.n > 0 ? &who : &nobody,
                            .time_us = batch_us,
                            .now_s = (uint32_t)(batch_us / 1000000),
                            .t = detect_thresholds(d, in->account)};

    if (in->what == SIGN_IN_TOKEN_REFUSED && in->why == SIGN_IN_TOKEN_REUSED && in->summed == 0)
        TRY(detect_token(d, &s, in));
    return is_attempt(in->what) ? detect_refused(d, &s, in) : KW_OK;
}
