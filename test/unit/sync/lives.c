/* lives.c - see lives.h. */
#include "sync/lives.h"

#include <stdio.h>

#include "base/clock.h"
#include "core/lifecycle.h"
#include "core/policy.h"
#include "core/rotation.h"
#include "crypto/digest.h"
#include "suite.h"

static const struct str actor = STR_INIT("uid:0");

/* ---- a house to live in ---- */

static void put_policy(struct lives *l)
{
    static const struct str document = STR_INIT("read GET /read\ntransact GET /transact\n");
    struct buf table = BUF_MAX(ROUTE_TABLE_MAX);
    uint32_t version;

    assert_ok(policy_compile(document, &table));
    assert_ok(sync_put_policy(l->h.sync, actor, document, buf_view(&table), &version));
    buf_deinit(&table);
}

void lives_make(struct lives *l, uint64_t seed)
{
    const struct model place = {.state = MODEL_ACTIVE, .frozen = MODEL_CLASSES};

    *l = (struct lives){.seed = seed, .random = seed * 2 + 1};
    for (unsigned i = LIVES_ACCOUNT; i < LIVES_THINGS; i++)
        l->things[i].was = l->things[i].is = place;
    house_make(&l->h);
    put_policy(l);
}

void lives_clear(struct lives *l)
{
    house_clear(&l->h);
}

uint64_t lives_draw(struct lives *l, uint64_t below)
{
    l->random = l->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (l->random >> 33) % below;
}

int64_t lives_now_ms(const struct lives *l)
{
    return sync_now_us(l->h.sync) / 1000 + l->ahead_ms;
}

/* ---- secrets ---- */

static void key_id(const struct lives *l, unsigned key, char out[KW_KEY_ID_LEN + 1])
{
    snprintf(out, KW_KEY_ID_LEN + 1, "%010uAbCd", key + LIVES_KEYS * l->n_reborn[key]);
}

static size_t key_text(const struct lives *l, unsigned key, unsigned secret, char out[KEY_MAX])
{
    char id[KW_KEY_ID_LEN + 1], digits[KEY_SECRET_LEN + 1];

    key_id(l, key, id);
    snprintf(digits, sizeof digits, "%043u", secret);
    return key_print(STR("mk"), KW_SANDBOX, str_from(id), str_from(digits), out);
}

static void digest_text(const struct lives *l, unsigned key, unsigned secret,
                        uint8_t out[GRANT_DIGEST_LEN])
{
    char text[KEY_MAX];
    struct digest d;

    digest_of((struct str){text, key_text(l, key, secret, text)}, &d);
    memcpy(out, d.b, GRANT_DIGEST_LEN);
}

/* ---- done to the code, as the calls of the API do it ---- */

static const unsigned permissions[3] = {KW_READ_ONLY, KW_TRANSACTIONS, KW_FULL_ACCESS};
static const enum freeze freezes[3] = {FREEZE_NOTHING, FREEZE_TRANSACT, FREEZE_ALL};
static const enum rotation_overdue overdues[] = {
    [MODEL_ALERT] = OVERDUE_ALERT, [MODEL_READ_ONLY] = OVERDUE_READ_ONLY, [MODEL_EXPIRE] = OVERDUE_EXPIRE};

static enum kw_err create(struct lives *l, unsigned key, const struct deed *d)
{
    struct grant g = {.account = "acme",
                      .name = "A key",
                      .environment = KW_SANDBOX,
                      .permissions = KW_FULL_ACCESS,
                      .state = KEY_ACTIVE,
                      .created_by = "uid:0",
                      .generation = 1,
                      .secret_since_ms = d->now_ms};

    key_id(l, key, g.id);
    digest_text(l, key, d->secret, g.digest);
    return sync_create_key(l->h.sync, actor, &g, NULL);
}

static void change(struct grant *g, const struct deed *d)
{
    if (d->kind == DEED_PERMIT)
        g->permissions = permissions[d->value];
    if (d->kind == DEED_EXPIRE)
        g->expires_ms = d->value == 0 ? 0 : d->now_ms + model_expiries_ms[d->value];
    if (d->kind == DEED_FREEZE)
        g->frozen = freezes[d->value];
    if (d->kind == DEED_ROTATE_BY) {
        g->rotation_days = model_days[d->value];
        g->overdue = overdues[model_overdues[d->value]];
    }
}

static enum key_step step_of(enum deed_kind kind)
{
    static const enum key_step steps[DEED_KINDS] = {
        [DEED_CREATE] = STEP_CHANGE,    [DEED_PERMIT] = STEP_CHANGE, [DEED_EXPIRE] = STEP_CHANGE,
        [DEED_ROTATE_BY] = STEP_CHANGE, [DEED_FREEZE] = STEP_CHANGE, [DEED_DISABLE] = STEP_DISABLE,
        [DEED_ENABLE] = STEP_ENABLE,    [DEED_REVOKE] = STEP_REVOKE, [DEED_ROTATE] = STEP_CHANGE,
        [DEED_COMPLETE] = STEP_CHANGE,  [DEED_CANCEL] = STEP_CHANGE};

