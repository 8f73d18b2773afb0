/* role.c - see role.h. */
#include "core/role.h"

static const struct {
    enum scope scope;
    enum role least;
    struct str word;
} scopes[] = {
#define X(symbol, bit, text, role) {symbol, role, {text, sizeof text - 1}},
    ROLE_SCOPES(X)
#undef X
};

static const char *const names[] = {"none", "viewer", "developer", "admin", "owner"};

unsigned role_scopes(enum role role, bool is_operator)
{
    unsigned set = 0;

    for (size_t i = 0; i < COUNT_OF(scopes); i++)
        if (is_operator || (scopes[i].least != ROLE_NONE && role >= scopes[i].least))
            set |= scopes[i].scope;
    return set;
}

const char *role_name(enum role role)
{
    return role < COUNT_OF(names) ? names[role] : names[ROLE_NONE];
}

enum kw_err role_parse(struct str name, enum role *out)
{
    size_t i = STR_IN(name, names);

    if (i == ROLE_NONE || i == COUNT_OF(names))
        return KW_ESYNTAX;
    *out = (enum role)i;
    return KW_OK;
}

enum kw_err scope_parse(struct str word, unsigned *out)
{
    for (size_t i = 0; i < COUNT_OF(scopes); i++) {
        if (!str_eq(word, scopes[i].word))
            continue;
        *out = scopes[i].scope;
        return KW_OK;
    }
    return KW_ESYNTAX;
}

const char *scope_word(enum scope scope)
{
    for (size_t i = 0; i < COUNT_OF(scopes); i++)
        if (scopes[i].scope == scope)
            return scopes[i].word.p;
    return "";
}

struct str scopes_print(unsigned set, char out[SCOPES_TEXT_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < COUNT_OF(scopes); i++) {
        if ((set & scopes[i].scope) == 0)
            continue;
        if (n > 0)
            out[n++] = ',';
        memcpy(out + n, scopes[i].word.p, scopes[i].word.n);
        n += scopes[i].word.n;
    }
    out[n] = '\0';
    return (struct str){out, n};
}

enum kw_err scopes_parse(struct str text, unsigned *out)
{
    unsigned set = 0, one;
    char again[SCOPES_TEXT_MAX];
    struct str rest = text;

    while (rest.n > 0) {
        struct str word = rest;
        if (!str_cut(rest, ',', &word, &rest))
            rest = (struct str){NULL, 0};
        TRY(scope_parse(word, &one));
        set |= one;
    }
    if (!str_eq(scopes_print(set, again), text)) /* doubled, out of order, a comma too many */
        return KW_ESYNTAX;
    *out = set;
    return KW_OK;
}
