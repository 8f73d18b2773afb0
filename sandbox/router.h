/* router.h - which answer a request gets: whose it is, which endpoint it means, what that says. */
#ifndef SANDBOX_ROUTER_H
#define SANDBOX_ROUTER_H

#include "sandbox/answer.h"
#include "sandbox/ledger.h"

enum { REQUEST_PAIRS_MAX = 128 };

struct pair {
    struct str name, value;
};

struct request {             /* borrows */
    struct str method, path; /* path: decoded */
    struct str target;       /* path and query as they came */
    struct str body;
    struct pair headers[REQUEST_PAIRS_MAX], query[REQUEST_PAIRS_MAX];
    size_t n_headers, n_query;
};

/* Answers a request; *a is empty before and is to be deinited by the caller. Whoever is not named
 * by the gateway (X-Keyward-Account and X-Keyward-Environment, each once) gets a 500 everywhere but
 * at /healthz. */
void router_answer(struct ledger *l, const struct request *r, int64_t now_ms, struct answer *a);

#endif
