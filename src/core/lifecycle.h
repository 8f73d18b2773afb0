/* lifecycle.h - the states of a key, and which step leads where. */
#ifndef CORE_LIFECYCLE_H
#define CORE_LIFECYCLE_H

#include <keyward/keyward.h>

#include "base/str.h"

/* Zero is the state that nothing can be done with: an empty record denies. Expired is not stored:
 * it is what an active or disabled key is from its expiry on. */
enum key_state { KEY_REVOKED = 0, KEY_ACTIVE = 1, KEY_DISABLED = 2 };

enum key_step { STEP_DISABLE, STEP_ENABLE, STEP_REVOKE, STEP_CHANGE };

/* Where a step leads from a state. Steps that change nothing (revoking twice) succeed; KW_ECONFLICT
 * for one that the state, or the expiry having passed, does not allow. */
enum kw_err lifecycle_step(enum key_state from, bool expired, enum key_step step, enum key_state *to);

/* expires_ms 0: never. A key is expired at its expiry, not only after it. */
static inline bool lifecycle_expired(int64_t expires_ms, int64_t now_ms)
{
    return expires_ms != 0 && now_ms >= expires_ms;
}

/* "active", "disabled", "revoked", and "expired" where it applies. */
const char *lifecycle_name(enum key_state state, bool expired);

#endif
