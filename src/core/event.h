/* event.h - one attempt on the record, as a struct and as bytes. */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include "core/address.h"

/* One codec serves ring, record and export. A string that is too long is cut, at the maximum given
 * here. */
enum {
    EVENT_REQUEST_ID = 16,
    EVENT_AGENT_MAX = 64,
    EVENT_TOKEN_AGENT_MAX = EVENT_AGENT_MAX - KW_KEY_ID_LEN, /* with CREDENTIAL_TOKEN */
    EVENT_METHOD_MAX = 16,
    EVENT_PATH_MAX = 128,
    EVENT_MAX = 360, /* bytes of any encoded event */
};

enum event_kind {
    EVENT_NONE = 0,
    EVENT_DECISION = 1, /* one attempt */
    EVENT_SUMMARY = 2,  /* `count` attempts alike in source and reason, in one batch */
    EVENT_GAP = 3,      /* `count` attempts of a reason that found their ring full, or (reason
                           unavailable) whose      verifier died before it had decided */
    EVENT_WARNING = 4,  /* no attempt: `count` is 0, see warning.h */
};

enum credential_kind { CREDENTIAL_NONE = 0, CREDENTIAL_KEY = 1, CREDENTIAL_TOKEN = 2 };

enum event_flag {
    EVENT_PROVED = 1, /* the secret matched; otherwise key_id is only claimed */
    EVENT_TLS = 2,
    EVENT_LOOPBACK = 4,
    EVENT_BROWSER = 8,
    EVENT_OLD_SECRET = 16,
    EVENT_FLAGS_ALL = 31,
};

struct event {
    enum event_kind kind;
    uint32_t count;  /* 1 for a decision */
    int64_t time_us; /* wall clock */
    uint64_t ring; /* which ring, and the position in it: together they name an event once and for all */
    uint64_t position;
    uint8_t request_id[EVENT_REQUEST_ID];
    char key_id[KW_KEY_ID_LEN]; /* not terminated; zero bytes: none */
    enum credential_kind credential;
    char token_id[KW_KEY_ID_LEN]; /* of the family, with CREDENTIAL_TOKEN; claimed, like key_id; zero bytes: none */
    uint32_t generation;             /* of the secret */
    uint32_t key_version;            /* of the key's row then in force; 0: not looked up */
    uint32_t policy_version;         /* then in force; 0: none */
    struct str account;              /* borrows, like the other strings */
    enum kw_environment environment; /* of the host that was asked */
    struct address source;
    struct str agent, method, path; /* path without query, redacted */
    uint32_t route;                 /* number of the line in the policy; 0: none */
    enum kw_class route_class;
    enum kw_reason reason;
    enum kw_limit_kind limited_by;
    uint16_t status;
    uint8_t flags;
    uint32_t latency_ns; /* of the decision */
};

/* Whether the attempt was allowed; of what a gap or a summary counts, whether they came out so. */
static inline bool event_is_allowed(const struct event *e)
{
    return e->status == 200 && kw_reason_status(e->reason) == 200;
}

/* Writes the event; returns its length, at most EVENT_MAX. */
size_t event_encode(const struct event *e, uint8_t out[EVENT_MAX]);

/* Reads an event from hostile bytes: strings borrow from them. KW_EFORMAT for another version,
 * KW_EDAMAGED for a length, an enumerator or a flag that cannot be, or bytes left over.
 * event_encode of the result is the same bytes. */
enum kw_err event_decode(struct str bytes, struct event *out);

#endif
