/* daily_book.h - what is counted by the day, in usage.db: written, taken out when it is too old, and asked for. */
#ifndef WATCH_DAILY_BOOK_H
#define WATCH_DAILY_BOOK_H

#include "watch/book.h"
#include "watch/daily.h"

enum { DAILY_KEPT_DAYS = 60 };

/* So many names of a subject and day are told apart; the rest is DAILY_OTHER. Attempts without the secret get half of them at most:
 * whoever knows a key's id must not be able to hide from where it is really used. */
enum { DAILY_SOURCES_MAX = 64, DAILY_NAMES_MAX = 256 };

/* Within a transaction. What would be too old at once is left out. */
enum kw_err daily_enter(struct book *b, struct daily *d, int64_t now_us) MUST_USE;

/* Takes out some of what is too old: a backlog goes little by little. */
enum kw_err daily_sweep(struct book *b, int64_t now_us) MUST_USE;

struct daily_share { /* borrows; of a name, in all of the days together */
    struct str name;
    uint64_t allowed, denied;
    int64_t most;
};
typedef enum kw_err daily_share_fn(void *ctx, const struct daily_share *share);

struct daily_asked {
    enum daily_kind kind;
    uint32_t subject;
    enum kw_environment environment; /* KW_NO_ENVIRONMENT: of every one */
    uint32_t first, end;             /* days; the end is not one of them */
};

/* Calls each for every name, the most frequent first; stops and returns its error when it is not KW_OK. */
enum kw_err daily_ask(struct book *b, const struct daily_asked *q, daily_share_fn *each,
                      void *ctx) MUST_USE;

#endif
