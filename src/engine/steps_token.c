/* steps_token.c - the credential is a token: whose it is, and which key it stands for; see steps_proof.c. */
#include "core/key.h"
#include "core/permission.h"
#include "engine/attempt.h"

/* The secret for which the token was made: when that ends, so does the token. */
static enum kw_reason judge_secret(struct attempt *a, uint64_t mark)
{
    const struct keyring_record *r = &a->found.record;
    bool is_current = mark == family_secret_mark(r->digest);
    bool is_old = mark == family_secret_mark(r->old_digest) && r->old_ends_ms != 0;

    if (!is_current && (!is_old || a->wall_us / 1000 >= r->old_ends_ms))
        return KW_WHY_SECRET_ROTATED;
    a->decision->old_secret_ends_ms = is_current ? 0 : r->old_ends_ms;
    return KW_WHY_ALLOWED;
}

/* From here on the caller is told exactly what is wrong: nobody guesses a token. */
static enum kw_reason stand_for_key(struct attempt *a, unsigned permissions, uint64_t mark)
{
    a->claimed_id = (struct str){a->found.record.id, KW_KEY_ID_LEN};
    a->decision->proved = true;
    a->permissions = permission_both(permissions, a->found.record.permissions);
    return judge_secret(a, mark);
}

/* Both tokens are always compared, and for an unknown id those of nobody; nothing branches on whether the id is known. */
static enum kw_reason compare(struct attempt *a, const struct digest *d,
                              const struct keyring_family *f, bool is_known)
{
    static const enum kw_reason unproved[] = {KW_WHY_UNKNOWN_KEY, KW_WHY_WRONG_SECRET};
    bool is_current = attempt_same(d, f->digest);
    bool is_old = attempt_same(d, f->old_digest) && f->old_ends_ms != 0;
    int64_t ends_ms = is_current ? f->ends_ms : f->old_ends_ms;

    if (!is_current && !is_old)
        return unproved[is_known];
    if (!is_known || a->found.record.kind != KEYRING_KEY)
        return KW_WHY_UNKNOWN_KEY; /* whatever the digests may be */
    enum kw_reason why = stand_for_key(a, f->permissions, f->secret_mark);
    if (f->state != FAMILY_ACTIVE)
        return KW_WHY_TOKEN_ENDED;
    return a->wall_us / 1000 >= ends_ms ? KW_WHY_TOKEN_EXPIRED : why;
}

/* An unknown token's key is that of slot 0: it costs the same. */
enum kw_reason token_look_up(struct attempt *a)
{
    AUTO(digest_wipe) struct digest d;
    struct keyring_family f UNINIT;

    a->token_id = a->id;
    digest_of(a->text, &d);
    enum kw_err known = keyring_find_family(a->view->keyring, a->id, &a->place, &f);
    if (known == KW_EDAMAGED)
        return KW_WHY_UNAVAILABLE;
    if (keyring_key_in_slot(a->view->keyring, f.key_slot, &a->found) == KW_EDAMAGED)
        return KW_WHY_UNAVAILABLE;
    return compare(a, &d, &f, known == KW_OK);
}

/* A token of nobody's; or it is none at all. */
static enum kw_reason refuse_unknown(const struct attempt *a)
{
    struct str brand = keyring_brand(a->view->keyring);
    struct key key;
    bool has_form =
        key_parse_token(a->text, brand, KEY_REFRESH, &key) == KW_OK ||
        (a->use->kind == USE_REVOKE && key_parse_token(a->text, brand, KEY_ACCESS, &key) == KW_OK);

    return has_form ? KW_WHY_UNKNOWN_KEY : KW_WHY_MALFORMED_KEY;
}

/* What comes to keyward serve itself: whose it is has been found out there. */
enum kw_reason token_look_up_used(struct attempt *a)
{
    const struct family *f = a->use->family;

    if (f == NULL)
        return refuse_unknown(a);
    a->token_id = str_from(f->id);
    if (keyring_key_in_slot(a->view->keyring, f->key_slot, &a->found) != KW_OK)
        return KW_WHY_UNAVAILABLE;
    enum kw_reason why = stand_for_key(a, f->permissions, f->secret_mark);
    if (a->use->is_reused)
        return KW_WHY_TOKEN_REUSED;
    if (f->state != FAMILY_ACTIVE)
        return KW_WHY_TOKEN_ENDED;
    if (a->use->kind == USE_REVOKE)
        return KW_WHY_ALLOWED; /* also past its end, and whatever became of its secret */
    return a->wall_us / 1000 >= f->ends_ms ? KW_WHY_TOKEN_EXPIRED : why;
}
