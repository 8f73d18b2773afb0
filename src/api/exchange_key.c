/* exchange_key.c - the call by which a key is exchanged for an access token and a refresh token: the key itself is all it takes. */
#include "api/api.h"
#include "api/pair.h"
#include "core/key.h"
#include "core/permission.h"
#include "crypto/digest.h"

static struct str key_of(const struct call *c)
{
    return c->n_keys == 0 ? (struct str){NULL, 0} : (struct str){c->keys[0].p, c->keys[0].n};
}

/* A key is for its own environment here: there is no host of another. */
static enum kw_environment environment_of(const struct call *c)
{
    struct key key;

    return key_parse(key_of(c), str_from(c->server->config->brand), &key) == KW_OK
               ? key.environment
               : KW_NO_ENVIRONMENT;
}

/* As few as one likes; 0: all of the key's. That the key has them is for the decision to say. */
static enum kw_err read_permissions(struct call *c, unsigned *out)
{
    const json_t *list;
    enum kw_permission one;

    TRY(json_in_list(c->body, "permissions", 4, &c->problem, &list));
    if (list == NULL)
        return KW_OK;
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (permission_parse(json_in_item(list, i), &one) != KW_OK)
            return problem_field(
                &c->problem, "syntax", "permissions",
                "They are read_only, transactions, account_management, full_access");
        *out |= one;
    }
    return *out != 0
               ? KW_OK
               : problem_field(&c->problem, "range", "permissions",
                               "Name at least one, or leave the member out: all of the key's");
}

static enum kw_err read_access(struct call *c, uint32_t *out)
{
    *out = FAMILY_ACCESS_S;
    TRY(json_in_u32(c->body, "expiresIn", FAMILY_ACCESS_MAX_S, &c->problem, out));
    return *out >= FAMILY_ACCESS_MIN_S
               ? KW_OK
               : problem_field(&c->problem, "range", "expiresIn", "It is %d to %d seconds",
                               FAMILY_ACCESS_MIN_S, FAMILY_ACCESS_MAX_S);
}

static enum kw_err read_wish(struct call *c, struct family *f)
{
    static const char *const names[] = {"permissions", "expiresIn", NULL};

    TRY(call_no_parameters(c));
    TRY(json_in_only(c->body, names, &c->problem));
    TRY(read_permissions(c, &f->permissions));
    return read_access(c, &f->access_s);
}

static void fill_in(const struct call *c, const struct kw_decision *d, struct family *f)
{
    AUTO(digest_wipe) struct digest digest = {.b = {0}};

    if (f->permissions == 0)
        f->permissions = d->permissions;
    digest_of(key_of(c), &digest);
    f->secret_mark = family_secret_mark(digest.b);
    memcpy(f->key, d->key_id, sizeof f->key);
    f->environment = d->environment;
    f->state = FAMILY_ACTIVE;
    f->created_from = c->source;
    f->created_ms = c->now_ms;
    f->ends_ms = c->now_ms + FAMILY_LIFE_S * INT64_C(1000);
    f->access_ends_ms = c->now_ms + f->access_s * INT64_C(1000);
}

/* Every key may be exchanged: what it was refused for is what it was to be exchanged for. */
static enum kw_err refuse(struct call *c, const struct refusal *r)
{
    enum kw_reason why = r->decision.reason;

    if (why == KW_WHY_PERMISSION_DENIED || why == KW_WHY_ROTATION_OVERDUE)
        return problem_field(&c->problem, "range", "permissions",
                             "The key itself has not all of them at this moment");
    return refusal_say(c, r);
}

/* All of the body is read before the key is looked at: what is wrong with it costs the key nothing, and is no use of it. */
enum kw_err tokens_exchange(struct call *c)
{
    struct pair *p;

    TRY(pair_new(c, &p));
    struct family *f = &p->job.family;
    TRY(read_wish(c, f));
    const struct engine_use use = {.kind = USE_EXCHANGE, .permissions = f->permissions};
    TRY(refusal_decide(c, c->keys, c->n_keys, environment_of(c), &use, &p->refusal));
    if (!refusal_allows(&p->refusal))
        return refuse(c, &p->refusal);
    p->job.what = MINT_EXCHANGE;
    fill_in(c, &p->refusal.decision, f);
    pair_go(p);
    return KW_OK;
}
