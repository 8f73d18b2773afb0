/* me_totp.c - the calls by which a member sets up one-time passwords, and gets codes on paper for when the phone is gone. */
#include <stdio.h>

#include "api/api.h"
#include "api/second_factor.h"
#include "api/signing.h"
#include "base/hex.h"
#include "base/pack.h"
#include "crypto/recovery.h"

/* Until the first code is shown the secret is kept by nobody but the member: as a box that only we can open. */
enum {
    OFFER_MS = 15 * 60 * 1000,
    OFFER_LEN = TOTP_SECRET_LEN + 8, /* the secret, and when the offer ends */
    SEALED_LEN = OFFER_LEN + BOX_OVERHEAD,
};

struct offer {
    struct totp_secret secret;
    int64_t ends_ms;
};

static void offer_wipe(struct offer *o)
{
    explicit_bzero(o, sizeof *o);
}

/* Never to be taken for the secret in his row, which is sealed with the id alone. */
static struct str offer_name(const struct member *m, char room[32])
{
    int n = snprintf(room, 32, "offer %s", m->id);

    return (struct str){room, (size_t)n};
}

static enum kw_err seal_offer(struct call *c, const struct member *m, const struct offer *o,
                              char out[2 * SEALED_LEN + 1])
{
    uint8_t plain[OFFER_LEN], sealed[SEALED_LEN];
    char room[32];

    memcpy(plain, o->secret.b, TOTP_SECRET_LEN);
    memcpy(plain + TOTP_SECRET_LEN, &o->ends_ms, sizeof o->ends_ms);
    enum kw_err err = box_seal(c->server->people->box, offer_name(m, room),
                               (struct str){(const char *)plain, sizeof plain}, sealed);
    explicit_bzero(plain, sizeof plain);
    TRY(err);
    hex_put(sealed, sizeof sealed, out);
    out[sizeof sealed * 2] = '\0';
    return KW_OK;
}

static enum kw_err open_offer(struct call *c, const struct member *m, struct str text,
                              struct offer *out)
{
    uint8_t plain[OFFER_LEN], sealed[SEALED_LEN];
    char room[32];

    if (hex_get(text, sealed, sizeof sealed) != KW_OK)
        return KW_EDAMAGED;
    TRY(box_open(c->server->people->box, offer_name(m, room),
                 (struct str){(const char *)sealed, sizeof sealed}, plain));
    memcpy(out->secret.b, plain, TOTP_SECRET_LEN);
    memcpy(&out->ends_ms, plain + TOTP_SECRET_LEN, sizeof out->ends_ms);
    explicit_bzero(plain, sizeof plain);
    return c->now_ms < out->ends_ms ? KW_OK : KW_EDAMAGED;
}

/* Whoever has one changes it only with the old one at hand; whoever has none has just signed in: else a cookie that was
 * left behind would be enough to become him for good. */
static enum kw_err check_change(struct call *c, const struct member *m)
{
    return call_needs_fresh_proof(c, m->has_totp ? "Changing the one-time password"
                                                 : "Setting up a one-time password");
}

enum kw_err me_totp_begin(struct call *c)
{
    AUTO(offer_wipe) struct offer offer = {.ends_ms = c->now_ms + OFFER_MS};
    char sealed[2 * SEALED_LEN + 1], base32[TOTP_BASE32_LEN + 1], uri[TOTP_URI_MAX];
    struct member m;

    TRY(call_no_parameters(c));
    TRY(signing_self(c, &m));
    TRY(check_change(c, &m));
    TRY(totp_secret_make(&offer.secret));
    TRY(seal_offer(c, &m, &offer, sealed));
    TRY(totp_base32(&offer.secret, base32));
    TRY(totp_uri(&offer.secret, STR("Keyward"), str_from(m.email), uri));
    json_t *answer = json_pack("{s:s, s:s, s:s, s:o}", "setup", sealed, "secret", base32, "uri",
                               uri, "endsAt", json_out_moment(offer.ends_ms));
    explicit_bzero(base32, sizeof base32);
    explicit_bzero(uri, sizeof uri);
    return call_answer(c, 200, answer);
}

