/* first_run.c - see first_run.h. */
#include "server/first_run.h"

#include "base/log.h"
#include "core/moment.h"

struct found {
    char id[KW_KEY_ID_LEN + 1]; /* who is awaited; empty: nobody */
    int64_t ends_ms;
    bool is_anybody_there;
};

/* KW_EFULL: enough is known. */
static enum kw_err look(void *ctx, const struct member *m)
{
    struct found *f = ctx;

    f->is_anybody_there = m->state == MEMBER_ACTIVE;
    if (m->state == MEMBER_INVITED && m->link == LINK_SETUP && f->id[0] == '\0') {
        memcpy(f->id, m->id, sizeof f->id);
        f->ends_ms = m->link_ends_ms;
    }
    return f->is_anybody_there ? KW_EFULL : KW_OK;
}

void first_run_tell(struct sync *sync, int64_t now_ms)
{
    const struct store_member_filter all = {.limit = 0};
    char ends[MOMENT_LEN + 1];
    struct found f = {.ends_ms = 0};

    struct store *store = sync_lock(sync);
    enum kw_err err = store_members(store, &all, look, &f);
    sync_unlock(sync);
    if (err != KW_OK || f.is_anybody_there || f.id[0] == '\0')
        return;
    moment_print(f.ends_ms, ends);
    log_warn("nobody has set this installation up yet: the link that `keyward init` printed %s %s; "
             "`keyward "
             "members link %s` makes a new one",
             now_ms < f.ends_ms ? "is good until" : "ended at", ends, f.id);
}
