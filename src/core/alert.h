/* alert.h - what is done to a key about which there is an alert, and how it is undone. */
#ifndef CORE_ALERT_H
#define CORE_ALERT_H

#include "core/grant.h"

/* X(enumerator, word). In the order in which an alert goes through them: never back. */
#define ALERT_STATES(X)                   \
    X(ALERT_OPEN, "open")                 \
    X(ALERT_ACKNOWLEDGED, "acknowledged") \
    X(ALERT_RESOLVED, "resolved")

enum alert_state {
#define X(symbol, word) symbol,
    ALERT_STATES(X)
#undef X
        N_ALERT_STATES
};

/* X(enumerator, word): each holds the key back further than the one before, and can be undone. */
#define ALERT_ACTIONS(X)            \
    X(ALERT_NOTIFY, "notify")       \
    X(ALERT_READ_ONLY, "read_only") \
    X(ALERT_DISABLE, "disable")

enum alert_action {
#define X(symbol, word) symbol,
    ALERT_ACTIONS(X)
#undef X
        N_ALERT_ACTIONS
};

const char *alert_state_word(enum alert_state s); /* "open"; "" for none, as the next */
bool alert_state_parse(struct str word, enum alert_state *out);
const char *alert_action_word(enum alert_action a);
bool alert_action_parse(struct str word, enum alert_action *out);

/* What an action took from a key. */
struct alert_taken {
    enum alert_action action; /* ALERT_NOTIFY: nothing */
    unsigned permissions;     /* of ALERT_READ_ONLY: those it had before */
    uint32_t version; /* of the key, since it was taken; the caller's to fill in: only he knows how it was saved */
};

/* Does it to a key; never gives anything. False: there was nothing to take, and *taken says so. */
bool alert_act(enum alert_action action, struct grant *g, struct alert_taken *taken);

/* Gives back what was taken, if the key is still of the version that the action left. False, and nothing changed: somebody has
 * changed it since, whatever it was, or there is nothing to give back. */
bool alert_undo(const struct alert_taken *taken, struct grant *g);

#endif
