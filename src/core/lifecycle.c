/* lifecycle.c - see lifecycle.h. */
#include "core/lifecycle.h"

static enum key_state target_of(enum key_state from, enum key_step step)
{
    switch (step) {
    case STEP_DISABLE:
        return KEY_DISABLED;
    case STEP_ENABLE:
        return KEY_ACTIVE;
    case STEP_REVOKE:
        return KEY_REVOKED;
    case STEP_CHANGE:
        return from;
    }
    return KEY_REVOKED;
}

enum kw_err lifecycle_step(enum key_state from, bool expired, enum key_step step, enum key_state *to)
{
    bool over = from == KEY_REVOKED || expired;

    if (over && step != STEP_REVOKE)
        return KW_ECONFLICT;
    *to = target_of(from, step);
    return KW_OK;
}

const char *lifecycle_name(enum key_state state, bool expired)
{
    switch (state) {
    case KEY_REVOKED:
        return "revoked";
    case KEY_ACTIVE:
        return expired ? "expired" : "active";
    case KEY_DISABLED:
        return expired ? "expired" : "disabled";
    }
    return "revoked";
}
