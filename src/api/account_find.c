/* account_find.c - see account_find.h. */
#include "api/account_find.h"

enum kw_err account_find(struct call *c, struct account *out)
{
    struct str own = call_account(c);
    enum kw_err err = KW_ENOTFOUND;

    if (account_id_check(c->id) == KW_OK && (own.p == NULL || str_eq(own, c->id))) {
        struct store *store = sync_lock(c->server->sync);
        err = store_account(store, c->id, out);
        sync_unlock(c->server->sync);
    }
    if (err == KW_ENOTFOUND)
        return problem_say(&c->problem, 404, "not_found", "There is no account of that id");
    return err;
}