/* ---- codes on paper ---- */

/* Ten new ones take the place of all others; the list of their texts is for the answer. */
static enum kw_err make_codes(struct member *m, json_t **list)
{
    AUTO(digest_wipe) struct digest digest = {.b = {0}};
    char text[RECOVERY_TEXT_LEN + 1];

    for (m->n_recovery = 0; m->n_recovery < MEMBER_RECOVERY_CODES; m->n_recovery++) {
        TRY(recovery_make(text));
        TRY(recovery_digest(str_from(text), &digest));
        memcpy(m->recovery[m->n_recovery], digest.b, sizeof m->recovery[0]);
        json_out_append(list, json_string(text));
    }
    explicit_bzero(text, sizeof text);
    return *list == NULL ? KW_ENOMEM : KW_OK;
}

/* Saves the member with new codes and a new epoch, and answers with the codes and the session that goes on. */
static enum kw_err save_with_codes(struct call *c, struct member *m)
{
    AUTO(session_wipe) struct session s = {.epoch = 0};
    json_t *codes = json_array();

    enum kw_err err = make_codes(m, &codes);
    m->epoch++;
    if (err == KW_OK)
        err = call_saved(c, sync_put_member(c->server->sync, call_actor(c), m, NULL));
    if (err == KW_ECONFLICT)
        problem_say(&c->problem, 409, "conflict", "You were changed meanwhile: try again");
    if (err == KW_OK)
        err = signing_renew(c, m, true, &s);
    if (err != KW_OK) {
        json_decref(codes);
        return err;
    }
    return call_answer(
        c, 200,
        json_pack("{s:o, s:o}", "recoveryCodes", codes, "session", signing_session_out(c, &s, m)));
}

/* ---- confirmed ---- */

static enum kw_err read_confirmation(struct call *c, struct str *setup, struct str *code)
{
    static const char *const names[] = {"setup", "code", NULL};

    TRY(json_in_only(c->body, names, &c->problem));
    TRY(json_in_required(c->body, "setup", &c->problem, setup));
    return json_in_required(c->body, "code", &c->problem, code);
}

static enum kw_err take_step(struct call *c, const struct member *m, const struct offer *o,
                             struct str code)
{
    uint64_t step = 0;

    TRY(totp_verify(&o->secret, code, c->now_ms, 0, &step));
    if (step == 0)
        return problem_field(
            &c->problem, "wrong_code", "code",
            "This is not the code that the app shows: are the clocks of both right?");
    enum kw_err err = sync_take_totp_step(c->server->sync, m->slot, step);
    if (err == KW_ECONFLICT)
        return problem_field(&c->problem, "wrong_code", "code",
                             "This code was used: wait for the next one");
    return err;
}

enum kw_err me_totp_confirm(struct call *c)
{
    AUTO(offer_wipe) struct offer offer = {.ends_ms = 0};
    struct str setup, code;
    struct member m;

    TRY(call_no_parameters(c));
    TRY(read_confirmation(c, &setup, &code));
    TRY(signing_self(c, &m));
    TRY(check_change(c, &m));
    if (open_offer(c, &m, setup, &offer) != KW_OK)
        return problem_field(&c->problem, "range", "setup", "It is not ours or too old: begin again");
    TRY(take_step(c, &m, &offer, code));
    TRY(box_seal(c->server->people->box, str_from(m.id),
                 (struct str){(const char *)offer.secret.b, TOTP_SECRET_LEN}, m.totp));
    m.has_totp = true;
    m.totp_since_ms = c->now_ms;
    return save_with_codes(c, &m);
}

enum kw_err me_recovery_codes(struct call *c)
{
    struct member m;

    TRY(call_no_parameters(c));
    TRY(signing_self(c, &m));
    if (!m.has_totp)
        return problem_say(&c->problem, 409, "totp_missing",
                           "You have no one-time password yet: set one up with POST /v1/me/totp");
    TRY(call_needs_step_up(c, "New recovery codes"));
    return save_with_codes(c, &m);
}
