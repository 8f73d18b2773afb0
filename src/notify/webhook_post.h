/* webhook_post.h - deliveries on their way: several at once, each to one URL. */
#ifndef NOTIFY_WEBHOOK_POST_H
#define NOTIFY_WEBHOOK_POST_H

#include "notify/egress.h"
#include "notify/lookup.h"
#include "notify/webhook_sign.h"

/* A POST by HTTPS: TLS 1.2 at least, the certificate has to be the host's. A name is looked up first (lookup.h), and all of its addresses are
 * judged (egress.h): with one that is refused, so is the name. libcurl is given these addresses, and the one that it connects to
 * is judged once more: what was judged is what is connected. Nothing is followed, no proxy is asked, no connection used twice. All of it
 * takes 10 s at most, and of an answer no more than 64 KiB are read: then the connection ends, and the status counts that was
 * read before.
 *
 * Threads   One; webhook_posts_wake may be called by any.
 * Memory    All of a post is copied. */
struct webhook_posts;

enum { WEBHOOK_POSTS_MAX = 64, WEBHOOK_ANSWER_MAX = 64 << 10, WEBHOOK_ERROR_MAX = 160 };

struct webhook_posts_options {
    const struct egress_rules *rules; /* copied */
    const char *ca_file; /* who signed receivers' certificates; empty: the machine's authorities. Copied */
    const char *agent; /* User-Agent; copied */
    long timeout_ms;   /* 0: 10 s */
    lookup_ask *ask;   /* how names are looked up; NULL: as the machine does */
};

struct webhook_post { /* borrows */
    const char *url;
    const char *id; /* of the event */
    int64_t time_s; /* signed with it */
    const struct webhook_signatures *signatures;
    struct str body;
    void *ctx; /* for `done` */
};

struct webhook_result {
    bool is_delivered; /* the answer was 2xx */
    unsigned status;   /* of HTTP; 0: there was none */
    unsigned took_ms;
    enum kw_err err; /* what we lacked ourselves; nothing was sent then, and the receiver is not to blame */
    char error[WEBHOOK_ERROR_MAX]; /* why not; nothing of the body, nothing that the receiver said */
};
typedef void webhook_done(void *ctx, const struct webhook_result *r);

/* KW_ENOMEM, KW_EUNAVAILABLE. */
enum kw_err webhook_posts_new(const struct webhook_posts_options *options,
                              struct webhook_posts **out) MUST_USE;
void webhook_posts_free(struct webhook_posts *p); /* breaks off what is on its way, without `done`; takes NULL */
void webhook_posts_freep(struct webhook_posts **p);

/* Begins one. KW_EFULL: 64 are on their way; KW_EINVAL: the URL is not one that is called, why is a sentence; KW_ENOMEM. */
enum kw_err webhook_posts_begin(struct webhook_posts *p, const struct webhook_post *post,
                                char why[EGRESS_WHY_MAX]) MUST_USE;

/* Goes on with all of them, and waits until something happens, wait_ms at most; calls `done` for each that has ended. */
void webhook_posts_wait(struct webhook_posts *p, int wait_ms, webhook_done *done);
void webhook_posts_wake(struct webhook_posts *p); /* ends the wait, or the next one */

#endif
