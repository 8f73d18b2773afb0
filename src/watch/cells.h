/* cells.h - what one round has counted, in memory, before it is written down. */
#ifndef WATCH_CELLS_H
#define WATCH_CELLS_H

#include "core/event.h"
#include "watch/daily.h"
#include "watch/step.h"

/* Whose attempt one is, as numbers in usage.db; 0: no key's, no account's. What everybody does together is counted under
 * CELLS_EVERYBODY. */
struct cells_who {
    uint32_t key, account;
};

enum { CELLS_EVERYBODY = 0 };

struct cell { /* n attempts alike, in one step of time */
    enum step step;
    uint32_t time;    /* in steps */
    uint32_t subject; /* everybody, an account, or a key */
    enum kw_environment environment;
    enum kw_class class;
    enum kw_reason reason;
    uint64_t n;
};

struct cells;

enum kw_err cells_new(struct cells **out) MUST_USE; /* KW_ENOMEM */
void cells_free(struct cells *c);                   /* takes NULL */
void cells_clear(struct cells *c);

/* Whether a whole batch, whatever is in it, still fits. */
bool cells_have_room(const struct cells *c);

/* Counts an event with all that it stands for, in every step and for everybody whom it concerns; a gap is no traffic. One
 * whose time is far from its batch's counts as of the batch: rings are hostile input. */
void cells_count(struct cells *c, const struct cells_who *who, const struct daily_where *where,
                 const struct event *e, int64_t batch_us);

/* Whether requests of this reason got through. */
bool cells_is_allowed(enum kw_reason why);

/* What was counted, by step, time and subject: in the order in which it lies in the file. Borrowed until the next call. */
const struct cell *cells_sorted(struct cells *c, size_t *n);

/* What was counted by the day alone; it goes with the cells. */
struct daily *cells_daily(struct cells *c);

/* The network that an address is counted under: the /24 of IPv4, the /48 of IPv6. */
struct address cells_net(const struct address *a);

/* "203.0.113.0/24", terminated. */
enum { CELLS_NET_TEXT = ADDRESS_RULE_TEXT_MAX };
void cells_print_net(const struct address *net, char out[CELLS_NET_TEXT]);

#endif
