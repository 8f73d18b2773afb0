/* alert.c - see alert.h. */
#include "core/alert.h"

static const char *const states[N_ALERT_STATES] = {
#define X(symbol, word) [symbol] = word,
    ALERT_STATES(X)
#undef X
};

static const char *const actions[N_ALERT_ACTIONS] = {
#define X(symbol, word) [symbol] = word,
    ALERT_ACTIONS(X)
#undef X
};

const char *alert_state_word(enum alert_state s)
{
    return (unsigned)s < N_ALERT_STATES ? states[s] : "";
}

bool alert_state_parse(struct str word, enum alert_state *out)
{
    size_t i = STR_IN(word, states);

    if (i < N_ALERT_STATES)
        *out = (enum alert_state)i;
    return i < N_ALERT_STATES;
}

const char *alert_action_word(enum alert_action a)
{
    return (unsigned)a < N_ALERT_ACTIONS ? actions[a] : "";
}

bool alert_action_parse(struct str word, enum alert_action *out)
{
    size_t i = STR_IN(word, actions);

    if (i < N_ALERT_ACTIONS)
        *out = (enum alert_action)i;
    return i < N_ALERT_ACTIONS;
}

/* A key that is disabled or revoked is held back further already. */
static bool take_writing(struct grant *g, struct alert_taken *taken)
{
    if (g->state != KEY_ACTIVE || g->permissions == KW_READ_ONLY)
        return false;
    *taken = (struct alert_taken){.action = ALERT_READ_ONLY, .permissions = g->permissions};
    g->permissions = KW_READ_ONLY;
    return true;
}

static bool take_all(struct grant *g, struct alert_taken *taken)
{
    if (g->state != KEY_ACTIVE)
        return false;
    *taken = (struct alert_taken){.action = ALERT_DISABLE};
    g->state = KEY_DISABLED;
    return true;
}

bool alert_act(enum alert_action action, struct grant *g, struct alert_taken *taken)
{
    *taken = (struct alert_taken){.action = ALERT_NOTIFY};
    switch (action) {
    case ALERT_NOTIFY:
        return false;
    case ALERT_READ_ONLY:
        return take_writing(g, taken);
    case ALERT_DISABLE:
    case N_ALERT_ACTIONS:
        break;
    }
    return take_all(g, taken);
}

bool alert_undo(const struct alert_taken *taken, struct grant *g)
{
    if (taken->version != g->version)
        return false;
    switch (taken->action) {
    case ALERT_READ_ONLY:
        if (g->permissions != KW_READ_ONLY || g->state == KEY_REVOKED || taken->permissions == 0)
            return false;
        g->permissions = taken->permissions;
        return true;
    case ALERT_DISABLE:
        if (g->state != KEY_DISABLED)
            return false;
        g->state = KEY_ACTIVE;
        return true;
    case ALERT_NOTIFY:
    case N_ALERT_ACTIONS:
        break;
    }
    return false;
}
