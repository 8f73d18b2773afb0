/* reset.c - the call of somebody who forgot his password. Whoever has an account and whoever has none are answered alike, and
 * before anybody has looked: that, the link and the letter are the mailer's time. */
#include <stdio.h>
#include <stdlib.h>

#include "api/api.h"
#include "api/signing.h"
#include "base/log.h"
#include "config/link.h"

struct asked {
    struct server *server;
    char email[MEMBER_EMAIL_MAX + 1];
    struct address source;
    char agent[CALL_AGENT_MAX + 1];
    uint8_t request_id[CALL_REQUEST_ID_LEN / 2];
};

/* ---- in the mailer's thread ---- */

static void record(const struct asked *a, enum sign_in_why why, const struct member *m)
{
    struct sign_in s = {
        .time_us = sync_now_us(a->server->sync),
        .what = why == SIGN_IN_NO_REASON ? SIGN_IN_RESET_SENT : SIGN_IN_RESET_REFUSED,
        .why = why,
        .member = str_from(m == NULL ? "" : m->id),
        .account = str_from(m == NULL ? "" : m->account),
        .email = signing_typed_email(a->email),
        .source = a->source,
        .agent = str_from(a->agent),
    };

    memcpy(s.request_id, a->request_id, sizeof s.request_id);
    recording_sign_in(a->server->recording, &s);
}

static enum kw_err find(const struct asked *a, struct member *out)
{
    struct store *store = sync_lock(a->server->sync);
    enum kw_err err = store_member_by_email(store, str_from(a->email), out);
    sync_unlock(a->server->sync);
    if (err == KW_ENOTFOUND)
        record(a, SIGN_IN_UNKNOWN_EMAIL, NULL);
    if (err != KW_OK || (out->state == MEMBER_ACTIVE && out->password[0] != '\0'))
        return err;
    /* An invitation that is open stays as it is; and whose credentials were made void comes back by a link of who did that. */
    record(a, SIGN_IN_NOT_ACTIVE, out);
    return KW_ENOTFOUND;
}

static enum kw_err make_link(const struct asked *a, struct letter *out)
{
    char text[LINK_TEXT_MAX + 1], url[PUBLIC_LINK_MAX + 1];
    struct member m;

    TRY(find(a, &m));
    TRY(link_make(&m, LINK_RESET, sync_now_us(a->server->sync) / 1000, LINK_RESET_MS, text));
    public_url_link(a->server->config->public_url, text, url);
    enum kw_err err = sync_put_member(a->server->sync, STR("nobody"), &m, NULL);
    if (err == KW_OK)
        err = letter_to(&m, url, out);
    if (err == KW_OK)
        record(a, SIGN_IN_NO_REASON, &m);
    explicit_bzero(text, sizeof text);
    explicit_bzero(url, sizeof url);
    return err;
}

static enum kw_err write_letter(void *ctx, struct letter *out)
{
    const struct asked *a = ctx;

    enum kw_err err = make_link(a, out);
    if (err != KW_OK && err != KW_ENOTFOUND)
        log_error("no link for a new password was made, which somebody had asked for: %s",
                  kw_strerror(err));
    return err;
}

/* ---- in the call ---- */

static enum kw_err read_body(struct call *c, char out[MEMBER_EMAIL_MAX + 1])
{
    static const char *const names[] = {"email", NULL};
    struct str email;

    TRY(json_in_only(c->body, names, &c->problem));
    TRY(json_in_required(c->body, "email", &c->problem, &email));
    if (email.n > MEMBER_EMAIL_MAX)
        return problem_field(&c->problem, "range", "email", "An address has %d bytes at most",
                             MEMBER_EMAIL_MAX);
    signing_fold_email(email, out);
    return KW_OK;
}

static enum kw_err hand_over(struct call *c, const char *email)
{
    struct asked *a = calloc(1, sizeof *a);

    if (a == NULL)
        return KW_ENOMEM;
    a->server = c->server;
    a->source = c->source;
    snprintf(a->email, sizeof a->email, "%s", email);
    snprintf(a->agent, sizeof a->agent, "%s", c->agent);
    memcpy(a->request_id, c->request_id, sizeof a->request_id);
    return mailer_ask(c->server->mailer,
                      &(struct mailer_question){.write = write_letter, .free = free, .ctx = a});
}

/* Too many are answered like the first, and nothing is done: how often somebody was asked for is nobody's business. */
enum kw_err reset_post(struct call *c)
{
    char email[MEMBER_EMAIL_MAX + 1] = "";

    TRY(call_no_parameters(c));
    TRY(read_body(c, email));
    if (c->server->mailer == NULL)
        return problem_say(&c->problem, 409, "no_mail",
                           "No mail is sent from here: ask an owner or admin of your account for a "
                           "link, or who runs the machine");
    const struct attempt attempt = {.source = c->source.b, .email = str_from(email)};
    if (!attempts_take(c->server->people->resets, &attempt, c->now_ms, NULL))
        signing_record(c, SIGN_IN_RESET_REFUSED, SIGN_IN_LOCKED, NULL, signing_typed_email(email));
    else if (hand_over(c, email) != KW_OK)
        signing_record(c, SIGN_IN_RESET_REFUSED, SIGN_IN_BUSY, NULL, signing_typed_email(email));
    return call_answer(c, 202, json_pack("{s:b}", "accepted", true));
}
