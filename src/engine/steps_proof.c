/* steps_proof.c - the steps that find out whose key a request carries, and believe it only when the
 * secret is proved. */
#include "crypto/digest.h"
#include "engine/attempt.h"
#include "engine/credential.h"

/* Of tokens only access tokens are looked up here, and only where they belong: in a key's header one is no key. */
static void meet_token(struct attempt *a, struct str brand)
{
    struct key key;

    if (a->use != NULL || key_parse_token(a->text, brand, KEY_ACCESS, &key) != KW_OK)
        return;
    a->is_token = true;
    a->id = key.id;
    keyring_expect_family(a->view->keyring, key.id);
}

void attempt_meet_key(struct attempt *a)
{
    struct str brand = keyring_brand(a->view->keyring);
    bool is_bearer = false;
    struct key key;

    a->n_credentials = credential_count(a->request, brand, &a->text, &is_bearer);
    if (a->n_credentials != 1)
        return;
    if (key_parse(a->text, brand, &key) != KW_OK) {
        if (is_bearer)
            meet_token(a, brand);
        return;
    }
    a->id = key.id;
    keyring_expect(a->view->keyring, key.id);
}

/* Finds nothing against any request: goes on with what attempt_meet_key began. */
enum kw_reason step_expect(struct attempt *a)
{
    if (a->id.n == 0)
        return KW_WHY_ALLOWED;
    if (a->is_token) {
        a->place = keyring_seek_family(a->view->keyring, a->id);
        return KW_WHY_ALLOWED;
    }
    a->place = keyring_seek(a->view->keyring, a->id);
    limits_expect(a->view->limits, a->place.slot);
    return KW_WHY_ALLOWED;
}

enum kw_reason step_credential(struct attempt *a)
{
    if (a->n_credentials == 0)
        return KW_WHY_MISSING_KEY;
    return a->n_credentials == 1 ? KW_WHY_ALLOWED : KW_WHY_AMBIGUOUS_CREDENTIALS;
}

/* Both secrets are always compared, and for an unknown id those of nobody; nothing branches on
 * whether the id is known: a stranger must not learn which ids exist. */
static enum kw_reason compare(struct attempt *a, const struct digest *d)
{
    static const enum kw_reason unproved[] = {KW_WHY_UNKNOWN_KEY, KW_WHY_WRONG_SECRET};
    const struct keyring_record *r = &a->found.record;
    bool is_current = attempt_same(d, r->digest);
    bool is_old = attempt_same(d, r->old_digest) && r->old_ends_ms != 0;

    if (!is_current && !is_old)
        return unproved[a->found.slot != 0];
    if (a->found.slot == 0)
        return KW_WHY_UNKNOWN_KEY; /* whatever its digests may be */
    if (!is_current && (r->old_ends_ms < 0 || a->wall_us / 1000 >= r->old_ends_ms))
        return KW_WHY_SECRET_ROTATED;
    a->decision->proved = true;
    a->decision->old_secret_ends_ms = is_current ? 0 : r->old_ends_ms;
    a->permissions = r->permissions;
    return KW_WHY_ALLOWED;
}

static enum kw_reason look_up(struct attempt *a)
{
    AUTO(digest_wipe) struct digest d;

    if (a->id.n == 0)
        return KW_WHY_MALFORMED_KEY;
    a->claimed_id = a->id;
    digest_of(a->text, &d);
    if (keyring_find(a->view->keyring, a->id, &a->place, &a->found) == KW_EDAMAGED)
        return KW_WHY_UNAVAILABLE;
    return compare(a, &d);
}

static void tell_who(struct attempt *a)
{
    struct kw_decision *d = a->decision;
    const struct keyring_record *r = &a->found.record;

    memcpy(d->key_id, r->id, KW_KEY_ID_LEN);
    d->environment = r->environment;
    d->permissions = a->permissions;
}

static enum kw_reason prove(struct attempt *a)
{
    bool is_used = a->use != NULL && a->use->kind != USE_EXCHANGE;

    a->credential = a->is_token || is_used ? CREDENTIAL_TOKEN : CREDENTIAL_KEY;
    if (is_used)
        return token_look_up_used(a);
    return a->is_token ? token_look_up(a) : look_up(a);
}

/* Failures count against their source; beyond its limit the same failure is answered with 429. A
 * right key is never refused because of its neighbours. */
enum kw_reason step_prove(struct attempt *a)
{
    struct kw_decision *d = a->decision;
    struct address client;

    enum kw_reason why = prove(a);
    if (d->proved) {
        tell_who(a);
        return why;
    }
    memcpy(client.b, a->request->source, sizeof client.b);
    if (why != KW_WHY_UNAVAILABLE &&
        !limits_miss(a->view->limits, &client, a->boot_us, &d->retry_after_s))
        return KW_WHY_TOO_MANY_FAILURES;
    return why;
}
