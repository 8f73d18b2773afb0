/* save.c - one object into the store, as a change of its own; see state.h. */
#include "base/clock.h"
#include "sync/state.h"

/* Commits, or rolls back what could not be committed. A head that could not be written is written
 * later: the change is in the database, and in force. */
static enum kw_err commit(struct sync *s)
{
    enum kw_err err = store_commit(s->store);

    if (err == KW_EUNSAVED)
        s->head_unsaved = true;
    else if (err != KW_OK)
        store_rollback(s->store);
    return err;
}

/* A put that failed has ended the change. */
static enum kw_err commit_if(struct sync *s, enum kw_err put)
{
    TRY(put);
    return commit(s);
}

enum kw_err save_key(struct sync *s, struct str actor, struct grant *g)
{
    TRY(store_begin(s->store, actor, time_now_us(s) / 1000));
    return commit_if(s, store_put_key(s->store, g));
}

enum kw_err save_account(struct sync *s, struct str actor, struct account *a)
{
    TRY(store_begin(s->store, actor, time_now_us(s) / 1000));
    return commit_if(s, store_put_account(s->store, a));
}

enum kw_err save_policy(struct sync *s, struct str actor, struct str document, uint32_t *version)
{
    TRY(store_begin(s->store, actor, time_now_us(s) / 1000));
    return commit_if(s, store_put_policy(s->store, document, version));
}
