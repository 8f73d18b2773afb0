/* authorize_out.c - see authorize_out.h. */
#include "api/authorize_out.h"

#include "core/permission.h"
#include "json/key_out.h"

/* What the client may be told, in the words of the gateway: whoever has not proved the secret gets one code. */
static json_t *words_of(const struct kw_decision *d, const struct kw_request *r)
{
    char body[KW_BODY_MAX];

    if (d->verdict == KW_ALLOW)
        return json_pack("{s:s, s:s}", "code", kw_reason_name(d->reason), "message",
                         kw_reason_message(d->reason));
    return json_loadb(body, kw_answer_body(d, r, body), 0, NULL);
}

static json_t *limit_out(const struct kw_limit_state *l)
{
    if (l->quota == 0)
        return json_null();
    return json_pack("{s:I, s:I, s:I, s:I}", "limit", (json_int_t)l->quota, "windowS",
                     (json_int_t)l->window_s, "remaining", (json_int_t)l->remaining, "resetS",
                     (json_int_t)l->reset_s);
}

static json_t *key_of(const struct kw_decision *d)
{
    if (!d->proved)
        return json_null();
    return json_pack("{s:s, s:s, s:s, s:o, s:b, s:o, s:o, s:o}", "id", d->key_id, "account",
                     d->account, "environment", kw_environment_name(d->environment), "permissions",
                     permissions_out(d->permissions), "oldSecret", d->old_secret_ends_ms != 0,
                     "oldSecretEnds", json_out_moment(d->old_secret_ends_ms), "rate",
                     limit_out(&d->rate), "quota", limit_out(&d->quota));
}

static json_t *retry_out(const struct kw_decision *d)
{
    return d->status == 429 ? json_integer(d->retry_after_s) : json_null();
}

json_t *authorize_out(const struct kw_decision *d, const struct kw_request *r)
{
    json_t *words = words_of(d, r);

    if (words == NULL)
        return NULL;
    json_t *out =
        json_pack("{s:b, s:i, s:O, s:O, s:s, s:s, s:o, s:o}", "allowed", d->verdict == KW_ALLOW,
                  "status", d->status, "code", json_object_get(words, "code"), "message",
                  json_object_get(words, "message"), "requestId", d->request_id, "class",
                  class_name(d->route_class), "retryAfterS", retry_out(d), "key", key_of(d));
    json_decref(words);
    return out;
}
