/* leak_action.c - see leak_action.h. */
#include "core/leak_action.h"

static const char *const words[N_LEAK_ACTIONS] = {
#define X(symbol, word) [symbol] = word,
    LEAK_ACTIONS(X)
#undef X
};

const char *leak_action_word(enum leak_action action)
{
    return (unsigned)action < N_LEAK_ACTIONS ? words[action] : "";
}

enum kw_err leak_action_parse(struct str word, enum leak_action *out)
{
    size_t i = STR_IN(word, words);

    if (i == COUNT_OF(words))
        return KW_ESYNTAX;
    *out = (enum leak_action)i;
    return KW_OK;
}

static bool freeze(struct grant *g, enum freeze what)
{
    bool is_new = (what & ~(unsigned)g->frozen) != 0;

    g->frozen |= what;
    return is_new;
}

static bool lead_to(struct grant *g, enum key_state state)
{
    bool is_new = g->state != state && g->state != KEY_REVOKED;

    g->state = is_new ? state : g->state;
    return is_new;
}

bool leak_action_apply(enum leak_action action, struct grant *g)
{
    switch (action) {
    case LEAK_NOTIFY:
        return false;
    case LEAK_FREEZE_TRANSACT:
        return freeze(g, FREEZE_TRANSACT);
    case LEAK_FREEZE_ALL:
        return freeze(g, FREEZE_ALL);
    case LEAK_DISABLE:
        return lead_to(g, KEY_DISABLED);
    case LEAK_REVOKE:
    case N_LEAK_ACTIONS:
        break;
    }
    return lead_to(g, KEY_REVOKED);
}
