/* permission.c - see permission.h. */
#include "core/permission.h"

#include <stdio.h>

static const struct {
    enum kw_permission permission;
    const char *name;
    bool read, transact, manage, unlisted;
} permissions[] = {
    {KW_READ_ONLY, "read_only", true, false, false, false},
    {KW_TRANSACTIONS, "transactions", true, true, false, false},
    {KW_ACCOUNT_MANAGEMENT, "account_management", true, false, true, false},
    {KW_FULL_ACCESS, "full_access", true, true, true, true},
};

static bool row_opens(size_t i, enum kw_class c)
{
    switch (c) {
    case KW_CLASS_UNLISTED:
        return permissions[i].unlisted;
    case KW_CLASS_READ:
        return permissions[i].read;
    case KW_CLASS_TRANSACT:
        return permissions[i].transact;
    case KW_CLASS_MANAGE:
        return permissions[i].manage;
    case KW_CLASS_PUBLIC:
        return true;
    case KW_CLASS_DENY:
        return false;
    }
    return false;
}

bool permission_opens(unsigned set, enum kw_class c)
{
    for (size_t i = 0; i < COUNT_OF(permissions); i++)
        if ((set & permissions[i].permission) != 0 && row_opens(i, c))
            return true;
    return c == KW_CLASS_PUBLIC;
}

bool permission_covers(unsigned set, unsigned other)
{
    for (enum kw_class c = KW_CLASS_UNLISTED; c <= KW_CLASS_MANAGE; c++)
        if (permission_opens(other, c) && !permission_opens(set, c))
            return false;
    return true;
}

/* Every permission reads: that is what two sets have in common which share none. */
unsigned permission_both(unsigned a, unsigned b)
{
    unsigned both = a & b;

    if ((a & KW_FULL_ACCESS) != 0)
        both |= b;
    if ((b & KW_FULL_ACCESS) != 0)
        both |= a;
    return both == 0 && a != 0 && b != 0 ? (unsigned)KW_READ_ONLY : both;
}

enum kw_err permission_parse(struct str name, enum kw_permission *out)
{
    size_t i = STR_IN_BY(name, permissions, name);

    if (i == COUNT_OF(permissions))
        return KW_ESYNTAX;
    *out = permissions[i].permission;
    return KW_OK;
}

enum kw_err environment_parse(struct str name, enum kw_environment *out)
{
    if (str_eq(name, STR("sandbox")))
        *out = KW_SANDBOX;
    else if (str_eq(name, STR("production")))
        *out = KW_PRODUCTION;
    else
        return KW_ESYNTAX;
    return KW_OK;
}

static const char *const class_names[] = {
    [KW_CLASS_UNLISTED] = "unlisted", [KW_CLASS_READ] = "read",
    [KW_CLASS_TRANSACT] = "transact", [KW_CLASS_MANAGE] = "manage",
    [KW_CLASS_PUBLIC] = "public",     [KW_CLASS_DENY] = "deny",
};

enum kw_err class_parse(struct str name, enum kw_class *out)
{
    size_t i = STR_IN(name, class_names);

    if (i == KW_CLASS_UNLISTED || i == COUNT_OF(class_names))
        return KW_ESYNTAX;
    *out = (enum kw_class)i;
    return KW_OK;
}

const char *class_name(enum kw_class c)
{
    return (unsigned)c < COUNT_OF(class_names) ? class_names[c] : "unlisted";
}

const char *class_permission_title(enum kw_class c)
{
    switch (c) {
    case KW_CLASS_PUBLIC:
    case KW_CLASS_READ:
        return "Read Only";
    case KW_CLASS_TRANSACT:
        return "Transactions";
    case KW_CLASS_MANAGE:
        return "Account Management";
    case KW_CLASS_UNLISTED:
    case KW_CLASS_DENY:
        return "Full Access";
    }
    return "Full Access";
}

size_t kw_permissions_text(unsigned set, char buf[KW_PERMISSIONS_MAX])
{
    size_t n = 0;

    if (buf == NULL)
        return 0;
    buf[0] = '\0';
    for (size_t i = 0; i < COUNT_OF(permissions); i++)
        if ((set & permissions[i].permission) != 0)
            n += (size_t)snprintf(buf + n, KW_PERMISSIONS_MAX - n, "%s%s", n > 0 ? "," : "",
                                  permissions[i].name);
    return n;
}

const char *kw_environment_name(enum kw_environment environment)
{
    switch (environment) {
    case KW_NO_ENVIRONMENT:
        return "";
    case KW_SANDBOX:
        return "sandbox";
    case KW_PRODUCTION:
        return "production";
    }
    return "";
}
