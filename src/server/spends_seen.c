/* spends_seen.c - see spends_seen.h. */
#include "server/spends_seen.h"

#include "record/search.h"
#include "store/spend.h"

enum { WAITING_MAX = 16 << 20 };

struct place {
    uint64_t n;
    int64_t time_us;
};

struct seeing {
    struct buf waiting; /* struct place each, in their order */
    int64_t from_us;
    uint64_t n;
};

static void seeing_deinit(struct seeing *s)
{
    buf_deinit(&s->waiting);
}

static enum kw_err note_waiting(void *ctx, const struct spend_event *e)
{
    struct seeing *s = ctx;
    const struct place p = {e->n, e->time_us};

    if (s->waiting.n == 0 || e->time_us < s->from_us)
        s->from_us = e->time_us;
    buf_add(&s->waiting, &p, sizeof p);
    return s->waiting.failed ? KW_ENOMEM : KW_OK;
}

/* The same number with another time: the store was an older copy then, and gave the number again. */
static bool is_waiting(const struct seeing *s, const struct spend_event *e)
{
    struct place p;

    for (size_t at = 0; at < s->waiting.n; at += sizeof p) {
        memcpy(&p, s->waiting.p + at, sizeof p);
        if (p.n == e->n)
            return p.time_us == e->time_us;
    }
    return false;
}

static enum kw_err note_recorded(void *ctx, const struct record_entry *e)
{
    struct seeing *s = ctx;

    if (e->spend.n > s->n && is_waiting(s, &e->spend))
        s->n = e->spend.n;
    return KW_OK;
}

enum kw_err spends_seen(struct sync *sync, const char *audit_dir, uint64_t *n)
{
    AUTO(seeing_deinit) struct seeing s = {.waiting = BUF_MAX(WAITING_MAX)};

    struct store *store = sync_lock(sync);
    enum kw_err err = store_spend_log(store, 0, 0, note_waiting, &s);
    sync_unlock(sync);
    TRY(err);
    if (s.waiting.n > 0) {
        const struct record_query q = {.kinds = SEARCH_SPENDS, .from_us = s.from_us};
        err = search_run(audit_dir, &q, note_recorded, &s);
    }
    if (err != KW_OK && err != KW_ENOTFOUND)
        return err;
    *n = s.n;
    return KW_OK;
}
