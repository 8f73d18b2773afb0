/* load.c - the whole store, believed only as far as the log of its changes confirms it. Log and rows are read at once,
 * by two threads, and compared at the end: after a start of the machine nobody is let in before that. */
#include <pthread.h>

#include "store/inside.h"
#include "store/newest.h"

/* ---- the log ---- */

struct walk {        /* touched by its thread alone until that has ended */
    struct store *s; /* whose connection and seals it uses */
    struct link saved;
    struct newest newest;
    uint64_t n; /* the entry that was followed last */
    enum kw_err err;
};

static enum kw_err note(void *ctx, const struct entry *e)
{
    struct walk *w = ctx;

    TRY(newest_follow(&w->newest, &e->change, &e->seal));
    w->n = e->change.n;
    return KW_OK;
}

static enum kw_err follow(struct walk *w)
{
    struct link start, end;

    TRY(chain_start(w->s->seals.log, &start));
    TRY(log_walk(w->s, &start, INT64_MAX, 0, note, w, &end));
    return end.n == w->saved.n && digest_eq(&end.mac, &w->saved.mac) ? KW_OK : KW_EDAMAGED;
}

static void *walk(void *ctx)
{
    struct walk *w = ctx;

    w->err = follow(w);
    return NULL;
}

/* Neither a connection nor a sealer serves two threads. Only serve has the database open, and writes nothing now: what
 * the other one sees is the same. */
static enum kw_err open_beside(const struct store *s, struct store *out)
{
    char why[WHY_MAX];

    TRY(seals_open(s->master_key, &out->seals, why));
    return db_open(s->database, &out->db, why);
}

static void beside_deinit(struct store *beside)
{
    db_close(&beside->db);
    seals_close(&beside->seals);
}

/* ---- the rows ---- */

struct loading {
    struct store *s;
    const struct store_visitor *v;
    struct walk log;
    struct newest rows;
    uint32_t slot; /* the row that is being looked at */
};

static void loading_deinit(struct loading *l)
{
    newest_deinit(&l->log.newest);
    newest_deinit(&l->rows);
}

static enum kw_err load_account(struct loading *l, sqlite3_stmt *st)
{
    struct account a;
    struct digest seal;

    TRY(account_take(st, &a, &seal));
    l->slot = a.slot;
    TRY(newest_put(&l->rows, CHANGE_ACCOUNT, a.slot, a.version, &seal));
    TRY(seal_check_account(l->s, &a, &seal));
    return l->v->account(l->v->ctx, &a);
}

static enum kw_err load_key(struct loading *l, sqlite3_stmt *st)
{
    struct grant g;
    struct digest seal;

    TRY(key_take(st, &g, &seal));
    l->slot = g.slot;
    TRY(newest_put(&l->rows, CHANGE_KEY, g.slot, g.version, &seal));
    TRY(seal_check_key(l->s, &g, &seal));
    return l->v->key(l->v->ctx, &g);
}

static enum kw_err load_member(struct loading *l, sqlite3_stmt *st)
{
    struct member m;
    struct digest seal;

    TRY(member_take(st, &m, &seal));
    l->slot = m.slot;
    TRY(newest_put(&l->rows, CHANGE_MEMBER, m.slot, m.version, &seal));
    return seal_check_member(l->s, &m, &seal);
}

static enum kw_err load_token(struct loading *l, sqlite3_stmt *st)
{
    struct token t;
    struct digest seal;

    TRY(token_take(st, &t, &seal));
    l->slot = t.slot;
    TRY(newest_put(&l->rows, CHANGE_TOKEN, t.slot, t.version, &seal));
    return seal_check_token(l->s, &t, &seal);
}

static enum kw_err load_environment(struct loading *l, sqlite3_stmt *st)
{
    struct environment e;
    struct digest seal;

    TRY(environment_take(st, &e, &seal));
    l->slot = e.slot;
    TRY(newest_put(&l->rows, CHANGE_ENVIRONMENT, e.slot, e.version, &seal));
    TRY(seal_check_environment(l->s, &e, &seal));
    return l->v->environment(l->v->ctx, &e);
}

static enum kw_err load_family(struct loading *l, sqlite3_stmt *st)
{
    struct family f;

    TRY(family_verified(l->s, st, &f));
    l->slot = f.slot;
    return l->v->family(l->v->ctx, &f);
}

static enum kw_err load_spend_rules(struct loading *l, sqlite3_stmt *st)
{
    struct spend_row r;
    struct digest seal;

    TRY(spend_rules_take(st, &r, &seal));
    l->slot = r.slot;
    TRY(newest_put(&l->rows, CHANGE_SPEND_RULES, r.slot, r.version, &seal));
    return seal_check_spend_rules(l->s, &r, &seal);
}

