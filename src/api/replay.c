/* replay.c - see replay.h. */
#include "api/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "crypto/digest.h"

static enum kw_err read_key(struct call *c, struct str *out)
{
    struct str key = c->idempotency_key;

    if (key.p != NULL && (key.n == 0 || key.n > REPLY_KEY_MAX || !utf8_printable(key)))
        return problem_field(&c->problem, "syntax", "Idempotency-Key",
                             "It is 1 to %d bytes of text of your own, another for each call",
                             REPLY_KEY_MAX);
    *out = key;
    return KW_OK;
}

/* Two bodies that mean the same are the same: blanks, and the order of members, do not count. Who sees another account than he
 * did is told nothing of what he made then. */
static enum kw_err digest_call(const struct call *c, const char *path, uint8_t out[GRANT_DIGEST_LEN])
{
    AUTO(buf_deinit) struct buf text = BUF_MAX((size_t)2 * JSON_BODY_MAX);
    struct digest digest = {.b = {0}};

    char *body = c->body == NULL ? strdup("") : json_dumps(c->body, JSON_COMPACT | JSON_SORT_KEYS);
    if (body == NULL)
        return KW_ENOMEM;
    buf_printf(&text, "POST %s\n%s\n%s%.*s", path, c->caller.account, body, (int)c->id.n, c->id.p);
    free(body);
    if (text.failed)
        return KW_ENOMEM;
    digest_of(buf_view(&text), &digest);
    memcpy(out, digest.b, GRANT_DIGEST_LEN);
    return KW_OK;
}

/* ---- answered again ---- */

static struct str collection_of(const char *path)
{
    const char *end = strstr(path, "/{id}");

    return end == NULL ? str_from(path) : (struct str){path, (size_t)(end - path)};
}

static enum kw_err answer(struct call *c, const struct replay *r, const struct reply *kept)
{
    struct str collection = collection_of(r->path);
    json_t *answer = json_loadb(kept->answer.p, kept->answer.n, 0, NULL);
    json_int_t version = json_integer_value(json_object_get(answer, "version"));
    const char *id = json_string_value(json_object_get(answer, "id"));

    if (id != NULL && kept->status == 201)
        snprintf(c->location, sizeof c->location, "%.*s/%s", (int)collection.n, collection.p, id);
    if (version > 0)
        snprintf(c->etag, sizeof c->etag, "\"%lld\"", (long long)version);
    c->is_replay = true;
    return call_answer(c, (int)kept->status, answer);
}

static bool is_same(const struct reply *kept, const struct replay *r)
{
    struct digest then, now;

    memcpy(then.b, kept->digest, sizeof then.b);
    memcpy(now.b, r->reply.digest, sizeof now.b);
    return digest_eq(&then, &now);
}

static enum kw_err find(struct call *c, const struct replay *r)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(REPLY_ANSWER_MAX);
    struct reply kept = {.status = 0};

    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_reply_find(store, call_actor(c), r->reply.key, c->now_ms, &text, &kept);
    sync_unlock(c->server->sync);
    TRY(err);
    if (is_same(&kept, r))
        return answer(c, r, &kept);
    return problem_say(
        &c->problem, 409, "idempotency_mismatch",
        "This Idempotency-Key was used for another call: a new call needs a new one");
}

/* ---- kept ---- */

static enum kw_err build(void *ctx, const void *object, struct buf *out)
{
    const struct replay *r = ctx;
    json_t *public = r->out(r->call, object);
    char *text = public == NULL ? NULL : json_dumps(public, JSON_COMPACT);

    json_decref(public);
    if (text == NULL)
        return KW_ENOMEM;
    buf_str(out, str_from(text));
    free(text);
    return out->failed ? KW_ENOMEM : KW_OK;
}

enum kw_err replay_begin(struct call *c, const char *path, replay_out *out, struct replay *r)
{
    *r = (struct replay){.call = c, .path = path, .out = out};
    r->reply.status = 201;
    r->reply.build = build;
    r->reply.ctx = r;
    TRY(read_key(c, &r->reply.key));
    if (r->reply.key.p == NULL)
        return KW_OK;
    TRY(digest_call(c, path, r->reply.digest));
    enum kw_err err = find(c, r);
    return err == KW_ENOTFOUND ? KW_OK : err;
}

const struct sync_reply *replay_reply(const struct replay *r)
{
    return r->reply.key.p == NULL ? NULL : &r->reply;
}

/* KW_EEXISTS: what the first has made is in the way of a second. */
enum kw_err replay_settle(struct call *c, const struct replay *r, enum kw_err err)
{
    if (r->reply.key.p == NULL || (err != KW_ECONFLICT && err != KW_EEXISTS))
        return err;
    enum kw_err found = find(c, r);
    return found == KW_ENOTFOUND ? err : found;
}
