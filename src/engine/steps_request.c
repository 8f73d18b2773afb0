/* steps_request.c - the steps that judge a request before its key is looked at. */
#include "core/exposure.h"
#include "core/path.h"
#include "engine/attempt.h"

static struct str str_of(struct kw_str s)
{
    return (struct str){s.p, s.n};
}

/* A table is checked whole when it is first met, and node by node whenever it is used. */
static bool policy_holds(struct view *v, const struct keyring_policy *policy)
{
    if (atomic_load_explicit(&v->policy_holds, memory_order_relaxed) == policy->word)
        return true;
    if (route_table_check(policy->table) != KW_OK)
        return false;
    atomic_store_explicit(&v->policy_holds, policy->word, memory_order_relaxed);
    return true;
}

/* One judgement; false when the policy was being replaced meanwhile, or is damaged. */
static bool judge_once(struct attempt *a, struct str decoded)
{
    struct keyring_policy policy;

    if (keyring_policy(a->view->keyring, &policy) != KW_OK || !policy_holds(a->view, &policy))
        return false;
    a->route = route_judge(policy.table, str_of(a->request->method), decoded);
    a->policy_version = policy.version;
    return keyring_policy_is(a->view->keyring, policy.word);
}

/* Before anything else: whoever may not ask for others learns nothing of routes and keys. */
enum kw_reason step_forwarded(struct attempt *a)
{
    path_split(str_of(a->request->target), &a->path, &a->query);
    if ((a->request->flags & KW_REQ_UNTRUSTED_PEER) != 0)
        return KW_WHY_UNTRUSTED_PEER;
    if ((a->request->flags & KW_REQ_FORWARDED_AMBIGUOUS) != 0)
        return KW_WHY_FORWARDED_AMBIGUOUS;
    return KW_WHY_ALLOWED;
}

/* The route is looked up here, while the decoded path is at hand, and told in step_route. */
enum kw_reason step_path(struct attempt *a)
{
    char buf[KW_PATH_MAX] UNINIT;
    struct str decoded;

    if (path_read(a->path, buf, &decoded) != KW_OK)
        return KW_WHY_PATH_AMBIGUOUS;
    for (int round = 0; round < 3; round++)
        if (judge_once(a, decoded))
            return KW_WHY_ALLOWED;
    return KW_WHY_UNAVAILABLE;
}

static bool is_exposed(struct attempt *a, struct str brand)
{
    struct str header = str_of(a->request->key_header);

    if (exposure_found(a->path, brand) || exposure_found(a->query, brand))
        return true;
    if (exposure_query_names(a->query, header.n > 0 ? header : STR("x-api-key")))
        return true;
    for (size_t i = 0; i < a->request->n_cookies; i++)
        if (exposure_found(str_of(a->request->cookies[i]), brand))
            return true;
    return false;
}

enum kw_reason step_exposure(struct attempt *a)
{
    return is_exposed(a, keyring_brand(a->view->keyring)) ? KW_WHY_CREDENTIAL_IN_URL : KW_WHY_ALLOWED;
}

enum kw_reason step_tls(struct attempt *a)
{
    unsigned good = KW_REQ_TLS | KW_REQ_LOOPBACK | KW_REQ_PLAINTEXT_OK;

    return (a->request->flags & good) != 0 ? KW_WHY_ALLOWED : KW_WHY_TLS_REQUIRED;
}

static enum kw_reason reason_of(enum kw_class c)
{
    switch (c) {
    case KW_CLASS_PUBLIC:
        return KW_WHY_PUBLIC;
    case KW_CLASS_DENY:
        return KW_WHY_ROUTE_DENIED;
    case KW_CLASS_UNLISTED:
    case KW_CLASS_READ:
    case KW_CLASS_TRANSACT:
    case KW_CLASS_MANAGE:
        return KW_WHY_ALLOWED;
    }
    return KW_WHY_ROUTE_DENIED;
}

/* What keyward serve itself is asked with a key reads, as far as the policy is concerned. */
enum kw_reason step_route(struct attempt *a)
{
    if (a->use != NULL)
        a->route = (struct route_match){.c = KW_CLASS_READ};
    a->decision->route_class = a->route.c;
    return reason_of(a->route.c);
}