static enum kw_err load_document(struct loading *l, sqlite3_stmt *st)
{
    struct document d;
    struct digest seal;

    TRY(document_take(st, &d, &seal));
    l->slot = d.slot;
    TRY(newest_put(&l->rows, CHANGE_DOCUMENT, d.slot, d.version, &seal));
    return seal_check_document(l->s, &d, &seal);
}

static enum kw_err load_rows(struct loading *l, enum sql which,
                             enum kw_err (*load)(struct loading *, sqlite3_stmt *))
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    l->slot = 0;
    TRY(db_ask(&l->s->db, which, &st));
    enum kw_err err;
    while (db_next(st, &err)) {
        TRY(load(l, st));
    }
    return err;
}

static enum kw_err load_policy(struct loading *l)
{
    AUTO(buf_deinit) struct buf document = BUF_MAX(POLICY_DOCUMENT_MAX);
    struct digest seal;
    uint32_t version;

    TRY(store_policy(l->s, &version, &document));
    if (version == 0)
        return KW_OK;
    TRY(seal_image(l->s, &seal)); /* store_policy leaves its image */
    TRY(newest_put(&l->rows, CHANGE_POLICY, 0, version, &seal));
    return l->v->policy(l->v->ctx, version, buf_view(&document));
}

/* ---- both ---- */

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

static const struct kind_of_row {
    enum change_kind kind;
    enum sql which;
    enum kw_err (*load)(struct loading *l, sqlite3_stmt *st);
    const char *what;
} kinds[] = {
    /* a key is published into its account */
    {CHANGE_ACCOUNT, SQL_ACCOUNTS_LOAD, load_account, "account in slot"},
    {CHANGE_KEY, SQL_KEYS_LOAD, load_key, "key in slot"},
    {CHANGE_MEMBER, SQL_MEMBERS_LOAD, load_member, "member in slot"},
    {CHANGE_TOKEN, SQL_TOKENS_LOAD, load_token, "management token in slot"},
    {CHANGE_ENVIRONMENT, SQL_ENVIRONMENTS_LOAD, load_environment, "environment in slot"},
    {CHANGE_FAMILY, SQL_FAMILIES_LOAD, load_family, "family of tokens in slot"},
    {CHANGE_SPEND_RULES, SQL_SPEND_RULES_LOAD, load_spend_rules, "spend rules of the key in slot"},
    {CHANGE_DOCUMENT, SQL_DOCUMENTS_LOAD, load_document, "document in slot"},
};

static enum kw_err read_rows(struct loading *l, char why[WHY_MAX])
{
    enum kw_err err;

    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        err = load_rows(l, kinds[i].which, kinds[i].load);
        if (err != KW_OK)
            return explain(l, err, kinds[i].what, l->slot, why);
    }
    err = load_policy(l);
    if (err != KW_OK)
        return explain(l, err, "policy version", l->rows.policy.at[0].version, why);
    return KW_OK;
}

static enum kw_err compare(const struct loading *l, char why[WHY_MAX])
{
    const struct newest *log = &l->log.newest;
    uint32_t slot;

    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (!newest_same(log, &l->rows, kinds[i].kind, &slot))
            return explain(l, KW_EDAMAGED, kinds[i].what, slot, why);
    if (!newest_same(log, &l->rows, CHANGE_POLICY, &slot))
        return explain(l, KW_EDAMAGED, "policy version", log->policy.at[0].version, why);
    return KW_OK;
}

/* Without a second connection or thread, one after the other. */
static enum kw_err read_both(struct loading *l, char why[WHY_MAX])
{
    AUTO(beside_deinit) struct store beside = {0};
    pthread_t thread;

    bool is_apart = open_beside(l->s, &beside) == KW_OK;
    l->log.s = is_apart ? &beside : l->s;
    is_apart = is_apart && pthread_create(&thread, NULL, walk, &l->log) == 0;
    if (!is_apart)
        walk(&l->log);
    enum kw_err err = read_rows(l, why);
    if (is_apart)
        pthread_join(thread, NULL);
    if (l->log.err != KW_OK)
        return explain(l, l->log.err, "entry of the change log", l->log.n + 1, why);
    TRY(err);
    return compare(l, why);
}

static enum kw_err load(struct store *s, const struct store_visitor *v, char why[WHY_MAX])
{
    AUTO(loading_deinit) struct loading l = {.s = s, .v = v, .log.saved = s->saved};
    struct store_counts counts;

    enum kw_err err = store_counts(s, &counts);
    if (err != KW_OK)
        return explain(&l, err, "row", 0, why);
    TRY(newest_init(&l.log.newest, &counts));
    TRY(newest_init(&l.rows, &counts));
    return read_both(&l, why);
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
