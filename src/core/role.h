/* role.h - what a member or a management token may ask of the management API: scopes, and which role has which. */
#ifndef CORE_ROLE_H
#define CORE_ROLE_H

#include <keyward/keyward.h>

#include "base/str.h"

/* In their order: each may do what the one before may. Zero may do nothing. */
enum role { ROLE_NONE = 0, ROLE_VIEWER = 1, ROLE_DEVELOPER = 2, ROLE_ADMIN = 3, ROLE_OWNER = 4 };

/* X(enumerator, bit, word, least role). ROLE_NONE: no role of an account has it, only operators do. The words are part of
 * the API and of the database. */
#define ROLE_SCOPES(X)                                                                         \
    X(SCOPE_KEYS_READ, 0, "keys:read", ROLE_VIEWER)                                            \
    X(SCOPE_KEYS_WRITE, 1, "keys:write", ROLE_DEVELOPER)                                       \
    X(SCOPE_KEYS_PRODUCTION, 2, "keys:production", ROLE_ADMIN) /* keys:write for production */ \
    X(SCOPE_EVENTS_READ, 3, "events:read", ROLE_VIEWER)                                        \
    X(SCOPE_POLICY_READ, 4, "policy:read", ROLE_VIEWER)                                        \
    X(SCOPE_POLICY_WRITE, 5, "policy:write", ROLE_NONE)                                        \
    X(SCOPE_MEMBERS_READ, 6, "members:read", ROLE_VIEWER)                                      \
    X(SCOPE_MEMBERS_WRITE, 7, "members:write", ROLE_ADMIN)                                     \
    X(SCOPE_TOKENS_READ, 8, "tokens:read", ROLE_DEVELOPER)                                     \
    X(SCOPE_TOKENS_WRITE, 9, "tokens:write", ROLE_DEVELOPER)                                   \
    X(SCOPE_ACCOUNT_READ, 10, "account:read", ROLE_VIEWER)                                     \
    X(SCOPE_ACCOUNT_WRITE, 11, "account:write", ROLE_ADMIN)                                    \
    X(SCOPE_AUTHORIZE, 12, "authorize", ROLE_NONE)                                             \
    X(SCOPE_ACCOUNTS_READ, 13, "accounts:read", ROLE_NONE)                                     \
    X(SCOPE_ACCOUNTS_WRITE, 14, "accounts:write", ROLE_NONE)                                   \
    X(SCOPE_OPERATE, 15, "operate", ROLE_NONE)                                                 \
    X(SCOPE_SPEND, 16, "spend", ROLE_NONE)                                                     \
    X(SCOPE_ALERTS_WRITE, 17, "alerts:write", ROLE_DEVELOPER)                                  \
    X(SCOPE_WEBHOOKS_READ, 18, "webhooks:read", ROLE_ADMIN)                                    \
    X(SCOPE_WEBHOOKS_WRITE, 19, "webhooks:write", ROLE_ADMIN)

enum scope { /* a set is an unsigned of them */
#define X(symbol, bit, word, least) symbol = 1 << (bit),
             ROLE_SCOPES(X)
#undef X
};

enum {
    SCOPES_ALL = 0
#define X(symbol, bit, word, least) | symbol
    ROLE_SCOPES(X)
#undef X
        ,
    SCOPES_TEXT_MAX = 256, /* the words of all, with a comma between them, and a terminator */
};

/* All that a role may ask for; an operator may ask for everything. */
unsigned role_scopes(enum role role, bool is_operator);

/* "viewer", "developer", "admin", "owner"; "none" is a name and is not parsed. KW_ESYNTAX. */
const char *role_name(enum role role);
enum kw_err role_parse(struct str name, enum role *out);

/* One scope by its word. KW_ESYNTAX. */
enum kw_err scope_parse(struct str word, unsigned *out);
const char *scope_word(enum scope scope); /* of one bit; "" of anything else */

/* A set: words with a comma between them, in the order of the table; the empty string is the empty set. Parsing is strict:
 * KW_ESYNTAX for a word that is none, one that comes twice, or another order. */
struct str scopes_print(unsigned set, char out[SCOPES_TEXT_MAX]);
enum kw_err scopes_parse(struct str text, unsigned *out);

#endif
