/* introspect_token.c - the call by which a backend asks whether a token is good, and for what (RFC 7662). */
#include "api/api.h"
#include "api/token_known.h"
#include "core/permission.h"

static bool may_see(const struct call *c, const struct account *a)
{
    struct str own = call_account(c);

    return own.p == NULL || str_eq(own, str_from(a->id));
}

/* Whether a request with it would be let in, as far as key, account and time say. A refresh token lets nobody in. */
static enum kw_err look(struct call *c, struct str text, struct family *f, bool *is_active)
{
    struct sync_standing s;

    TRY(token_find(c, text, f));
    TRY(sync_standing(c->server->sync, f->slot, &s));
    if (!may_see(c, &s.account))
        return KW_ENOTFOUND;
    *f = s.family;
    bool is_current = token_is(text, f->access_digest);
    int64_t ends_ms = is_current ? f->access_ends_ms : f->old_access_ends_ms;
    *is_active = (is_current || token_is(text, f->old_access_digest)) && c->now_ms < ends_ms &&
                 !family_is_over(f, c->now_ms) && family_key_is_good(f, &s.key, c->now_ms) &&
                 s.account.state == ACCOUNT_ACTIVE;
    f->permissions = permission_both(f->permissions, s.key.permissions);
    if (lifecycle_expired(grant_only_reads_from_ms(&s.key), c->now_ms))
        f->permissions = permission_both(f->permissions, KW_READ_ONLY);
    f->access_ends_ms = ends_ms;
    return KW_OK;
}

static json_t *scope_out(unsigned permissions)
{
    char text[KW_PERMISSIONS_MAX];

    kw_permissions_text(permissions, text);
    for (char *at = text; *at != '\0'; at++)
        if (*at == ',')
            *at = ' ';
    return json_string(text);
}

/* RFC 7662, 2.2: of one that is not active nothing else is said. */
static json_t *introspection_out(const struct family *f)
{
    return json_pack("{s:b, s:o, s:s, s:s, s:s, s:I, s:I, s:s}", "active", true, "scope",
                     scope_out(f->permissions), "client_id", f->key, "sub", f->account,
                     "token_type", "Bearer", "exp", (json_int_t)(f->access_ends_ms / 1000), "iat",
                     (json_int_t)((f->refreshed_ms == 0 ? f->created_ms : f->refreshed_ms) / 1000),
                     "environment", kw_environment_name(f->environment));
}

enum kw_err tokens_introspect(struct call *c)
{
    bool is_active = false;
    struct family f;
    struct str text;

    TRY(token_read(c, &text));
    enum kw_err err = look(c, text, &f, &is_active);
    if (err != KW_ENOTFOUND)
        TRY(err);
    return call_answer(c, 200,
                       is_active ? introspection_out(&f) : json_pack("{s:b}", "active", false));
}
