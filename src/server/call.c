/* call.c - see call.h. */
#include "server/call.h"

#include <stdio.h>

#include "crypto/random.h"

enum { PAGE_BYTES_MAX = 4 << 20 };

static void fill_in(struct str text, const char *nonce, struct buf *out)
{
    static const char place[] = "{nonce}";

    for (const char *at; (at = memmem(text.p, text.n, place, sizeof place - 1)) != NULL;) {
        size_t before = (size_t)(at - text.p), used = before + sizeof place - 1;
        buf_add(out, text.p, before);
        buf_printf(out, "%s", nonce);
        text = (struct str){text.p + used, text.n - used};
    }
    buf_str(out, text);
}

static enum kw_err write_policy(struct call *call, const char *policy, const char *nonce)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(sizeof call->policy - 1);

    fill_in(str_from(policy), nonce, &text);
    if (text.failed)
        return KW_ERANGE;
    snprintf(call->policy, sizeof call->policy, "%.*s", (int)text.n, text.p);
    return KW_OK;
}

enum kw_err call_answer_page(struct call *call, struct str page, const char *policy)
{
    char nonce[CALL_NONCE_LEN + 1];

    TRY(random_base62(nonce, CALL_NONCE_LEN));
    TRY(write_policy(call, policy, nonce));
    call->text = BUF_MAX(PAGE_BYTES_MAX);
    fill_in(page, nonce, &call->text);
    return call_answer_text(call, 200, "text/html; charset=utf-8");
}

enum kw_err call_saved(struct call *call, enum kw_err err)
{
    if (err == KW_EUNSAVED)
        return problem_say(
            &call->problem, 507, "unsaved",
            "In force, not yet saved: look at the disks of the state folder and of the "
            "keys, then send the same again");
    return err;
}

enum kw_err call_saved_new(struct call *call, enum kw_err err, const char *what, const char *id,
                           const char *then)
{
    if (err == KW_EUNSAVED)
        return problem_say(
            &call->problem, 507, "unsaved",
            "The %s %s is in force, but not yet saved; its secret was given to nobody: look at the "
            "disks of the state folder and of the keys, then %s",
            what, id, then);
    return err;
}

struct str call_listed_account(const struct call *call)
{
    struct str own = call_account(call), asked = query_get(&call->query, "account");

    if (own.p == NULL || asked.p == NULL)
        return asked.p == NULL ? own : asked;
    return str_eq(own, asked) ? own : STR("-");
}

/* Whom to ask for it: of some scopes no role of an account has any, an owner's neither. */
static const char *who_has(enum scope scope)
{
    return (role_scopes(ROLE_OWNER, false) & scope) == scope ? "an owner or admin of your account"
                                                             : "an operator of this installation";
}

enum kw_err call_needs(struct call *call, enum scope scope)
{
    const struct caller *by = &call->caller;

    if (scope != 0 && (by->scopes & scope) == scope)
        return KW_OK;
    if (by->kind == CALLER_MEMBER)
        return problem_say(&call->problem, 403, "scope_missing",
                           "Your role, %s, does not include %s: ask %s", role_name(by->role),
                           scope_word(scope), who_has(scope));
    return problem_say(&call->problem, 403, "scope_missing",
                       "This call needs the scope %s, which the caller has not", scope_word(scope));
}

static bool is_fresh(const struct call *call, int64_t proof_ms)
{
    return proof_ms != 0 && call->now_ms - proof_ms < CALL_STEP_UP_MS;
}

enum kw_err call_needs_step_up(struct call *call, const char *what)
{
    const struct caller *by = &call->caller;

    if (by->kind != CALLER_MEMBER || is_fresh(call, by->stepped_up_ms))
        return KW_OK;
    return problem_say(&call->problem, 403, "step_up_required",
                       "%s needs a fresh one-time password: send one to POST /v1/session/step-up, "
                       "then ask again within five minutes",
                       what);
}

enum kw_err call_needs_fresh_proof(struct call *call, const char *what)
{
    const struct caller *by = &call->caller;

    if (by->stepped_up_ms != 0)
        return call_needs_step_up(call, what);
    if (by->kind != CALLER_MEMBER || is_fresh(call, by->proved_ms))
        return KW_OK;
    return problem_say(&call->problem, 403, "sign_in_again",
                       "%s needs a log-in of the last five minutes: sign in again, then ask again",
                       what);
}

enum kw_err call_if_match(struct call *call, const char *what, uint32_t version)
{
    char now[CALL_HEADER_MAX];

    if (call->if_match.p == NULL)
        return problem_say(&call->problem, 428, "version_required",
                           "Send the ETag of the %s that you read as If-Match", what);
    snprintf(now, sizeof now, "\"%u\"", version);
    if (!str_eq(call->if_match, str_from(now)))
        return problem_say(&call->problem, 412, "version_mismatch",
                           "The %s was changed meanwhile: it has version %u now", what, version);
    return KW_OK;
}

enum kw_err call_no_parameters(struct call *call)
{
    static const char *const none[] = {NULL};

    return query_only(&call->query, none, &call->problem);
}
