/* endpoints.h - what each endpoint of the sandbox does. */
#ifndef SANDBOX_ENDPOINTS_H
#define SANDBOX_ENDPOINTS_H

#include "sandbox/router.h"

struct call {
    const struct request *request;
    struct wallet *wallet;
    struct str parameter; /* what stands in place of {} in the path */
    int64_t now_ms;
};

/* X(function, method, path). Where several paths match, the first does. */
#define ENDPOINTS(X)                                                         \
    X(endpoint_user, "GET", "/api/v1/user/me")                               \
    X(endpoint_user_update, "PATCH", "/api/v1/user/update/{}")               \
    X(endpoint_wallet, "GET", "/api/v1/wallet/me")                           \
    X(endpoint_virtual_account, "POST", "/api/v1/wallet/virtual-account")    \
    X(endpoint_transfer, "POST", "/api/v1/wallet/payout/transfer")           \
    X(endpoint_bank_transfer, "POST", "/api/v1/wallet/payout/bank-transfer") \
    X(endpoint_transactions, "GET", "/api/v1/transactions/user")             \
    X(endpoint_by_reference, "GET", "/api/v1/transactions/reference/{}")     \
    X(endpoint_by_id, "GET", "/api/v1/transactions/{}")                      \
    X(endpoint_networks, "GET", "/api/v1/evm/networks")

#define X(function, method, path) void function(const struct call *c, struct answer *a);
ENDPOINTS(X)
#undef X

/* Any method: what has arrived here, headers in their order. */
void endpoint_echo(const struct request *r, struct answer *a);

#endif
