/* second_factor.c - see second_factor.h. */
#include "api/second_factor.h"

#include <stdio.h>

#include "crypto/recovery.h"

enum kw_err second_factor_secret(struct call *c, const struct member *m, struct totp_secret *out)
{
    const struct str sealed = {(const char *)m->totp, sizeof m->totp};

    if (!m->has_totp)
        return KW_EINVAL;
    return box_open(c->server->people->box, str_from(m->id), sealed, out->b);
}

enum kw_err second_factor_code(struct call *c, const struct member *m, struct str code,
                               enum sign_in_why *why)
{
    AUTO(totp_secret_wipe) struct totp_secret secret = {.b = {0}};
    uint64_t step = 0;

    *why = SIGN_IN_WRONG_CODE;
    TRY(second_factor_secret(c, m, &secret));
    TRY(totp_verify(&secret, code, c->now_ms, 0, &step));
    if (step == 0)
        return KW_OK;
    enum kw_err err = sync_take_totp_step(c->server->sync, m->slot, step);
    if (err == KW_ECONFLICT) {
        *why = SIGN_IN_CODE_USED;
        return KW_OK;
    }
    TRY(err);
    *why = SIGN_IN_NO_REASON;
    return KW_OK;
}

/* All are compared, so that the time does not tell which. */
static uint32_t place_of(const struct member *m, const struct digest *digest)
{
    uint32_t at = m->n_recovery;
    struct digest kept;

    for (uint32_t i = 0; i < m->n_recovery; i++) {
        memcpy(kept.b, m->recovery[i], sizeof kept.b);
        if (digest_eq(&kept, digest))
            at = i;
    }
    return at;
}

static void take_off(struct member *m, uint32_t at)
{
    m->n_recovery--;
    memcpy(m->recovery[at], m->recovery[m->n_recovery], sizeof m->recovery[at]);
    memset(m->recovery[m->n_recovery], 0, sizeof m->recovery[at]);
}

enum kw_err second_factor_recovery(struct call *c, struct member *m, struct str code,
                                   enum sign_in_why *why)
{
    AUTO(digest_wipe) struct digest digest = {.b = {0}};
    char actor[CALLER_ACTOR_MAX + 1];
    struct member after = *m;

    *why = SIGN_IN_WRONG_CODE;
    if (recovery_digest(code, &digest) != KW_OK)
        return KW_OK;
    uint32_t at = place_of(m, &digest);
    if (at == m->n_recovery)
        return KW_OK;
    take_off(&after, at);
    snprintf(actor, sizeof actor, "member:%s", m->id); /* the caller is nobody yet; the code is his */
    enum kw_err err = sync_put_member(c->server->sync, str_from(actor), &after, NULL);
    if (err == KW_ECONFLICT) /* another took it, or the member was changed: let him try again */
        return KW_OK;
    TRY(err);
    *m = after;
    *why = SIGN_IN_RECOVERY_CODE;
    return KW_OK;
}
