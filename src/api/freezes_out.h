/* freezes_out.h - what is frozen, as it is told: of a key, an account, an environment. */
#ifndef API_FREEZES_OUT_H
#define API_FREEZES_OUT_H

#include "core/grant.h"
#include "json/json_out.h"

/* NULL: out of memory. */
json_t *freeze_of_key(const struct grant *g);
json_t *freeze_of_account(const struct account *a);
json_t *freeze_of_environment(const struct environment *e);

#endif