    return steps[kind];
}

static enum kw_err rotate(const struct lives *l, unsigned key, struct grant *g, const struct deed *d)
{
    uint8_t digest[GRANT_DIGEST_LEN];

    digest_text(l, key, d->secret, digest);
    return rotation_begin(g, digest, (uint32_t)(model_overlaps_ms[d->value] / 1000), d->now_ms);
}

static enum kw_err lead(const struct lives *l, unsigned key, struct grant *g, const struct deed *d)
{
    bool is_over = lifecycle_expired(grant_ends_ms(g), d->now_ms);

    TRY(lifecycle_step(g->state, is_over, step_of(d->kind), &g->state));
    if (d->kind == DEED_ROTATE)
        return rotate(l, key, g, d);
    if (d->kind == DEED_COMPLETE)
        return rotation_complete(g, d->now_ms);
    if (d->kind == DEED_CANCEL)
        return rotation_cancel(g, d->now_ms);
    change(g, d);
    return KW_OK;
}

static enum kw_err read_key(struct lives *l, unsigned key, struct grant *g)
{
    char id[KW_KEY_ID_LEN + 1];

    key_id(l, key, id);
    enum kw_err err = store_key(sync_lock(l->h.sync), str_from(id), NULL, g);
    sync_unlock(l->h.sync);
    return err;
}

static enum kw_err do_to_key(struct lives *l, unsigned key, const struct deed *d, bool *refused)
{
    struct grant g;

    enum kw_err err = read_key(l, key, &g);
    if (d->kind == DEED_CREATE) {
        *refused = err == KW_OK;
        return err == KW_ENOTFOUND ? create(l, key, d) : err;
    }
    if (err == KW_OK)
        err = lead(l, key, &g, d);
    *refused = err != KW_OK;
    TRY(err);
    return d->kind == DEED_ROTATE ? sync_rotate_key(l->h.sync, actor, &g, NULL)
                                  : sync_change_key(l->h.sync, actor, &g);
}

static void read_account(struct lives *l, struct account *a)
{
    assert_ok(store_account(sync_lock(l->h.sync), STR("acme"), a));
    sync_unlock(l->h.sync);
}

static void read_environment(struct lives *l, struct environment *e)
{
    assert_ok(store_environment(sync_lock(l->h.sync), KW_SANDBOX, e));
    sync_unlock(l->h.sync);
}

static enum kw_err do_to_account(struct lives *l, const struct deed *d)
{
    struct account a;

    read_account(l, &a);
    if (d->kind == DEED_FREEZE)
        a.frozen = freezes[d->value];
    else
        a.state = d->kind == DEED_DISABLE ? ACCOUNT_SUSPENDED : ACCOUNT_ACTIVE;
    return sync_put_account(l->h.sync, actor, &a, NULL);
}

static enum kw_err do_to_environment(struct lives *l, const struct deed *d)
{
    struct environment e;

    read_environment(l, &e);
    e.frozen = freezes[d->value];
    return sync_put_environment(l->h.sync, actor, &e);
}

enum kw_err lives_do(struct lives *l, unsigned thing, const struct deed *d, bool *refused)
{
    *refused = false;
    if (thing == LIVES_ACCOUNT)
        return do_to_account(l, d);
    return thing == LIVES_ENVIRONMENT ? do_to_environment(l, d) : do_to_key(l, thing, d, refused);
}

void lives_renew(struct lives *l)
{
    for (unsigned key = 0; key < LIVES_KEYS; key++) {
        struct thing *t = &l->things[key];
        if (t->certainty == SURE && t->is.state != MODEL_NONE &&
            model_is_over(&t->is, lives_now_ms(l)) && lives_draw(l, 4) == 0) {
            *t = (struct thing){.certainty = SURE};
            l->n_reborn[key]++;
        }
    }
}

/* ---- what the store has ---- */

static unsigned first_frozen(enum freeze frozen)
{
    return frozen == FREEZE_NOTHING    ? MODEL_CLASSES
           : frozen == FREEZE_TRANSACT ? MODEL_TRANSACT
                                       : MODEL_READ;
}

static bool is_secret(const struct lives *l, unsigned key, unsigned secret,
                      const uint8_t there[GRANT_DIGEST_LEN])
{
    struct digest asked, stored;

    digest_text(l, key, secret, asked.b);
    memcpy(stored.b, there, sizeof stored.b);
    return digest_eq(&asked, &stored);
}

