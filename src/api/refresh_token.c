/* refresh_token.c - the calls that carry a token of a key: it is refreshed, or given up. */
#include <stdio.h>

#include "api/api.h"
#include "api/pair.h"
#include "api/token_known.h"

/* ---- refreshed ---- */

/* In the minter's thread, while the call's own waits for it. */
static bool judge(void *ctx, const struct family *known, bool is_reused)
{
    struct pair *p = ctx;
    const struct engine_use use = {.kind = USE_REFRESH, .family = known, .is_reused = is_reused};
    const struct kw_str text = {p->job.presented.p, p->job.presented.n};

    enum kw_environment environment = known == NULL ? KW_NO_ENVIRONMENT : known->environment;
    enum kw_err err = refusal_decide(p->call, &text, 1, environment, &use, &p->refusal);
    return err == KW_OK && refusal_allows(&p->refusal);
}

static void present(struct pair *p, struct str id, struct str text)
{
    memcpy(p->job.family.id, id.p, id.n);
    memcpy(p->job.presented.p, text.p, text.n);
    p->job.presented.n = text.n;
}

/* What is no refresh token at all is an attempt as well. */
static enum kw_err refuse_malformed(struct call *c, struct pair *p, struct str text)
{
    const struct engine_use use = {.kind = USE_REFRESH};
    const struct kw_str key = {text.p, text.n};

    TRY(refusal_decide(c, &key, 1, KW_NO_ENVIRONMENT, &use, &p->refusal));
    return refusal_say(c, &p->refusal);
}

enum kw_err tokens_refresh(struct call *c)
{
    struct str text, id;
    struct pair *p;

    TRY(token_read(c, &text));
    c->bearer = (struct kw_str){NULL, 0};
    TRY(pair_new(c, &p));
    if (!token_has_form(c, text, KEY_REFRESH, &id))
        return refuse_malformed(c, p, text);
    p->job.what = MINT_REFRESH;
    p->job.judge = judge;
    p->job.from = c->source;
    present(p, id, text);
    pair_go(p);
    return KW_OK;
}

/* ---- given up ---- */

static enum kw_err decide_revoke(struct call *c, struct str text, const struct family *known,
                                 struct refusal *out)
{
    const struct engine_use use = {.kind = USE_REVOKE, .family = known};
    const struct kw_str key = {text.p, text.n};

    c->bearer = (struct kw_str){NULL, 0};
    return refusal_decide(c, &key, 1, known == NULL ? KW_NO_ENVIRONMENT : known->environment, &use,
                          out);
}

static enum kw_err end(struct call *c, struct family *f)
{
    char actor[sizeof "key:" + KW_KEY_ID_LEN];

    if (f->state != FAMILY_ACTIVE)
        return KW_OK;
    snprintf(actor, sizeof actor, "key:%s", f->key);
    return sync_end_family(c->server->sync, str_from(actor), f);
}

/* A refresh in between is no reason to refuse; after it the token may be none any more. */
static enum kw_err end_known(struct call *c, struct str text, struct family *f)
{
    enum kw_err err = end(c, f);

    for (int i = 0; i < 3 && err == KW_ECONFLICT; i++) {
        err = token_find(c, text, f);
        if (err == KW_OK)
            err = end(c, f);
    }
    return err;
}

/* RFC 7009, 2.2: a token that is none is as good as revoked, and whoever asks learns nothing of it. But it is on the record, and
 * counts as a failure of its source, as a wrong key does: who guesses is slowed down. */
static enum kw_err say_given_up(struct call *c, bool is_known, const struct refusal *refusal,
                                enum kw_err err)
{
    if (!is_known && refusal->decision.reason == KW_WHY_TOO_MANY_FAILURES)
        return refusal_say(c, refusal);
    if (err != KW_ENOTFOUND)
        TRY(call_saved(c, err));
    return call_answer(c, 200, json_object());
}

static bool note_given_up(void *ctx, const struct family *known, bool is_reused)
{
    struct pair *p = ctx;
    const struct str text = {p->job.presented.p, p->job.presented.n};

    (void)is_reused;
    p->decided = decide_revoke(p->call, text, known, &p->refusal);
    return p->decided == KW_OK;
}

static enum kw_err given_up(struct call *c)
{
    const struct pair *p = c->wait.state;
    bool is_known = p->job.outcome == MINT_GIVEN_UP;

    if (!is_known)
        TRY(p->decided);
    return say_given_up(c, is_known, &p->refusal, p->job.err);
}

/* Perhaps one that was used: then it is the minter who knows whose it is. */
static enum kw_err give_up_used(struct call *c, struct str id, struct str text)
{
    struct pair *p;

    TRY(pair_new(c, &p));
    p->job.what = MINT_GIVE_UP;
    p->job.judge = note_given_up;
    present(p, id, text);
    pair_ask(p, given_up);
    return KW_OK;
}

enum kw_err tokens_revoke_own(struct call *c)
{
    struct refusal refusal;
    struct family f;
    struct str text, id;

    TRY(token_read(c, &text));
    enum kw_err found = token_find(c, text, &f);
    if (found == KW_ENOTFOUND && token_has_form(c, text, KEY_REFRESH, &id))
        return give_up_used(c, id, text);
    if (found != KW_ENOTFOUND)
        TRY(found);
    bool is_known = found == KW_OK;
    enum kw_err decided = decide_revoke(c, text, is_known ? &f : NULL, &refusal);
    if (is_known)
        found = end_known(c, text,
                          &f); /* that nothing could be decided holds nothing back that only takes */
    else
        TRY(decided);
    return say_given_up(c, is_known, &refusal, found);
}
