/* routes.c - every call of the management API, and who may make it. */
#include "api/api.h"
#include "server/router.h"

const struct api_route api_routes[] = {
    {"GET", "/v1/accounts", BODY_NONE, CALLER_ADMIN, accounts_list},
    {"POST", "/v1/accounts", BODY_OBJECT, CALLER_ADMIN, accounts_create},
    {"POST", "/v1/authorize", BODY_OBJECT, CALLER_BACKEND, authorize_post},
    {"GET", "/v1/clock", BODY_NONE, CALLER_ADMIN, clock_get},
    {"POST", "/v1/clock/accept", BODY_NONE, CALLER_ADMIN, clock_accept},
    {"GET", "/v1/keys", BODY_NONE, CALLER_ADMIN, keys_list},
    {"POST", "/v1/keys", BODY_OBJECT, CALLER_ADMIN, keys_create},
    {"GET", "/v1/keys/{id}", BODY_NONE, CALLER_ADMIN, keys_get},
    {"PATCH", "/v1/keys/{id}", BODY_OBJECT, CALLER_ADMIN, keys_change},
    {"POST", "/v1/keys/{id}/disable", BODY_NONE, CALLER_ADMIN, keys_disable},
    {"POST", "/v1/keys/{id}/enable", BODY_NONE, CALLER_ADMIN, keys_enable},
    {"POST", "/v1/keys/{id}/revoke", BODY_NONE, CALLER_ADMIN, keys_revoke},
    {"GET", "/v1/policy", BODY_NONE, CALLER_ADMIN, policy_get},
    {"PUT", "/v1/policy", BODY_OBJECT, CALLER_ADMIN, policy_put},
    {"POST", "/v1/policy/test", BODY_OBJECT, CALLER_ADMIN, policy_test},
    {"GET", "/v1/health", BODY_NONE, CALLER_ANYONE, health_get},
    {"POST", "/v1/drain", BODY_NONE, CALLER_ADMIN, drain_post},
    {"GET", "/v1/events", BODY_NONE, CALLER_ADMIN, events_list},
    {"GET", "/v1/events/{id}", BODY_NONE, CALLER_ADMIN, events_get},
    {"GET", "/v1/audit/verify", BODY_NONE, CALLER_ADMIN, audit_verify},
    {"GET", "/metrics", BODY_NONE, CALLER_ADMIN, metrics_get},
    {NULL},
};