static bool is_key(struct lives *l, unsigned key, const struct model *m)
{
    static const enum model_state states[] = {
        [KEY_REVOKED] = MODEL_REVOKED, [KEY_ACTIVE] = MODEL_ACTIVE, [KEY_DISABLED] = MODEL_DISABLED};
    struct grant g;

    enum kw_err err = read_key(l, key, &g);
    if (err == KW_ENOTFOUND || m->state == MODEL_NONE)
        return err == KW_ENOTFOUND && m->state == MODEL_NONE;
    assert_ok(err);
    return states[g.state] == m->state && g.permissions == permissions[m->opens] &&
           first_frozen(g.frozen) == m->frozen && g.expires_ms == m->expires_ms &&
           g.rotation_days == m->days && g.overdue == overdues[m->overdue] &&
           g.secret_since_ms == m->since_ms && is_secret(l, key, m->secret, g.digest) &&
           (m->old_secret == 0 ? g.old_ends_ms == 0 : is_secret(l, key, m->old_secret, g.old_digest)) &&
           (m->is_open ? g.old_ends_ms == m->until_ms : g.old_ends_ms <= 0);
}

static bool is_account(struct lives *l, const struct model *m)
{
    struct account a;

    read_account(l, &a);
    return (a.state == ACCOUNT_ACTIVE) == (m->state == MODEL_ACTIVE) &&
           first_frozen(a.frozen) == m->frozen;
}

static bool is_environment(struct lives *l, const struct model *m)
{
    struct environment e;

    read_environment(l, &e);
    return first_frozen(e.frozen) == m->frozen;
}

static bool is_stored(struct lives *l, unsigned thing, const struct model *m)
{
    if (thing == LIVES_ACCOUNT)
        return is_account(l, m);
    return thing == LIVES_ENVIRONMENT ? is_environment(l, m) : is_key(l, thing, m);
}

void lives_settle(struct lives *l, unsigned thing, bool is_new)
{
    struct thing *t = &l->things[thing];

    t->waits = t->waits && !is_new;
    if (is_stored(l, thing, &t->is))
        t->was = t->is;
    else if (is_stored(l, thing, &t->was) && t->certainty == BOTH && !is_new)
        return; /* it is still in force, and to be saved */
    else if (is_stored(l, thing, &t->was))
        t->is = t->was;
    else
        fail_msg(
            "seed %llu, deed %u: what is stored of %u is neither what it was nor what it became",
            (unsigned long long)l->seed, l->n_deeds, thing);
    t->certainty = SURE;
}

/* ---- what the verifier says ---- */

static bool weigh(const struct thing *t, bool was, bool is)
{
    return t->certainty == SURE ? is : t->certainty == BOTH ? was && is : was || is;
}

static bool place_may(const struct thing *t, enum model_class c)
{
    return weigh(t, model_place_allows(&t->was, c), model_place_allows(&t->is, c));
}

static bool key_may(const struct thing *t, unsigned secret, enum model_class c, int64_t now_ms)
{
    return weigh(t, model_key_allows(&t->was, secret, c, now_ms),
                 model_key_allows(&t->is, secret, c, now_ms));
}

static enum kw_reason ask(struct lives *l, unsigned key, unsigned secret, enum model_class c)
{
    static const struct kw_str targets[MODEL_CLASSES] = {
        {"/read", 5}, {"/transact", 9}, {"/other", 6}};
    char text[KEY_MAX];
    struct kw_str keys = {text, key_text(l, key, secret, text)};
    struct kw_decision d;
    struct kw_request r = {.method = {"GET", 3},
                           .target = targets[c],
                           .keys = &keys,
                           .n_keys = 1,
                           .environment = KW_SANDBOX,
                           .flags = KW_REQ_TLS};

    assert_ok(kw_authorize_at(l->h.engine, &r, clock_boot_us() + (uint64_t)l->ahead_ms * 1000, &d));
    return d.verdict == KW_ALLOW ? KW_WHY_ALLOWED : d.reason;
}

static void check_one(struct lives *l, unsigned key, unsigned secret, enum model_class c)
{
    const struct thing *k = &l->things[key], *a = &l->things[LIVES_ACCOUNT],
                       *e = &l->things[LIVES_ENVIRONMENT];
    bool sure = k->certainty == SURE && a->certainty == SURE && e->certainty == SURE;

    enum kw_reason why = ask(l, key, secret, c);
    bool is = why == KW_WHY_ALLOWED;
    bool may = key_may(k, secret, c, lives_now_ms(l)) && place_may(a, c) && place_may(e, c);
    l->n_allowed += is;
    l->n_denied += !is;
    if ((is && !may) || (sure && may && !is))
        fail_msg("seed %llu, deed %u: key %u, secret %u, class %d came to %s, and may%s",
                 (unsigned long long)l->seed, l->n_deeds, key, secret, c, kw_reason_name(why),
                 may ? "" : " not");
}

void lives_check(struct lives *l)
{
    house_drain(&l->h);
    for (unsigned key = 0; key < LIVES_KEYS; key++) {
        const struct thing *k = &l->things[key];
        const unsigned secrets[] = {k->was.secret, k->is.secret, k->was.old_secret,
                                    k->is.old_secret, (unsigned)lives_draw(l, l->n_secrets + 1)};
        for (size_t i = 0; i < COUNT_OF(secrets); i++)
            check_one(l, key, secrets[i], (enum model_class)lives_draw(l, MODEL_CLASSES));
    }
}
