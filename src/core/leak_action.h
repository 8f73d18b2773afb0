/* leak_action.h - what is done to a key that has leaked. */
#ifndef CORE_LEAK_ACTION_H
#define CORE_LEAK_ACTION_H

#include "core/grant.h"

/* X(enumerator, word): each holds the key back as far as the one before, or further. */
#define LEAK_ACTIONS(X)                        \
    X(LEAK_NOTIFY, "notify")                   \
    X(LEAK_FREEZE_TRANSACT, "freeze_transact") \
    X(LEAK_FREEZE_ALL, "freeze_all")           \
    X(LEAK_DISABLE, "disable")                 \
    X(LEAK_REVOKE, "revoke")

enum leak_action {
#define X(symbol, word) symbol,
    LEAK_ACTIONS(X)
#undef X
        N_LEAK_ACTIONS
};

const char *leak_action_word(enum leak_action action); /* "freeze_transact" */
enum kw_err leak_action_parse(struct str word, enum leak_action *out) MUST_USE; /* KW_ESYNTAX */

/* Does it to a key; never takes anything back. False: it was held back so far already, or nothing is to be done. */
bool leak_action_apply(enum leak_action action, struct grant *g);

#endif
