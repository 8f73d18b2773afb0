/* policy_log.c - the versions of the route policy, as the change log has them: with who put them, and when. */
#include "store/inside.h"
#include "store/row.h"

struct asked { /* one version, on its way to who asked for it */
    store_policy_fn *each;
    void *ctx;
    uint32_t before;
};

/* The number of the newest entry of a policy before a version. KW_ENOTFOUND. */
static enum kw_err entry_before(struct store *s, uint32_t before, uint64_t *n)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_POLICY_ENTRY, &st));
    struct giver to = {.st = st};
    give_int(&to, before == 0 ? INT64_MAX : before);
    TRY(give_done(&to));
    TRY(db_row(st));
    struct taker from = {.st = st};
    *n = (uint64_t)take_int(&from);
    return *n == 0 ? KW_EDAMAGED : take_done(&from);
}

/* Versions fall, so that a walk over them ends. */
static enum kw_err hand_out(void *ctx, const struct change *c)
{
    struct policy_version p = {.actor = c->actor, .time_ms = c->time_ms};
    struct asked *a = ctx;

    if (c->kind != CHANGE_POLICY)
        return KW_EDAMAGED;
    TRY(image_read_policy(c->image, &p.version, &p.document));
    if (p.version != c->version || p.version == 0 || (a->before != 0 && p.version >= a->before))
        return KW_EDAMAGED;
    a->before = p.version;
    return a->each(a->ctx, &p);
}

enum kw_err store_policies(struct store *s, uint32_t before, store_policy_fn *each, void *ctx)
{
    struct asked a = {each, ctx, before};
    uint64_t n;

    for (;;) {
        enum kw_err err = entry_before(s, a.before, &n);
        if (err == KW_ENOTFOUND)
            return KW_OK;
        TRY(err);
        TRY(store_changes(s, n - 1, 1, hand_out, &a));
    }
}

struct wanted {
    uint32_t version;
    struct buf *document;
    enum kw_err found;
};

/* Only the first one is looked at. */
static enum kw_err take_wanted(void *ctx, const struct policy_version *p)
{
    struct wanted *w = ctx;

    if (p->version == w->version) {
        buf_str(w->document, p->document);
        w->found = w->document->failed ? KW_ENOMEM : KW_OK;
    }
    return KW_EFULL;
}

enum kw_err store_policy_version(struct store *s, uint32_t version, struct buf *document)
{
    struct wanted w = {version, document, KW_ENOTFOUND};

    if (version == 0 || version == UINT32_MAX)
        return KW_ENOTFOUND;
    enum kw_err err = store_policies(s, version + 1, take_wanted, &w);
    return err == KW_OK || err == KW_EFULL ? w.found : err;
}
