/* routes.c - every call of the management API, and who may make it. */
#include "api/api.h"
#include "server/router.h"

const struct api_route api_routes[] = {
    {"GET", "/v1/accounts", BODY_NONE, ASKER_SCOPE, SCOPE_ACCOUNTS_READ, accounts_list},
    {"POST", "/v1/accounts", BODY_OBJECT, ASKER_SCOPE, SCOPE_ACCOUNTS_WRITE, accounts_create},
    {"GET", "/v1/accounts/{id}", BODY_NONE, ASKER_SCOPE, SCOPE_ACCOUNT_READ, accounts_get},
    {"PATCH", "/v1/accounts/{id}", BODY_OBJECT, ASKER_SCOPE, SCOPE_ACCOUNT_WRITE, accounts_change},
    {"POST", "/v1/accounts/{id}/suspend", BODY_NONE, ASKER_SCOPE, SCOPE_ACCOUNTS_WRITE,
     accounts_suspend},
    {"POST", "/v1/accounts/{id}/resume", BODY_NONE, ASKER_SCOPE, SCOPE_ACCOUNTS_WRITE,
     accounts_resume},
    {"POST", "/v1/authorize", BODY_OBJECT, ASKER_SCOPE, SCOPE_AUTHORIZE, authorize_post},
    {"GET", "/v1/clock", BODY_NONE, ASKER_SCOPE, SCOPE_OPERATE, clock_get},
    {"POST", "/v1/clock/accept", BODY_NONE, ASKER_SCOPE, SCOPE_OPERATE, clock_accept},
    {"GET", "/v1/keys", BODY_NONE, ASKER_SCOPE, SCOPE_KEYS_READ, keys_list},
    {"POST", "/v1/keys", BODY_OBJECT, ASKER_SCOPE, SCOPE_KEYS_WRITE, keys_create},
    {"GET", "/v1/keys/{id}", BODY_NONE, ASKER_SCOPE, SCOPE_KEYS_READ, keys_get},
    {"PATCH", "/v1/keys/{id}", BODY_OBJECT, ASKER_SCOPE, SCOPE_KEYS_WRITE, keys_change},
    {"POST", "/v1/keys/{id}/disable", BODY_NONE, ASKER_SCOPE, SCOPE_KEYS_WRITE, keys_disable},
    {"POST", "/v1/keys/{id}/enable", BODY_NONE, ASKER_SCOPE, SCOPE_KEYS_WRITE, keys_enable},
    {"POST", "/v1/keys/{id}/revoke", BODY_NONE, ASKER_SCOPE, SCOPE_KEYS_WRITE, keys_revoke},
    {"GET", "/v1/policy", BODY_NONE, ASKER_SCOPE, SCOPE_POLICY_READ, policy_get},
    {"PUT", "/v1/policy", BODY_OBJECT, ASKER_SCOPE, SCOPE_POLICY_WRITE, policy_put},
    {"POST", "/v1/policy/test", BODY_OBJECT, ASKER_SCOPE, SCOPE_POLICY_READ, policy_test},
    {"GET", "/v1/health", BODY_NONE, ASKER_ANYONE, 0, health_get},
    {"POST", "/v1/drain", BODY_NONE, ASKER_SCOPE, SCOPE_OPERATE, drain_post},
    {"GET", "/metrics", BODY_NONE, ASKER_SCOPE, SCOPE_OPERATE, metrics_get},
    {"GET", "/openapi.json", BODY_NONE, ASKER_ANYONE, 0, contract_json},
    {"GET", "/docs", BODY_NONE, ASKER_ANYONE, 0, contract_page},
    {"GET", "/docs/style.css", BODY_NONE, ASKER_ANYONE, 0, contract_style},
    {NULL},
};
