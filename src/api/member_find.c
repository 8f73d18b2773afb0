/* member_find.c - see member_find.h. */
#include "api/member_find.h"

enum kw_err member_find(struct call *c, struct member *out)
{
    enum kw_err err = KW_ENOTFOUND;

    struct store *store = sync_lock(c->server->sync);
    if (c->id.n == KW_KEY_ID_LEN)
        err = store_member(store, c->id, call_account(c).p, out);
    sync_unlock(c->server->sync);
    if (err == KW_ENOTFOUND)
        return problem_say(&c->problem, 404, "not_found", "There is no member of that id");
    return err;
}
