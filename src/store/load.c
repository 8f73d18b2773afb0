/* load.c - the whole store, believed only as far as the log of its changes confirms it. */
#include <assert.h>
#include <stdlib.h>

#include "store/inside.h"

/* Twelve bytes of a seal that was itself verified in full: they tell apart two genuine rows of one
 * version, which only a database that went on from an older copy can hold. */
struct newest {
    uint32_t version; /* 0: no entry */
    uint8_t seal[12];
};
static_assert(sizeof(struct newest) == 16, "16 bytes per object");

struct list {          /* by slot; [0] unused */
    struct newest *at; /* owns */
    uint32_t max;
};

struct loading {
    struct store *s;
    const struct store_visitor *v;
    struct list keys, accounts;
    struct newest policy;
    uint64_t n;    /* the entry that was followed last */
    uint32_t slot; /* the row that is being looked at */
};

static void loading_deinit(struct loading *l)
{
    free(l->keys.at);
    free(l->accounts.at);
}

static enum kw_err list_init(struct list *l, uint32_t max)
{
    l->max = max;
    l->at = calloc((size_t)max + 1, sizeof *l->at);
    return l->at == NULL ? KW_ENOMEM : KW_OK;
}

static struct newest newest_by(uint32_t version, const struct digest *seal)
{
    struct newest newest = {.version = version};

    memcpy(newest.seal, seal->b, sizeof newest.seal);
    return newest;
}

static struct newest *in_list(struct list *l, uint32_t slot)
{
    return slot >= 1 && slot <= l->max ? &l->at[slot] : NULL;
}

static struct newest *newest_of(struct loading *l, const struct change *c)
{
    switch (c->kind) {
    case CHANGE_KEY:
        return in_list(&l->keys, c->object);
    case CHANGE_ACCOUNT:
        return in_list(&l->accounts, c->object);
    case CHANGE_POLICY:
        return c->object == 0 ? &l->policy : NULL;
    }
    return NULL;
}

/* Versions count up by one: were an entry missing, the chain would be broken; were a row changed
 * from an older one than the newest, a version would come twice. */
static enum kw_err note(void *ctx, const struct entry *e)
{
    struct loading *l = ctx;
    struct newest *newest = newest_of(l, &e->change);

    if (newest == NULL || e->change.version != newest->version + 1)
        return KW_EDAMAGED;
    *newest = newest_by(e->change.version, &e->seal);
    l->n = e->change.n;
    return KW_OK;
}

static enum kw_err load_log(struct loading *l)
{
    struct link start, end;

    TRY(chain_start(l->s->seals.log, &start));
    TRY(log_walk(l->s, &start, INT64_MAX, 0, note, l, &end));
    return end.n == l->s->saved.n && digest_eq(&end.mac, &l->s->saved.mac) ? KW_OK : KW_EDAMAGED;
}

static bool is_confirmed(const struct newest *newest, uint32_t version, const struct digest *seal)
{
    const struct newest row = newest_by(version, seal);

    return newest != NULL && memcmp(newest, &row, sizeof row) == 0;
}

/* Goes from the last row's slot to this one's: no object with entries may lie between them. */
static enum kw_err move_to(struct loading *l, const struct list *list, uint32_t slot)
{
    for (uint32_t at = l->slot + 1; at < slot; at++) {
        l->slot = at;
        if (list->at[at].version != 0)
            return KW_EDAMAGED;
    }
    l->slot = slot;
    return KW_OK;
}

static enum kw_err load_end(struct loading *l, const struct list *list)
{
    return list->max == UINT32_MAX ? KW_OK : move_to(l, list, list->max + 1);
}

static enum kw_err load_account(struct loading *l, sqlite3_stmt *st)
{
    struct account a;
    struct digest seal;

    TRY(account_take(st, &a, &seal));
    TRY(move_to(l, &l->accounts, a.slot));
    if (!is_confirmed(in_list(&l->accounts, a.slot), a.version, &seal))
        return KW_EDAMAGED;
    TRY(seal_check_account(l->s, &a, &seal));
    return l->v->account(l->v->ctx, &a);
}

