/* round.h - counts and looks at what has come onto the record since the last time, exactly once. */
#ifndef WATCH_ROUND_H
#define WATCH_ROUND_H

#include "watch/detect.h"
#include "watch/generations.h"
#include "watch/routes.h"
#include "watch/subjects.h"

struct round_options { /* borrows */
    const char *file;  /* usage.db */
    const char *audit_dir;
    void *ctx; /* given to these: */

    /* The number of the last batch that is durable: what is behind it may yet be taken back. 0: nothing is to be written now. */
    uint64_t (*durable)(void *ctx);
    int64_t (*now_us)(void *ctx); /* the time of the record */
    subjects_owner_fn *owner;
    routes_policy_fn *policy; /* NULL: no route is known by its line */

    /* Whether the locator knows countries: asked once a round. NULL: it does not. */
    bool (*knows_countries)(void *ctx);
    generations_fn *generation; /* NULL: what an event says of its key's generation is believed */

    /* For the detectors; each may be left out (detect.h says what is without). Thresholds: good until the next call; asked for
     * each event. The locator has a context of its own, and tells what countries are counted under, too. */
    const struct thresholds *(*thresholds)(void *ctx, struct str account);
    bool (*spend_most)(void *ctx, struct str key_id, struct str currency, struct amount *out);
    struct detect_locator locator;
};

struct round_result {
    uint64_t batch;  /* the last that is counted */
    int64_t time_us; /* of it; 0: none */
    bool more;       /* there is more than a round takes */
    bool is_whole;   /* all that was durable when it began is counted */
};

/* Threads   One at a time. */
struct rounds;

enum kw_err rounds_new(const struct round_options *o, struct rounds **out) MUST_USE; /* KW_ENOMEM */
void rounds_free(struct rounds *r); /* takes NULL */
void rounds_freep(struct rounds **r);

/* Takes some batches, in one transaction: counts, findings and place are saved together, or none. A file that is damaged, or of
 * another record, is moved aside and counted anew. What went wrong is logged when it changes, and tried again with the next
 * round. *out is written in any case. */
enum kw_err rounds_run(struct rounds *r, struct round_result *out) MUST_USE;

/* Somebody has found the file damaged: the next round begins anew. */
void rounds_doubt(struct rounds *r);

#endif
