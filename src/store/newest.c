/* newest.c - see newest.h. */
#include "store/newest.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static_assert(sizeof(struct newest_one) == 16, "16 bytes per object");

static enum kw_err list_init(struct newest_list *l, uint32_t n)
{
    l->n = n;
    l->at = calloc((size_t)n + 1, sizeof *l->at); /* never none: that could be NULL */
    return l->at == NULL ? KW_ENOMEM : KW_OK;
}

enum kw_err newest_init(struct newest *n, const struct store_counts *counts)
{
    TRY(list_init(&n->keys, counts->max_key_slot));
    TRY(list_init(&n->accounts, counts->max_account_slot));
    TRY(list_init(&n->members, counts->max_member_slot));
    TRY(list_init(&n->tokens, counts->max_token_slot));
    TRY(list_init(&n->environments, KW_PRODUCTION));
    TRY(list_init(&n->spend_rules, counts->max_spend_slot));
    TRY(list_init(&n->documents, counts->max_document_slot));
    return list_init(&n->policy, 1);
}

void newest_deinit(struct newest *n)
{
    free(n->keys.at);
    free(n->accounts.at);
    free(n->members.at);
    free(n->tokens.at);
    free(n->policy.at);
    free(n->environments.at);
    free(n->spend_rules.at);
    free(n->documents.at);
    *n = (struct newest){0};
}

static struct newest_list list_of(const struct newest *n, enum change_kind kind)
{
    switch (kind) {
    case CHANGE_KEY:
        return n->keys;
    case CHANGE_ACCOUNT:
        return n->accounts;
    case CHANGE_POLICY:
        return n->policy;
    case CHANGE_MEMBER:
        return n->members;
    case CHANGE_TOKEN:
        return n->tokens;
    case CHANGE_ENVIRONMENT:
        return n->environments;
    case CHANGE_FAMILY: /* a row may be missing; what there is is compared one by one */
        break;
    case CHANGE_SPEND_RULES:
        return n->spend_rules;
    case CHANGE_DOCUMENT:
        return n->documents;
    }
    return (struct newest_list){0};
}

static uint32_t first_of(enum change_kind kind)
{
    return kind == CHANGE_POLICY ? 0 : 1;
}

static struct newest_one *place_of(struct newest *n, enum change_kind kind, uint32_t object)
{
    struct newest_list l = list_of(n, kind);
    uint32_t i = object - first_of(kind);

    return i < l.n ? &l.at[i] : NULL;
}

static struct newest_one one(uint32_t version, const struct digest *seal)
{
    struct newest_one o = {.version = version};

    memcpy(o.seal, seal->b, sizeof o.seal);
    return o;
}

enum kw_err newest_follow(struct newest *n, const struct change *c, const struct digest *seal)
{
    struct newest_one *place = place_of(n, c->kind, c->object);

    if (c->kind == CHANGE_FAMILY)
        return KW_OK;
    if (place == NULL || c->version != place->version + 1)
        return KW_EDAMAGED;
    *place = one(c->version, seal);
    return KW_OK;
}

enum kw_err newest_put(struct newest *n, enum change_kind kind, uint32_t object, uint32_t version,
                       const struct digest *seal)
{
    struct newest_one *place = place_of(n, kind, object);

    if (place == NULL)
        return KW_EDAMAGED;
    *place = one(version, seal);
    return KW_OK;
}

bool newest_same(const struct newest *a, const struct newest *b, enum change_kind kind,
                 uint32_t *object)
{
    const struct newest_list x = list_of(a, kind), y = list_of(b, kind);
    uint32_t i = 0;

    while (i < x.n && i < y.n && memcmp(&x.at[i], &y.at[i], sizeof x.at[i]) == 0)
        i++;
    *object = i + first_of(kind);
    return i == x.n && i == y.n;
}
