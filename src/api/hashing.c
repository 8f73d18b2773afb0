/* hashing.c - see hashing.h. */
#include "api/hashing.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/member.h"
#include "core/password.h"

static_assert((int)PASSWORD_HASH_MAX == (int)MEMBER_PASSWORD_MAX, "a row holds every hash");

enum { RETRY_S = 5 };

static void wipe_and_free(void *state)
{
    const struct hashing *h = state;

    explicit_bzero(state, h->size);
    free(state);
}

void *hashing_new(struct call *c, size_t size)
{
    struct hashing *h = calloc(1, size);

    if (h == NULL)
        return NULL;
    h->size = size;
    c->wait.state = h;
    c->wait.free = wipe_and_free;
    return h;
}

enum kw_err hashing_take(struct call *c, struct hashing *h, const char *field, struct str password)
{
    if (password.n > PASSWORD_BYTES_MAX)
        return problem_field(&c->problem, "range", field, "A password has %d characters at most",
                             PASSWORD_CHARS_MAX);
    memcpy(h->password, password.p, password.n);
    h->password_len = password.n;
    return KW_OK;
}

static void hashed(void *ctx, const struct hasher_answer *answer)
{
    struct hashing *h = ctx;

    h->answer = *answer;
    h->done(h->done_ctx);
}

enum kw_err hashing_busy(struct call *c)
{
    c->retry_after_s = RETRY_S;
    return problem_say(&c->problem, 503, "busy",
                       "Too many people are signing in at this moment: try again in a few seconds");
}

/* One that cannot be handed over goes on at once, with an answer that says so. */
static enum kw_err start(struct call *c, call_done *done, void *ctx)
{
    struct hashing *h = c->wait.state;
    const struct hasher_job job = {
        .password = {h->password, h->password_len},
        .encoded = h->encoded[0] == '\0' ? (struct str){NULL, 0} : str_from(h->encoded),
        .source = address_source(&c->source),
        .is_known = h->is_known || c->caller.kind == CALLER_MEMBER,
        .done = hashed,
        .ctx = h,
    };

    h->done = done;
    h->done_ctx = ctx;
    enum kw_err err = hasher_submit(c->server->people->hasher, &job);
    if (err != KW_OK) {
        h->answer = (struct hasher_answer){.err = err};
        done(ctx);
    }
    return KW_OK;
}

enum kw_err hashing_begin(struct call *c, struct hashing *h, struct str encoded, call_handler *go_on)
{
    snprintf(h->encoded, sizeof h->encoded, "%.*s", (int)encoded.n,
             encoded.p == NULL ? "" : encoded.p);
    c->wait.start = start;
    c->wait.go_on = go_on;
    return KW_OK;
}
