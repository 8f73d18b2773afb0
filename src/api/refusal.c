/* refusal.c - see refusal.h. */
#include "api/refusal.h"

#include <stdio.h>

#include "base/hex.h"

/* On admin.sock nobody says where the client is: on this machine. */
static void put_source(const struct call *c, struct kw_request *r)
{
    static const struct address nobody;

    memcpy(r->source, c->source.b, sizeof r->source);
    if (memcmp(c->source.b, nobody.b, sizeof nobody.b) == 0)
        r->source[15] = 1;
}

static struct str target_of(enum engine_use_kind kind)
{
    switch (kind) {
    case USE_EXCHANGE:
        return STR("/v1/tokens");
    case USE_REFRESH:
        return STR("/v1/tokens/refresh");
    case USE_REVOKE:
        return STR("/v1/tokens/revoke");
    }
    return STR("");
}

/* nginx ends the client's TLS in front of http.sock; admin.sock never leaves the machine. */
static struct kw_request request_of(const struct call *c, const struct kw_str *keys, size_t n_keys,
                                    enum engine_use_kind kind)
{
    struct str target = target_of(kind);
    struct kw_request r = {
        .method = {"POST", 4},
        .target = {target.p, target.n},
        .keys = keys,
        .n_keys = n_keys,
        .bearers = &c->bearer,
        .n_bearers = c->bearer.p == NULL ? 0 : 1,
        .agent = {c->agent, strlen(c->agent)},
        .flags = KW_REQ_TLS,
    };

    put_source(c, &r);
    return r;
}

static void keep_message(const struct kw_request *r, struct refusal *out)
{
    char body[KW_BODY_MAX];
    json_t *words = json_loadb(body, kw_answer_body(&out->decision, r, body), 0, NULL);
    const char *message = json_string_value(json_object_get(words, "message"));

    snprintf(out->message, sizeof out->message, "%s",
             message != NULL ? message : kw_reason_message(out->decision.reason));
    json_decref(words);
}

enum kw_err refusal_decide(struct call *c, const struct kw_str *keys, size_t n_keys,
                           enum kw_environment environment, const struct engine_use *use,
                           struct refusal *out)
{
    struct kw_request r = request_of(c, keys, n_keys, use->kind);
    struct kw_engine *engine = NULL;

    r.environment = environment;
    *out = (struct refusal){.decision = {.status = kw_reason_status(KW_WHY_UNAVAILABLE)}};
    if (decider_engine(c->server->decider, &engine) != KW_OK)
        return KW_EUNAVAILABLE;
    TRY(engine_use_key(engine, &r, use, &out->decision));
    if (!refusal_allows(out))
        keep_message(&r, out);
    return hex_get(str_from(out->decision.request_id), c->request_id, sizeof c->request_id);
}

static const char *code_of(const struct kw_decision *d)
{
    bool is_unproved = d->reason == KW_WHY_MALFORMED_KEY || d->reason == KW_WHY_UNKNOWN_KEY ||
                       d->reason == KW_WHY_WRONG_SECRET;

    return is_unproved ? "invalid_key" : kw_reason_name(d->reason);
}

enum kw_err refusal_say(struct call *c, const struct refusal *r)
{
    const struct kw_decision *d = &r->decision;

    if (d->status == 429)
        c->retry_after_s = d->retry_after_s;
    return problem_say(&c->problem, d->status, code_of(d), "%s", r->message);
}
