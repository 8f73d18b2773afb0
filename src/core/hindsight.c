/* hindsight.c - see hindsight.h. */
#include "core/hindsight.h"

#include "core/path.h"
#include "core/permission.h"
#include "core/route.h"

/* How far an attempt came, by the order of the decision's steps. */
enum stage {
    STAGE_REQUEST, /* refused before the policy was asked */
    STAGE_ROUTE,   /* the policy decided without a key */
    STAGE_KEY,     /* refused for the key's sake, whatever the route */
    STAGE_PERMISSION,
    STAGE_PASSED, /* allowed, or only held back by what comes last */
};

static enum stage stage_of(enum kw_reason why)
{
    switch (why) {
    case KW_WHY_UNAVAILABLE:
    case KW_WHY_UNTRUSTED_PEER:
    case KW_WHY_FORWARDED_AMBIGUOUS:
    case KW_WHY_PATH_AMBIGUOUS:
    case KW_WHY_CREDENTIAL_IN_URL:
    case KW_WHY_TLS_REQUIRED:
        return STAGE_REQUEST;
    case KW_WHY_ROUTE_DENIED:
    case KW_WHY_PUBLIC:
        return STAGE_ROUTE;
    case KW_WHY_MISSING_KEY:
    case KW_WHY_AMBIGUOUS_CREDENTIALS:
    case KW_WHY_MALFORMED_KEY:
    case KW_WHY_UNKNOWN_KEY:
    case KW_WHY_WRONG_SECRET:
    case KW_WHY_SECRET_ROTATED:
    case KW_WHY_TOKEN_EXPIRED:
    case KW_WHY_TOKEN_ENDED:
    case KW_WHY_TOKEN_REUSED:
    case KW_WHY_TOO_MANY_FAILURES:
    case KW_WHY_STALE:
    case KW_WHY_KEY_REVOKED:
    case KW_WHY_KEY_DISABLED:
    case KW_WHY_KEY_EXPIRED:
    case KW_WHY_ACCOUNT_SUSPENDED:
    case KW_WHY_FROZEN:
    case KW_WHY_ENVIRONMENT_MISMATCH:
    case KW_WHY_IP_NOT_ALLOWED:
    case KW_WHY_BROWSER_USE:
    case KW_WHY_ROTATION_OVERDUE:
        return STAGE_KEY;
    case KW_WHY_PERMISSION_DENIED:
        return STAGE_PERMISSION;
    case KW_WHY_UNRECORDABLE:
    case KW_WHY_RATE_LIMITED:
    case KW_WHY_QUOTA_EXCEEDED:
    case KW_WHY_ALLOWED:
        return STAGE_PASSED;
    }
    return STAGE_REQUEST;
}

enum { UTF8_MAX = 4 }; /* so much less than the maximum may be left where a text was cut */

/* A recorded path that was redacted has an ellipsis where the credential stood. */
static bool is_whole(const struct event *e)
{
    static const struct str ellipsis = STR_INIT("\xe2\x80\xa6");

    return e->method.n < EVENT_METHOD_MAX && e->path.n <= EVENT_PATH_MAX - UTF8_MAX &&
           memmem(e->path.p, e->path.n, ellipsis.p, ellipsis.n) == NULL;
}

/* To a route that needs a key. */
static enum hindsight by_key(const struct event *e, enum kw_class c, const struct hindsight_keys *keys)
{
    enum stage stage = stage_of(e->reason);
    bool was = event_is_allowed(e);

    if (stage == STAGE_ROUTE)
        return HINDSIGHT_NO_KEY;
    if (stage == STAGE_KEY || (stage == STAGE_PASSED && !was))
        return HINDSIGHT_SAME;
    unsigned permissions = keys->permissions(keys->ctx, (struct str){e->key_id, sizeof e->key_id});
    if (permissions == 0)
        return HINDSIGHT_KEY_GONE;
    bool would = permission_opens(permissions, c);
    return would == was ? HINDSIGHT_SAME : would ? HINDSIGHT_ALLOWED : HINDSIGHT_REFUSED;
}

enum hindsight hindsight_of(struct str table, const struct event *e, const struct hindsight_keys *keys)
{
    char decoded[KW_PATH_MAX];
    struct str path;

    if (stage_of(e->reason) == STAGE_REQUEST)
        return HINDSIGHT_SAME;
    if (e->kind != EVENT_DECISION)
        return HINDSIGHT_COUNTED;
    if (!is_whole(e) || path_read(e->path, decoded, &path) != KW_OK)
        return HINDSIGHT_CUT;
    enum kw_class c = route_judge(table, e->method, path).c;
    if (c == KW_CLASS_PUBLIC)
        return event_is_allowed(e) ? HINDSIGHT_SAME : HINDSIGHT_ALLOWED;
    if (c == KW_CLASS_DENY)
        return event_is_allowed(e) ? HINDSIGHT_REFUSED : HINDSIGHT_SAME;
    return by_key(e, c, keys);
}
