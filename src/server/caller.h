/* caller.h - who makes a call of the management API, and what he may do. */
#ifndef SERVER_CALLER_H
#define SERVER_CALLER_H

#include "core/member.h"

/* Nobody may do nothing. A peer of admin.sock whom the kernel knows as an administrator has every right; a backend, one of
 * authorize_users, may ask for decisions; a member has a session, and a token a text in its Authorization header. */
enum caller_kind {
    CALLER_NOBODY = 0,
    CALLER_PEER = 1,
    CALLER_BACKEND = 2,
    CALLER_MEMBER = 3,
    CALLER_TOKEN = 4,
};

enum { CALLER_ACTOR_MAX = 40, CALLER_SESSION_LEN = 43 };

struct caller {
    enum caller_kind kind;
    char actor[CALLER_ACTOR_MAX + 1]; /* "uid:0", "member:<id>", "token:<id>", "nobody": as the log of changes names him */
    unsigned scopes;
    char account[KW_ACCOUNT_MAX + 1]; /* whose objects he sees; empty: the whole installation */

    /* What he can give to others at most: a peer, and a token of the host, that of an owner, and of an operator where they
     * see the whole installation. */
    enum role role;
    bool is_operator;

    /* Of a member; of a token, its member's, where it has one. */
    char member[KW_KEY_ID_LEN + 1];
    char home[KW_ACCOUNT_MAX + 1]; /* his own account, also of an operator */

    /* Of a session. */
    char session[KW_KEY_ID_LEN + 1]; /* its public id */
    int64_t proved_ms;               /* when he last proved all factors that he has */
    int64_t stepped_up_ms; /* the same of somebody who has a one-time password; 0: he has none */
};

#endif
