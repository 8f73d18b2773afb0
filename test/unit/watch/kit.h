/* kit.h - a record that is written batch by batch, keys that exist, and the counting of it. */
#ifndef TEST_WATCH_KIT_H
#define TEST_WATCH_KIT_H

#include "../record/rig.h"
#include "watch/ask.h"
#include "watch/round.h"

#define KIT_KEY   "7Q2mK4T9xJ1aB0" /* of the account "acme", like every key whose id begins so */
#define KIT_OTHER "8Q2mK4T9xJ1aB0" /* of nobody */

/* Version 1 of the policy has KIT_ROUTES lines, "GET /1" to "GET /300"; 2 has them from the last to the first; 3 has two whose line
 * cannot be read; there are no others but such as are like 1. Addresses that begin with 192 are in CH, with 193 in DE. */
enum { KIT_ROUTES = 300, KIT_REVERSED = 2, KIT_BROKEN = 3, KIT_POLICIES = 100 };

struct kit {
    struct rig rig;
    struct segments *segments;
    struct rounds *rounds; /* NULL while a thread has the file */
    char file[PATH_MAX];
    _Atomic uint64_t durable; /* the counting may be another thread's */
    int64_t now_us;
    uint32_t n_owner;          /* how often it was asked whose a key is */
    enum kw_err owner_fails;   /* what it says instead, unless KW_OK */
    uint32_t n_policy;         /* how often a policy was read */
    enum kw_err policy_fails;  /* likewise */
    bool is_without_countries; /* there is no location file */
    uint32_t generation;       /* that the row of each key has; 0: none is asked for */
    uint32_t n_generation;
};

void kit_init(struct kit *k);
void kit_deinit(struct kit *k);

/* Puts a batch on the record, durable. */
void kit_write(struct kit *k, int64_t time_us, const struct event *events, uint32_t n);

/* Another record takes the place of this one. */
void kit_replace_record(struct kit *k);

/* As a new process: nothing of the old one but its files. */
void kit_restart(struct kit *k);

struct round_options kit_options(struct kit *k);

/* Rounds, until there is nothing left. */
struct round_result kit_count(struct kit *k);

/* What was counted in the day of a moment; key or account may be NULL. */
struct ask_answer kit_ask_day(const struct kit *k, int64_t us, const char *key, const char *account);
struct ask_answer kit_ask(const struct kit *k, const struct ask *q);

/* The number that a statement gives, read from the file; and a script that changes it, while nobody counts. */
int kit_number(const struct kit *k, const char *sql);
void kit_script(const struct kit *k, const char *sql);

#endif
