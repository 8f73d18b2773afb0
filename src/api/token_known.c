/* token_known.c - see token_known.h. */
#include "api/token_known.h"

#include "crypto/digest.h"

enum kw_err token_read(struct call *c, struct str *out)
{
    static const char *const names[] = {"token", NULL};

    TRY(call_no_parameters(c));
    TRY(json_in_only(c->body, names, &c->problem));
    return json_in_required(c->body, "token", &c->problem, out);
}

bool token_has_form(const struct call *c, struct str text, enum key_letter letter, struct str *id)
{
    struct key key;

    if (key_parse_token(text, str_from(c->server->config->brand), letter, &key) != KW_OK)
        return false;
    *id = key.id;
    return true;
}

bool token_is(struct str text, const uint8_t there[GRANT_DIGEST_LEN])
{
    AUTO(digest_wipe) struct digest d = {.b = {0}}, other = {.b = {0}};

    digest_of(text, &d);
    memcpy(other.b, there, sizeof other.b);
    return digest_eq(&d, &other);
}

enum kw_err token_find(struct call *c, struct str text, struct family *out)
{
    struct str id;

    if (!token_has_form(c, text, KEY_ACCESS, &id) && !token_has_form(c, text, KEY_REFRESH, &id))
        return KW_ENOTFOUND;
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_family(store, id, out);
    sync_unlock(c->server->sync);
    TRY(err);
    return token_is(text, out->access_digest) || token_is(text, out->old_access_digest) ||
                   token_is(text, out->refresh_digest)
               ? KW_OK
               : KW_ENOTFOUND;
}
