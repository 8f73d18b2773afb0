/* steps_grant.c - the steps that ask what a proved key may do, and for whom. */
#include "core/permission.h"
#include "engine/attempt.h"

enum kw_reason step_state(struct attempt *a)
{
    const struct keyring_record *r = &a->found.record;

    if (r->state == KEY_DISABLED)
        return KW_WHY_KEY_DISABLED;
    if (r->state != KEY_ACTIVE)
        return KW_WHY_KEY_REVOKED;
    if (lifecycle_expired(r->only_reads_from_s * INT64_C(1000), a->wall_us / 1000))
        a->decision->permissions = KW_READ_ONLY;
    return lifecycle_expired(r->expires_ms, a->wall_us / 1000) ? KW_WHY_KEY_EXPIRED : KW_WHY_ALLOWED;
}

static uint32_t freeze_bits_of(enum kw_class c)
{
    switch (c) {
    case KW_CLASS_READ:
        return FREEZE_READ;
    case KW_CLASS_TRANSACT:
        return FREEZE_TRANSACT;
    case KW_CLASS_MANAGE:
        return FREEZE_MANAGE;
    case KW_CLASS_UNLISTED:
    case KW_CLASS_PUBLIC:
    case KW_CLASS_DENY:
        return FREEZE_ALL;
    }
    return FREEZE_ALL;
}

/* The widest of what holds this request back is told: it is what the caller has to wait for. */
static enum kw_reason judge_freeze(const struct attempt *a)
{
    uint32_t bits = freeze_bits_of(a->decision->route_class);
    const struct {
        enum kw_frozen what;
        uint32_t frozen;
    } widest_first[] = {
        {KW_FROZEN_ENVIRONMENT, keyring_freeze(a->view->keyring, a->decision->environment)},
        {KW_FROZEN_ACCOUNT, a->account.frozen},
        {KW_FROZEN_KEY, a->found.record.frozen},
    };

    for (size_t i = 0; i < COUNT_OF(widest_first); i++) {
        if ((widest_first[i].frozen & bits) == 0)
            continue;
        a->decision->frozen = widest_first[i].what;
        a->decision->frozen_reads = (widest_first[i].frozen & FREEZE_READ) != 0;
        return KW_WHY_FROZEN;
    }
    return KW_WHY_ALLOWED;
}

enum kw_reason step_whose(struct attempt *a)
{
    struct keyring_account *account = &a->account;

    if (keyring_account(a->view->keyring, a->found.record.account_slot, account) != KW_OK)
        return KW_WHY_UNAVAILABLE;
    memcpy(a->decision->account, account->id, account->id_len);
    return KW_WHY_ALLOWED;
}

/* The account's own rules are checked in step_address; the key's narrow them there. */
enum kw_reason step_account(struct attempt *a)
{
    enum kw_reason why = step_whose(a);

    if (why != KW_WHY_ALLOWED)
        return why;
    return a->account.state == ACCOUNT_ACTIVE ? judge_freeze(a) : KW_WHY_ACCOUNT_SUSPENDED;
}

enum kw_reason step_environment(struct attempt *a)
{
    enum kw_environment host = a->request->environment;

    return host != KW_NO_ENVIRONMENT && host == a->decision->environment
               ? KW_WHY_ALLOWED
               : KW_WHY_ENVIRONMENT_MISMATCH;
}

static enum kw_reason judge_address(const struct attempt *a, const struct address_rule *rules,
                                    size_t n)
{
    struct address client;

    memcpy(client.b, a->request->source, sizeof client.b);
    return address_allowed(rules, n, &client, a->decision->route_class) ? KW_WHY_ALLOWED
                                                                        : KW_WHY_IP_NOT_ALLOWED;
}

enum kw_reason step_address(struct attempt *a)
{
    struct address_rule rules[ADDRESS_RULES_MAX] UNINIT;
    const struct keyring *k = a->view->keyring;
    size_t n;

    if (keyring_account_rules(k, &a->account, rules, &n) != KW_OK)
        return KW_WHY_UNAVAILABLE;
    enum kw_reason why = judge_address(a, rules, n);
    if (why != KW_WHY_ALLOWED)
        return why;
    if (keyring_key_rules(k, &a->found.record, rules, &n) != KW_OK)
        return KW_WHY_UNAVAILABLE;
    return judge_address(a, rules, n);
}

enum kw_reason step_browser(struct attempt *a)
{
    unsigned refused = KW_REQ_BROWSER | KW_REQ_REFUSE_BROWSER;

    return (a->request->flags & refused) == refused ? KW_WHY_BROWSER_USE : KW_WHY_ALLOWED;
}

/* Nobody exchanges a key for more than it may do. */
static bool are_enough(const struct attempt *a, unsigned permissions)
{
    return permission_opens(permissions, a->decision->route_class) &&
           (a->use == NULL || permission_covers(permissions, a->use->permissions));
}

/* What its permissions open, it may not always use: see step_state. */
enum kw_reason step_permission(struct attempt *a)
{
    if (are_enough(a, a->decision->permissions))
        return KW_WHY_ALLOWED;
    return are_enough(a, a->permissions) ? KW_WHY_ROTATION_OVERDUE : KW_WHY_PERMISSION_DENIED;
}
