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

/* As few as one likes, and none that the key has not. */
static enum kw_err read_permissions(struct call *c, unsigned held, unsigned *out)
{
    const json_t *list;
    enum kw_permission one;

    *out = held;
    TRY(json_in_list(c->body, "permissions", 4, &c->problem, &list));
    if (list == NULL)
        return KW_OK;
    *out = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (permission_parse(json_in_item(list, i), &one) != KW_OK)
            return problem_field(
                &c->problem, "syntax", "permissions",
                "They are read_only, transactions, account_management, full_access");
        *out |= one;
    }
    for (enum kw_class k = KW_CLASS_UNLISTED; k <= KW_CLASS_MANAGE; k++)
        if (permission_opens(*out, k) && !permission_opens(held, k))
            return problem_field(&c->problem, "range", "permissions",
                                 "The key itself has not all of them");
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

static enum kw_err read_family(struct call *c, const struct kw_decision *d, struct family *f)
{
    AUTO(digest_wipe) struct digest digest = {.b = {0}};

    TRY(read_permissions(c, d->permissions, &f->permissions));
    TRY(read_access(c, &f->access_s));
    digest_of(key_of(c), &digest);
    f->secret_mark = family_secret_mark(digest.b);
    memcpy(f->key, d->key_id, sizeof f->key);
    f->environment = d->environment;
    f->state = FAMILY_ACTIVE;
    f->created_from = c->source;
    f->created_ms = c->now_ms;
    f->ends_ms = c->now_ms + FAMILY_LIFE_S * INT64_C(1000);
    f->access_ends_ms = c->now_ms + f->access_s * INT64_C(1000);
    return KW_OK;
}

/* The body is looked at in its form before the key is: what is malformed costs the key nothing. */
enum kw_err tokens_exchange(struct call *c)
{
    static const char *const names[] = {"permissions", "expiresIn", NULL};
    const struct engine_use use = {.family = NULL};
    struct pair *p;

    TRY(call_no_parameters(c));
    TRY(json_in_only(c->body, names, &c->problem));
    TRY(pair_new(c, &p));
    TRY(refusal_decide(c, c->keys, c->n_keys, environment_of(c), &use, &p->refusal));
    if (!refusal_allows(&p->refusal))
        return refusal_say(c, &p->refusal);
    p->job.what = MINT_EXCHANGE;
    TRY(read_family(c, &p->refusal.decision, &p->job.family));
    pair_go(p);
    return KW_OK;
}
