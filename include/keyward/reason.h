/* keyward/reason.h - why a decision came out as it did, as one table. */
#ifndef KEYWARD_REASON_H
#define KEYWARD_REASON_H

#include <keyward/api.h>

/* X(enumerator, name, HTTP status, message). In the order of the decision: the first step that fails decides.
 * The name is stable: it stands in the record. The message is what a caller reads who has proved the secret, or from
 * whom nothing needs hiding; KW_WHY_UNAVAILABLE comes first because zero must be a refusal. The record holds the place in
 * the table as a number: what comes later is put at the end. */
#define KW_REASONS(X)                                                                               \
    X(KW_WHY_UNAVAILABLE, "unavailable", 503, "The key authority is not available")                 \
    X(KW_WHY_PATH_AMBIGUOUS, "path_ambiguous", 400, "The path can be read in more than one way")    \
    X(KW_WHY_CREDENTIAL_IN_URL, "credential_in_url", 400,                                           \
      "Send the key in the x-api-key header, never in the URL or a cookie; this key should be "     \
      "rotated")                                                                                    \
    X(KW_WHY_TLS_REQUIRED, "tls_required", 403, "Keys are accepted over HTTPS only")                \
    X(KW_WHY_ROUTE_DENIED, "route_denied", 403, "This route is closed")                             \
    X(KW_WHY_PUBLIC, "public", 200, "This route needs no key")                                      \
    X(KW_WHY_MISSING_KEY, "missing_key", 401, "Missing authentication header")                      \
    X(KW_WHY_AMBIGUOUS_CREDENTIALS, "ambiguous_credentials", 400, "Send exactly one key, once")     \
    X(KW_WHY_MALFORMED_KEY, "malformed_key", 401, "Invalid API key")                                \
    X(KW_WHY_UNKNOWN_KEY, "unknown_key", 401, "Invalid API key")                                    \
    X(KW_WHY_WRONG_SECRET, "wrong_secret", 401, "Invalid API key")                                  \
    X(KW_WHY_TOO_MANY_FAILURES, "too_many_failures", 429, "Too many requests with an invalid key")  \
    X(KW_WHY_STALE, "stale", 503, "The key authority has not been heard of for too long")           \
    X(KW_WHY_KEY_REVOKED, "key_revoked", 401, "API key revoked")                                    \
    X(KW_WHY_KEY_DISABLED, "key_disabled", 401, "API key disabled")                                 \
    X(KW_WHY_KEY_EXPIRED, "key_expired", 401, "API key expired")                                    \
    X(KW_WHY_ACCOUNT_SUSPENDED, "account_suspended", 403, "The account of this key is suspended")   \
    X(KW_WHY_FROZEN, "frozen", 403, "Requests of this kind are frozen at the moment")               \
    X(KW_WHY_ENVIRONMENT_MISMATCH, "environment_mismatch", 403,                                     \
      "This key belongs to another environment")                                                    \
    X(KW_WHY_IP_NOT_ALLOWED, "ip_not_allowed", 403, "This key may not be used from this address")   \
    X(KW_WHY_BROWSER_USE, "browser_use", 403, "Keys may not be used from a browser")                \
    X(KW_WHY_PERMISSION_DENIED, "permission_denied", 403, "This key lacks a permission")            \
    X(KW_WHY_UNRECORDABLE, "unrecordable", 503, "The attempt could not be put on the record")       \
    X(KW_WHY_RATE_LIMITED, "rate_limited", 429, "Too many requests with this key")                  \
    X(KW_WHY_QUOTA_EXCEEDED, "quota_exceeded", 429, "The quota of this key is used up")             \
    X(KW_WHY_ALLOWED, "allowed", 200, "Allowed")                                                    \
    X(KW_WHY_UNTRUSTED_PEER, "untrusted_peer", 403,                                                 \
      "Only a proxy that is trusted here may ask on behalf of its clients")                         \
    X(KW_WHY_FORWARDED_AMBIGUOUS, "forwarded_ambiguous", 400,                                       \
      "What the proxy tells of the request is missing, doubled or contradictory")                   \
    X(KW_WHY_SECRET_ROTATED, "secret_rotated", 401, "API key was rotated: use its new secret")      \
    X(KW_WHY_ROTATION_OVERDUE, "rotation_overdue", 403,                                             \
      "This key is overdue for rotation, and only reads until it is rotated")                       \
    X(KW_WHY_TOKEN_EXPIRED, "token_expired", 401, "Access token expired: refresh it")               \
    X(KW_WHY_TOKEN_ENDED, "token_ended", 401, "This token was ended: exchange the key for another") \
    X(KW_WHY_TOKEN_REUSED, "token_reused", 401,                                                     \
      "This refresh token had been used before: its family of tokens is ended")

enum kw_reason {
#define X(symbol, name, status, message) symbol,
    KW_REASONS(X)
#undef X
};

enum {
    KW_N_REASONS = 0
#define X(symbol, name, status, message) +1
    KW_REASONS(X)
#undef X
};

#ifdef __cplusplus
extern "C" {
#endif

/* The stable name, the HTTP status and the general message of a reason. A value outside of the table is answered as
 * KW_WHY_UNAVAILABLE. */
KW_API const char *kw_reason_name(enum kw_reason why);
KW_API int kw_reason_status(enum kw_reason why);
KW_API const char *kw_reason_message(enum kw_reason why);

#ifdef __cplusplus
}
#endif

#endif
