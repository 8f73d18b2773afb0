/* last_use.h - the last use of a key, a member or a token, as its owner may see it. */
#ifndef SERVER_LAST_USE_H
#define SERVER_LAST_USE_H

#include "server/server.h"
#include "json/json_out.h"

/* The newer of what is saved and what is only noted yet; at_ms is 0 where it was never used. The store is the one that
 * sync_lock gave, also while it lists. Errors of store_use, but for KW_ENOTFOUND. */
enum kw_err last_use_find(const struct server *s, struct store *store, enum use_kind kind,
                          uint32_t slot, struct str id, struct last_use *out) MUST_USE;

/* The same, for whoever holds no lock. */
enum kw_err last_use_ask(const struct server *s, enum use_kind kind, uint32_t slot, struct str id,
                         struct last_use *out) MUST_USE;

/* Adds lastUsedAt and lastUsedFrom to an object, or lastSignInAt and lastSignInFrom to a member: each null where there is
 * none. Takes the object, which may be NULL, and returns it. NULL: out of memory. */
json_t *last_use_out(const struct last_use *use, json_t *object);

#endif
