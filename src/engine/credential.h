/* credential.h - what among a request's fields is a credential of ours. */
#ifndef ENGINE_CREDENTIAL_H
#define ENGINE_CREDENTIAL_H

#include "core/key.h"
#include "engine/view.h"

/* Whether a bearer token begins like one of ours: the brand and "_test_" or "_live_" (a key), "t_"
 * or "r_" (a token). */
bool credential_is_ours(struct str token, struct str brand);

/* The brand of the keyring that is open, copied into copy; empty when there is none. */
struct str credential_brand(const struct kw_engine *engine, char copy[KEYRING_BRAND_MAX]);

/* How many credentials a request carries: every key header, and every bearer token of ours. *only
 * is the last one, and *is_bearer whether it came as a bearer token, as access tokens do. */
size_t credential_count(const struct kw_request *request, struct str brand, struct str *only,
                        bool *is_bearer);

#endif
