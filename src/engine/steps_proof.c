/* steps_proof.c - the steps that find out whose key a request carries, and believe it only when the
 * secret is proved. */
#include "crypto/digest.h"
#include "engine/attempt.h"
#include "engine/credential.h"

enum kw_reason step_credential(struct attempt *a)
{
    struct str ignored;
    size_t n = credential_count(a->request, keyring_brand(a->view->keyring), &ignored);

    if (n == 0)
        return KW_WHY_MISSING_KEY;
    return n == 1 ? KW_WHY_ALLOWED : KW_WHY_AMBIGUOUS_CREDENTIALS;
}

static bool same(const struct digest *d, const uint8_t there[GRANT_DIGEST_LEN])
{
    struct digest other;

    memcpy(other.b, there, sizeof other.b);
    return digest_eq(d, &other);
}

/* Both secrets are always compared, and for an unknown id those of nobody: a stranger must not
 * learn which ids exist. */
static enum kw_reason compare(struct attempt *a, const struct digest *d)
{
    const struct keyring_record *r = &a->found.record;
    bool is_current = same(d, r->digest);
    bool is_old = same(d, r->old_digest) && r->old_ends_ms != 0 && a->wall_us / 1000 < r->old_ends_ms;

    if (a->found.slot == 0)
        return KW_WHY_UNKNOWN_KEY;
    if (!is_current && !is_old)
        return KW_WHY_WRONG_SECRET;
    a->decision->proved = true;
    a->decision->old_secret = is_old && !is_current;
    return KW_WHY_ALLOWED;
}

static enum kw_reason look_up(struct attempt *a, struct str text)
{
    AUTO(digest_wipe) struct digest d;
    struct key key;

    if (key_parse(text, keyring_brand(a->view->keyring), &key) != KW_OK)
        return KW_WHY_MALFORMED_KEY;
    a->claimed_id = key.id;
    if (digest_of(text, &d) != KW_OK)
        return KW_WHY_UNAVAILABLE;
    if (keyring_find(a->view->keyring, key.id, &a->found) == KW_EDAMAGED)
        return KW_WHY_UNAVAILABLE;
    return compare(a, &d);
}

static void tell_who(struct attempt *a)
{
    struct kw_decision *d = a->decision;
    const struct keyring_record *r = &a->found.record;

    memcpy(d->key_id, r->id, KW_KEY_ID_LEN);
    d->environment = r->environment;
    d->permissions = r->permissions;
}

/* Failures count against their source; beyond its limit the same failure is answered with 429. A
 * right key is never refused because of its neighbours. */
enum kw_reason step_prove(struct attempt *a)
{
    struct kw_decision *d = a->decision;
    struct address client;
    struct str text = {0};

    credential_count(a->request, keyring_brand(a->view->keyring), &text);
    a->credential = CREDENTIAL_KEY;
    enum kw_reason why = look_up(a, text);
    if (why == KW_WHY_ALLOWED) {
        tell_who(a);
        return KW_WHY_ALLOWED;
    }
    memcpy(client.b, a->request->source, sizeof client.b);
    if (why != KW_WHY_UNAVAILABLE &&
        !limits_miss(a->view->limits, &client, a->boot_us, &d->retry_after_s))
        return KW_WHY_TOO_MANY_FAILURES;
    return why;
}
