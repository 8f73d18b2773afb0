/* detect.h - finds what is unusual in what comes onto the record: a machine that is told, and asks nobody for the time.
 *
 *     detect_event(d, &who, &event, batch_us);     for each of a batch, in the order of the record
 *     detect_each_changed(d, save, ctx);           when the round ends, in the transaction of its counts
 *
 * Time      is that of the batch; it only goes on. Everything is judged when something comes, so nothing has to be called
 *           when nothing does. The same record has the same findings, however it was cut into rounds.
 * Memory    State is kept of keys that there are, at most DETECT_KEYS_MAX of them at a time (the rest lies where `load` finds
 *           it), and in tables of fixed size for what strangers send: they forget who has done least.
 * Failure   After any error, also one of the functions given, the state is to be forgotten and read again.
 * Threads   One at a time. */
#ifndef WATCH_DETECT_H
#define WATCH_DETECT_H

#include "core/event.h"
#include "core/finding.h"
#include "core/spend_event.h"
#include "core/thresholds.h"
#include "record/leak.h"
#include "record/sign_in.h"

enum { DETECT_KEYS_MAX = 262144, DETECT_SPENDS_MAX = 32768 };

/* Where an address is. */
struct located {
    char country[3];    /* "NG"; empty: not known */
    uint32_t as_number; /* 0: not known */
};

/* Finds it; false: not known. Without one (find NULL) networks are prefixes (/24, of IPv6 /48), and no country is new. */
struct detect_locator {
    void *ctx;
    bool (*find)(void *ctx, const struct address *a, struct located *out);
};

/* What is saved. The numbers stand in usage.db. */
enum detect_table {
    DETECT_ALL = 0,      /* one state, number 0 */
    DETECT_KEYS = 1,     /* by the number of the key */
    DETECT_SPENDS = 2,   /* likewise: what it spent */
    DETECT_SUSPECTS = 3, /* numbers below detect_table_size: sources and members that were refused */
    DETECT_PLACES = 4,   /* likewise: where sandbox keys live */
    DETECT_OURS = 5,     /* likewise: the networks from which keys were proved lately */
    DETECT_N_TABLES = 6
};

struct detect_options { /* borrows */
    void *ctx;          /* given to these: */

    /* Something was found. */
    enum kw_err (*found)(void *ctx, const struct finding *f);

    /* Puts back (detect_put) what was saved of a key; nothing: KW_OK. NULL: nothing ever was. */
    enum kw_err (*load)(void *ctx, enum detect_table t, uint32_t no);

    /* What an account has chosen (empty: the installation), good until the next call. Asked for each event: no disk. NULL:
     * the defaults. */
    const struct thresholds *(*thresholds)(void *ctx, struct str account);

    /* The most that a key may spend at once; false: no limit. Asked for each amount. NULL: spend_edge finds nothing. */
    bool (*spend_most)(void *ctx, struct str key_id, struct str currency, struct amount *out);

    struct detect_locator locator;
};

/* Whose an event is: the number of the key that it proves or claims, 0: there is none; and that key's account. */
struct detect_who {
    uint32_t key;
    struct str account;
};

struct detect;

enum kw_err detect_new(const struct detect_options *o, struct detect **out) MUST_USE; /* KW_ENOMEM */
void detect_free(struct detect *d); /* takes NULL */

/* A number that strangers do not know, and the same each time for what was saved: it says who shares a place with whom in tables. */
void detect_seed(struct detect *d, uint64_t seed);

/* Whether a whole batch, whatever is in it, still fits; otherwise save, and forget. */
bool detect_has_room(const struct detect *d);
void detect_forget(struct detect *d);

/* KW_ENOMEM, or what the functions given return. */
enum kw_err detect_event(struct detect *d, const struct detect_who *who, const struct event *e,
                         int64_t batch_us) MUST_USE;
enum kw_err detect_spend(struct detect *d, const struct detect_who *who,
                         const struct spend_event *e, int64_t batch_us) MUST_USE;
enum kw_err detect_sign_in(struct detect *d, const struct sign_in *in, int64_t batch_us) MUST_USE;
enum kw_err detect_leak(struct detect *d, const struct leak *l, int64_t batch_us) MUST_USE;

/* ---- saved ---- */

/* How many states a table of fixed size has; 0: it has none, they are loaded one by one. */
uint32_t detect_table_size(enum detect_table t);

/* Gives what was changed since the last time; stops at the first error and returns it. */
typedef enum kw_err detect_save_fn(void *ctx, enum detect_table t, uint32_t no, struct str image);
enum kw_err detect_each_changed(struct detect *d, detect_save_fn *save, void *ctx) MUST_USE;

/* Puts back what was saved, after detect_new or detect_forget, or from `load`. KW_EDAMAGED, KW_EFORMAT: none of ours, or of
 * another version; KW_ENOMEM, KW_EFULL. */
enum kw_err detect_put(struct detect *d, enum detect_table t, uint32_t no, struct str image) MUST_USE;

#endif
