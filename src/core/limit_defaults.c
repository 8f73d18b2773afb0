/* limit_defaults.c - see limit_defaults.h. */
#include "core/limit_defaults.h"

#include <stdio.h>

static const struct {
    const char *name;
    unsigned permission; /* 0: all */
} kinds[N_LIMIT_DEFAULTS] = {
    [LIMITS_OF_ALL] = {"all", 0},
    [LIMITS_OF_READ_ONLY] = {"read_only", KW_READ_ONLY},
    [LIMITS_OF_ACCOUNT_MANAGEMENT] = {"account_management", KW_ACCOUNT_MANAGEMENT},
    [LIMITS_OF_TRANSACTIONS] = {"transactions", KW_TRANSACTIONS},
    [LIMITS_OF_FULL_ACCESS] = {"full_access", KW_FULL_ACCESS},
};

const char *limit_default_name(enum limit_default_of which)
{
    return kinds[which].name;
}

enum kw_err limit_default_parse(struct str name, enum limit_default_of *out)
{
    size_t i = STR_IN_BY(name, kinds, name);

    if (i == COUNT_OF(kinds))
        return KW_ESYNTAX;
    *out = (enum limit_default_of)i;
    return KW_OK;
}

bool limit_defaults_empty(const struct limit_defaults *d)
{
    for (size_t i = 0; i < N_LIMIT_DEFAULTS; i++)
        if (d->of[i].has_rate || d->of[i].has_quota)
            return false;
    return true;
}

/* By way of their texts, of which there is one for each. */
static bool rate_ok(const struct rate *r)
{
    struct rate back;
    char text[48];

    return rate_parse((struct str){text, rate_print(r, text)}, &back) == KW_OK && back.n == r->n &&
           back.window_s == r->window_s && back.burst == r->burst;
}

static bool quota_ok(const struct quota *q)
{
    struct quota back;
    char text[48];

    return quota_parse((struct str){text, quota_print(q, text)}, &back) == KW_OK &&
           back.n == q->n && back.window == q->window;
}

static bool is_no_limit(const struct limit_default *l)
{
    return (l->has_rate || (l->rate.n == 0 && l->rate.window_s == 0 && l->rate.burst == 0)) &&
           (l->has_quota || (l->quota.n == 0 && l->quota.window == QUOTA_NONE));
}

bool limit_defaults_ok(const struct limit_defaults *d)
{
    for (size_t i = 0; i < N_LIMIT_DEFAULTS; i++)
        if (!is_no_limit(&d->of[i]) || !rate_ok(&d->of[i].rate) || !quota_ok(&d->of[i].quota))
            return false;
    return true;
}

void limit_defaults_pick(const struct limit_defaults *d, unsigned permissions, struct rate *rate,
                         struct quota *quota)
{
    const struct limit_default *all = &d->of[LIMITS_OF_ALL], *mine = all;

    for (size_t i = LIMITS_OF_READ_ONLY; i < N_LIMIT_DEFAULTS; i++)
        if ((permissions & kinds[i].permission) != 0)
            mine = &d->of[i];
    if (mine->has_rate || all->has_rate)
        *rate = mine->has_rate ? mine->rate : all->rate;
    if (mine->has_quota || all->has_quota)
        *quota = mine->has_quota ? mine->quota : all->quota;
}

/* ---- as text ---- */

static size_t print_line(const char *name, const char *what, const char *limit, size_t limit_n,
                         char out[80])
{
    return (size_t)snprintf(out, 80, "%s %s %.*s\n", name, what, (int)limit_n, limit);
}

size_t limit_defaults_print(const struct limit_defaults *d, char out[LIMIT_DEFAULTS_TEXT_MAX])
{
    size_t n = 0;
    char limit[48];

    for (size_t i = 0; i < N_LIMIT_DEFAULTS; i++) {
        const struct limit_default *l = &d->of[i];
        if (l->has_rate)
            n += print_line(kinds[i].name, "rate", limit, rate_print(&l->rate, limit), out + n);
        if (l->has_quota)
            n += print_line(kinds[i].name, "quota", limit, quota_print(&l->quota, limit), out + n);
    }
    return n;
}

static enum kw_err read_line(struct str line, struct limit_defaults *d)
{
    struct str name, what;
    enum limit_default_of which;

    if (!str_cut(line, ' ', &name, &line) || !str_cut(line, ' ', &what, &line))
        return KW_ESYNTAX;
    TRY(limit_default_parse(name, &which));
    struct limit_default *l = &d->of[which];
    if (str_eq(what, STR("rate"))) {
        l->has_rate = true;
        return rate_parse(line, &l->rate);
    }
    l->has_quota = true;
    return str_eq(what, STR("quota")) ? quota_parse(line, &l->quota) : KW_ESYNTAX;
}

enum kw_err limit_defaults_read(struct str text, struct limit_defaults *out)
{
    char again[LIMIT_DEFAULTS_TEXT_MAX];
    struct limit_defaults d = {0};
    struct str rest = text, line;

    while (str_cut(rest, '\n', &line, &rest))
        TRY(read_line(line, &d));
    if (!str_eq(text, (struct str){again, limit_defaults_print(&d, again)}))
        return KW_ESYNTAX;
    *out = d;
    return KW_OK;
}
