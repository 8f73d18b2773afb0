/* alert_people.c - see alert_people.h. */
#include "alerting/alert_people.h"

#include <stdatomic.h>

#include "base/log.h"

struct looking {
    bool wants_operators;
    uint32_t left;
    store_member_fn *each;
    void *ctx;
};

static bool is_told(const struct looking *l, const struct member *m)
{
    bool is_responsible = l->wants_operators ? m->is_operator : m->role >= ROLE_ADMIN;

    return m->state == MEMBER_ACTIVE && m->email[0] != '\0' && is_responsible;
}

static enum kw_err take(void *ctx, const struct member *m)
{
    struct looking *l = ctx;

    if (l->left == 0 || !is_told(l, m))
        return KW_OK;
    l->left--;
    return l->each(l->ctx, m);
}

enum kw_err alert_people(struct store *s, struct str account, uint32_t limit, store_member_fn *each,
                         void *ctx)
{
    static atomic_flag is_said = ATOMIC_FLAG_INIT;
    uint32_t n_damaged = 0;
    const struct store_member_filter f = {.account = account, .n_damaged = &n_damaged};
    struct looking l = {account.n == 0, limit, each, ctx};

    TRY(store_members(s, &f, take, &l));
    if (n_damaged > 0 && !atomic_flag_test_and_set(&is_said))
        log_error("%u members cannot be read: they are not told of alerts", n_damaged);
    return KW_OK;
}
