/* recover.c - a database verified as a whole; and one accepted as it is, then named by head. */
#include "store/head.h"
#include "store/inside.h"

static enum kw_err no_account(void *ctx, const struct account *a)
{
    (void)ctx, (void)a;
    return KW_OK;
}

static enum kw_err no_key(void *ctx, const struct grant *g)
{
    (void)ctx, (void)g;
    return KW_OK;
}

static enum kw_err no_policy(void *ctx, uint32_t version, struct str document)
{
    (void)ctx, (void)version, (void)document;
    return KW_OK;
}

static enum kw_err no_family(void *ctx, const struct family *f)
{
    (void)ctx;
    (void)f;
    return KW_OK;
}

static enum kw_err no_environment(void *ctx, const struct environment *e)
{
    (void)ctx;
    (void)e;
    return KW_OK;
}

static enum kw_err follow_to_the_end(struct store *s, char why[WHY_MAX])
{
    struct link start;

    TRY(chain_start(s->seals.log, &start));
    enum kw_err err = log_walk(s, &start, INT64_MAX, 0, NULL, NULL, &s->saved);
    if (err == KW_EDAMAGED)
        return because(why, err,
                       "the change log does not hold together, or master.key is not the one it was "
                       "written with: this database cannot be accepted");
    return err;
}

static enum kw_err verify_all(struct store *s, char why[WHY_MAX])
{
    const struct store_visitor nothing = {NULL,      no_account,     no_key,
                                          no_policy, no_environment, no_family};

    TRY(follow_to_the_end(s, why));
    return store_load(s, &nothing, why);
}

/* How many changes head knows of that the database does not. Head is written over afterwards: nobody could be told
 * later. */
static enum kw_err count_lost(const struct store *s, uint64_t *lost)
{
    struct link head = {0};

    if (head_read(s->head_path, &head) == KW_ENOMEM)
        return KW_ENOMEM;
    *lost = head.n > s->saved.n ? head.n - s->saved.n : 0;
    return KW_OK;
}

enum kw_err store_check(const struct store_paths *paths, uint64_t *n, char why[256])
{
    const struct store_visitor nothing = {NULL,      no_account,     no_key,
                                          no_policy, no_environment, no_family};
    AUTO(store_closep) struct store *s = NULL;

    TRY(store_open(paths, &s, why));
    TRY(store_load(s, &nothing, why));
    *n = store_change_seq(s);
    return KW_OK;
}

enum kw_err store_recover(const struct store_paths *paths, uint64_t *lost, char why[256])
{
    AUTO(store_closep) struct store *s = NULL;

    TRY(open_checked(paths, verify_all, &s, why));
    uint64_t n_lost = 0;
    enum kw_err err = count_lost(s, &n_lost);
    if (err != KW_OK)
        return because(why, err, "%s cannot be read: %s", s->head_path, kw_strerror(err));
    err = store_save_head(s);
    if (err != KW_OK)
        return because(why, err, "%s cannot be written: %s", s->head_path, kw_strerror(err));
    *lost = n_lost;
    return KW_OK;
}
