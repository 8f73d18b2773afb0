/* detect_kit.h - detectors that are played to: what comes, what was found, what was saved. */
#ifndef TEST_WATCH_DETECT_KIT_H
#define TEST_WATCH_DETECT_KIT_H

#include "core/warning.h"
#include "suite.h"
#include "watch/detect.h"

enum { FOUND_MAX = 64, SAVED_MAX = 4000 };

#define HOUR INT64_C(3600)
#define DAY  INT64_C(86400)

#define KEY "7Q2mK4T9xJ1aB0"

/* A Monday, 00:00. */
#define DET_MONDAY_S (20780 * DAY)

struct row {
    enum detect_table t;
    uint32_t no;
    size_t n;
    uint8_t image[1024];
};

struct bench {
    struct detect *d;
    struct detect_options o;
    struct finding found[FOUND_MAX];
    size_t n;
    enum kw_err err;
    struct thresholds chosen; /* of the account "acme" */
    const char *most;         /* that a key may spend at once */
    struct row saved[SAVED_MAX];
    size_t n_saved;
};

/* Whose an event is: key number 7, KEY, of the account "acme"; or a stranger's. */
extern const struct detect_who det_acme, det_nobody;

struct bench *det_begin(void);
void det_end(struct bench *b);
void det_restart(struct bench *b); /* all is saved, forgotten and put back */

/* For the options. The first byte of an IPv4 address is its country and its AS. */
bool det_find_place(void *ctx, const struct address *a, struct located *out);
enum kw_err det_load(void *ctx, enum detect_table t, uint32_t no);

/* An attempt of KEY, with its secret, that came out so; and what is given, in seconds since that Monday. */
struct event det_attempt(enum kw_reason why, const char *source);
void det_comes(struct bench *b, const struct detect_who *who, const struct event *e, int64_t s);
void det_use(struct bench *b, int64_t s, const char *source);
void det_denied(struct bench *b, int64_t s, enum kw_reason why, const struct detect_who *who);
void det_move_money(struct bench *b, int64_t s);
void det_live(struct bench *b, int64_t from_day, int64_t days); /* a use every half hour */
void det_spend(struct bench *b, int64_t s, const char *amount, const char *destination);
void det_reserve(struct bench *b, int64_t s, enum spend_what what, const char *currency,
                 const char *amount);

/* The one finding of a detector: the test fails when there is none, or more. And a fact of it. */
const struct finding *det_only(const struct bench *b, enum detector which);
size_t det_count(const struct bench *b, enum detector which);
int64_t det_number(const struct finding *f, const char *name);
const char *det_text(const struct finding *f, const char *name); /* "" for none */

#endif
