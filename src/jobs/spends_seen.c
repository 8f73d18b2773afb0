/* spends_seen.c - see spends_seen.h. */
#include "jobs/spends_seen.h"

#include <stdlib.h>

#include "record/search.h"
#include "store/spend.h"

#define WAITING_MAX ((size_t)1 << 32) /* of a record that could not be written for days */

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

static int by_number(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    return (x->n > y->n) - (x->n < y->n);
}

/* The same number with another time: the store was an older copy then, and gave the number again. */
static bool is_waiting(const struct seeing *s, const struct spend_event *e)
{
    const struct place wanted = {.n = e->n};
    const struct place *p =
        bsearch(&wanted, s->waiting.p, s->waiting.n / sizeof wanted, sizeof wanted, by_number);

    return p != NULL && p->time_us == e->time_us;
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
