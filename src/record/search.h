/* search.h - finds records: by key, account, source, reason, request and time, the last ones, the
 * ones to come. */
#ifndef RECORD_SEARCH_H
#define RECORD_SEARCH_H

#include "core/spend_event.h"
#include "record/batch.h"
#include "record/leak.h"
#include "record/reading.h"
#include "record/sign_in.h"

struct record_entry { /* borrows; valid during the call */
    enum record_kind kind;
    int32_t day; /* of its file */
    uint64_t batch;
    uint32_t number;             /* in the batch, from 1 */
    struct event event;          /* of RECORD_EVENT */
    struct record_change change; /* of RECORD_CHANGE */
    struct sign_in sign_in;      /* of RECORD_SIGN_IN */
    struct leak leak;            /* of RECORD_LEAK */
    struct spend_event spend;    /* of RECORD_SPEND */
    struct reading reading;      /* of RECORD_READING */
};

/* Called for each; anything but KW_OK ends the search and is returned from it. */
typedef enum kw_err record_entry_fn(void *ctx, const struct record_entry *e);

enum search_verdict { SEARCH_ANY_VERDICT = 0, SEARCH_ALLOWED = 1, SEARCH_DENIED = 2 };
enum search_kinds {
    SEARCH_ALL = 0,
    SEARCH_EVENTS = 1, /* attempts: warnings are not among them */
    SEARCH_CHANGES = 2,
    SEARCH_SIGN_INS = 3,
    SEARCH_LEAKS = 4,
    SEARCH_SPENDS = 5,
    SEARCH_WARNINGS = 6,
    SEARCH_READINGS = 7
};

/* A place between two records, for who walks back: those before it in the record are still to be given. */
struct search_place {
    int32_t day;     /* of the file */
    uint64_t batch;  /* 0: no place */
    uint32_t number; /* in the batch: this one and those behind it have been seen */
};

/* What is set must all hold; an empty query finds everything. A change has a key or account where
 * its object has one, and no source, reason or request. A sign-in has no key, and no reason of this kind; a leak has no
 * reason, what was spent no source either, and a warning neither of these nor a request. Only attempts have
 * verdict and browser; they, warnings and what was spent have an environment. A member has his sign-ins, what he read, the changes that he made, and those that were made to him. A summary is
 * found by any address of its network. */
struct record_query {
    struct str key_id, account, member;

    /* With account: whether a key, by its id, is the account's, so that attempts are found too that were refused before the
     * account was looked up, and carry only the id that was claimed. */
    bool (*owns)(void *ctx, struct str key_id);
    bool of_account; /* he who asks is of one account: who has reported a leak is not his to find */
    /* Walking back: asked before each file but the first, and before each batch once 1,024 records of its file have been looked at; true
     * ends the search. */
    bool (*enough)(void *ctx);
    void *ctx;                  /* given to both */
    struct search_place before; /* walking back: begin here */
    struct search_place *ended; /* walking back: where `enough` has ended it, to go on from. Untouched when it has not;
                                   may be NULL */

    const struct address *source;
    const enum kw_reason *reason;
    const uint8_t *request_id; /* EVENT_REQUEST_ID bytes */
    enum search_verdict verdict;
    enum kw_environment environment; /* KW_NO_ENVIRONMENT: any */
    bool from_browser;               /* only what came from a browser */
    int64_t from_us, until_us;       /* first included, last not; 0: open */
    enum search_kinds kinds;
    bool oldest_first; /* in the order of the record; otherwise newest first */
    uint64_t limit;    /* 0: all */
};

/* Reads what is on the record: ask `keyward serve` to drain first. A batch that cannot be read, or the end of a
 * closed day that was cut off, ends the search with KW_EDAMAGED (`audit verify` names it); KW_ENOTFOUND: no such folder; KW_EPERM,
 * KW_EIO, KW_ENOMEM. */
enum kw_err search_run(const char *audit_dir, const struct record_query *q, record_entry_fn *each,
                       void *ctx) MUST_USE;

/* A place in the record, behind a batch. An empty one is its beginning. */
struct record_cursor {
    int32_t day;
    uint64_t offset;
};

/* The last n records that match (q may be NULL; its order and limit do not count), oldest first.
 * *end becomes the place behind them, from where search_follow goes on. */
enum kw_err search_tail(const char *audit_dir, const struct record_query *q, uint64_t n,
                        record_entry_fn *each, void *ctx, struct record_cursor *end) MUST_USE;

/* Gives what has come since, oldest first, and moves the cursor: call it again and again. */
enum kw_err search_follow(const char *audit_dir, const struct record_query *q,
                          struct record_cursor *at, record_entry_fn *each, void *ctx) MUST_USE;

#endif