static enum kw_err load_key(struct loading *l, sqlite3_stmt *st)
{
    struct grant g;
    struct digest seal;

    TRY(key_take(st, &g, &seal));
    TRY(move_to(l, &l->keys, g.slot));
    if (!is_confirmed(in_list(&l->keys, g.slot), g.version, &seal))
        return KW_EDAMAGED;
    TRY(seal_check_key(l->s, &g, &seal));
    return l->v->key(l->v->ctx, &g);
}

static enum kw_err load_rows(struct loading *l, enum sql which, const struct list *list,
                             enum kw_err (*load)(struct loading *, sqlite3_stmt *))
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    l->slot = 0;
    TRY(db_ask(&l->s->db, which, &st));
    for (;;) {
        enum kw_err err = db_row(st);
        if (err == KW_ENOTFOUND)
            return load_end(l, list);
        TRY(err);
        TRY(load(l, st));
    }
}

static enum kw_err load_policy(struct loading *l)
{
    AUTO(buf_deinit) struct buf document = BUF_MAX(POLICY_DOCUMENT_MAX);
    struct digest seal;
    uint32_t version;

    TRY(store_policy(l->s, &version, &document));
    if (version == 0)
        return l->policy.version == 0 ? KW_OK : KW_EDAMAGED;
    TRY(seal_image(l->s, &seal)); /* store_policy leaves its image */
    if (!is_confirmed(&l->policy, version, &seal))
        return KW_EDAMAGED;
    return l->v->policy(l->v->ctx, version, buf_view(&document));
}

static enum kw_err explain(const struct loading *l, enum kw_err err, const char *what,
                           unsigned long long number, char why[WHY_MAX])
{
    if (err == KW_EDAMAGED)
        return because(why, err,
                       "%s %llu is not as Keyward wrote it; nothing is published from this "
                       "database: " WHY_PUT_BACK,
                       what, number);
    return because(why, err, "loading stopped at %s %llu: %s (%s)", what, number, kw_strerror(err),
                   sqlite3_errmsg(l->s->db.conn));
}

static enum kw_err load_all(struct loading *l, char why[WHY_MAX])
{
    enum kw_err err = load_log(l);
    if (err != KW_OK)
        return explain(l, err, "entry of the change log", l->n + 1, why);
    err = load_rows(l, SQL_ACCOUNTS_LOAD, &l->accounts, load_account);
    if (err != KW_OK)
        return explain(l, err, "account in slot", l->slot, why);
    err = load_rows(l, SQL_KEYS_LOAD, &l->keys, load_key);
    if (err != KW_OK)
        return explain(l, err, "key in slot", l->slot, why);
    err = load_policy(l);
    if (err != KW_OK)
        return explain(l, err, "policy version", l->policy.version, why);
    return KW_OK;
}

static enum kw_err load(struct store *s, const struct store_visitor *v, char why[WHY_MAX])
{
    AUTO(loading_deinit) struct loading l = {.s = s, .v = v};
    struct store_counts counts;

    enum kw_err err = store_counts(s, &counts);
    if (err != KW_OK)
        return explain(&l, err, "row", 0, why);
    TRY(list_init(&l.keys, counts.max_key_slot));
    TRY(list_init(&l.accounts, counts.max_account_slot));
    return load_all(&l, why);
}

enum kw_err store_load(struct store *s, const struct store_visitor *v, char why[256])
{
    if (s->is_changing)
        return because(why, KW_EINVAL, "a change is open");
    enum kw_err err = db_begin(&s->db, SQL_BEGIN_READING);
    if (err == KW_OK) {
        why[0] = '\0';
        err = load(s, v, why);
        ignore(db_run(&s->db, SQL_ROLLBACK)); /* it was only read */
    }
    return err == KW_OK || why[0] != '\0' ? err : because(why, err, "%s", kw_strerror(err));
}
