/* key_in.c - see key_in.h. Each member has its reader; an absent one is not read. */
#include "api/key_in.h"

#include <stdio.h>

#include "api/addresses_in.h"
#include "api/limits_in.h"
#include "api/name_in.h"
#include "core/expiry.h"
#include "core/permission.h"
#include "core/rotation.h"

struct reading {
    const json_t *body;
    const struct caller *by; /* who makes a new one */
    int64_t now_ms;
    struct problem *p;
};

enum kw_err key_in_no_account(struct problem *p, struct str id)
{
    return problem_field(
        p, "not_found", "account",
        "There is no account \"%.*s\": make it with `keyward accounts create %.*s`", (int)id.n,
        id.p, (int)id.n, id.p);
}

static enum kw_err read_account(const struct reading *r, struct grant *g)
{
    struct str own = str_from(r->by->account), id = own.n > 0 ? own : str_from(r->by->home);

    if (id.n == 0 || json_object_get(r->body, "account") != NULL)
        TRY(json_in_required(r->body, "account", r->p, &id));
    if (account_id_check(id) != KW_OK)
        return problem_field(r->p, "syntax", "account", "That cannot be the id of an account");
    if (own.n > 0 && !str_eq(id, own))
        return key_in_no_account(r->p, id);
    memcpy(g->account, id.p, id.n);
    g->account[id.n] = '\0';
    return KW_OK;
}

static enum kw_err read_environment(const struct reading *r, struct grant *g)
{
    struct str name;

    TRY(json_in_required(r->body, "environment", r->p, &name));
    if (environment_parse(name, &g->environment) != KW_OK)
        return problem_field(r->p, "syntax", "environment", "It is \"sandbox\" or \"production\"");
    return KW_OK;
}

static enum kw_err read_name(const struct reading *r, struct grant *g)
{
    return name_in(r->body, r->p, g->name);
}

static enum kw_err permission_at(const struct reading *r, const json_t *list, size_t i,
                                 enum kw_permission *out)
{
    char field[PROBLEM_FIELD_MAX];

    if (permission_parse(json_in_item(list, i), out) == KW_OK)
        return KW_OK;
    snprintf(field, sizeof field, "permissions[%zu]", i);
    return problem_field(
        r->p, "syntax", field,
        "A permission is \"read_only\", \"transactions\", \"account_management\" or "
        "\"full_access\"");
}

static enum kw_err read_permissions(const struct reading *r, struct grant *g)
{
    const json_t *list;
    unsigned set = 0;

    TRY(json_in_list(r->body, "permissions", 16, r->p, &list));
    for (size_t i = 0; i < json_array_size(list); i++) {
        enum kw_permission one;
        TRY(permission_at(r, list, i, &one));
        set |= one;
    }
    if (set == 0)
        return problem_field(
            r->p, "range", "permissions",
            "A key has at least one permission; leave the member out for read_only");
    g->permissions = set;
    return KW_OK;
}

static enum kw_err read_expires(const struct reading *r, struct grant *g)
{
    struct str text;

    if (json_is_null(json_object_get(r->body, "expires"))) {
        g->expires_ms = 0;
        return KW_OK;
    }
    TRY(json_in_required(r->body, "expires", r->p, &text));
    enum kw_err err = expiry_parse(text, r->now_ms, &g->expires_ms);
    if (err == KW_ERANGE)
        return problem_field(
            r->p, "range", "expires",
            "It has to be a day that exists, in the future, and %d days (ten years) "
            "away at most",
            EXPIRY_DAYS_MAX);
    if (err != KW_OK)
        return problem_field(r->p, "syntax", "expires", "Write it as " EXPIRY_FORMS);
    return KW_OK;
}

static enum kw_err read_rate(const struct reading *r, struct grant *g)
{
    return limits_in_rate(r->body, "rate", r->p, &g->rate);
}

static enum kw_err read_quota(const struct reading *r, struct grant *g)
{
    return limits_in_quota(r->body, "quota", r->p, &g->quota);
}

static enum kw_err read_addresses(const struct reading *r, struct grant *g)
{
    return addresses_in(r->body, r->p, g->rules, &g->n_rules);
}

static enum kw_err read_rotation(const struct reading *r, struct grant *g)
{
    return json_in_u32(r->body, "rotationDays", GRANT_ROTATION_DAYS_MAX, r->p, &g->rotation_days);
}

static enum kw_err read_overdue(const struct reading *r, struct grant *g)
{
    struct str text;

    TRY(json_in_required(r->body, "onOverdue", r->p, &text));
    if (overdue_parse(text, &g->overdue) != KW_OK)
        return problem_field(
            r->p, "syntax", "onOverdue",
            "It is \"alert\", \"read_only\" or \"expire\": what happens to a key that "
            "is not rotated in time");
    return KW_OK;
}

static const struct {
    const char *name;
    enum kw_err (*read)(const struct reading *r, struct grant *g);
} readers[] = {
    {"name", read_name},
    {"permissions", read_permissions},
    {"expires", read_expires},
    {"rate", read_rate},
    {"quota", read_quota},
    {"allowIp", read_addresses},
    {"rotationDays", read_rotation},
    {"onOverdue", read_overdue},
};

static enum kw_err read_given(const struct reading *r, struct grant *g)
{
    for (size_t i = 0; i < COUNT_OF(readers); i++)
        if (json_object_get(r->body, readers[i].name) != NULL)
            TRY(readers[i].read(r, g));
    return KW_OK;
}

enum kw_err key_in_create(const json_t *body, const struct caller *by, int64_t now_ms,
                          struct problem *p, struct grant *out)
{
    static const char *const names[] = {"account",      "name",      "environment", "permissions",
                                        "expires",      "rate",      "quota",       "allowIp",
                                        "rotationDays", "onOverdue", NULL};
    const struct reading r = {.body = body, .by = by, .now_ms = now_ms, .p = p};
    struct grant g = {
        .state = KEY_ACTIVE,
        .permissions = KW_READ_ONLY,
        .created_ms = now_ms,
        .generation = 1,
        .secret_since_ms = now_ms,
        .rotation_days = GRANT_ROTATION_DAYS,
    };

    TRY(json_in_only(body, names, p));
    TRY(read_account(&r, &g));
    TRY(read_name(&r, &g));
    TRY(read_environment(&r, &g));
    TRY(read_given(&r, &g));
    *out = g;
    return KW_OK;
}

enum kw_err key_in_change(const json_t *body, int64_t now_ms, struct problem *p, struct grant *g)
{
    static const char *const names[] = {"name",    "permissions",  "expires",   "rate", "quota",
                                        "allowIp", "rotationDays", "onOverdue", NULL};
    const struct reading r = {.body = body, .now_ms = now_ms, .p = p};
    struct grant after = *g;

    TRY(json_in_only(body, names, p));
    if (json_object_size(body) == 0)
        return problem_say(p, 400, "missing", "Nothing is to be changed: the body is empty");
    TRY(read_given(&r, &after));
    *g = after;
    return KW_OK;
}
