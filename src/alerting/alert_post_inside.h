/* alert_post_inside.h - what the files of alert_post.h share. */
#ifndef ALERTING_ALERT_POST_INSIDE_H
#define ALERTING_ALERT_POST_INSIDE_H

#include "alerting/alert_doc.h"
#include "alerting/alert_post.h"

enum kw_err alert_post_find(struct sync *sync, struct str id, struct alert *out) MUST_USE;

/* As alert_walk; those whose row does not hold are passed over, and the log says so. Errors as of alert_post_one. */
enum kw_err alert_post_each(struct sync *sync, struct str account, store_document_fn *each,
                            void *ctx) MUST_USE;

/* What is in the digest of a day: what was found in its time; and what was found before, but raised only after the digest before was
 * put, which tells its place among documents. So each alert is in one of them. */
struct digest_span {
    int64_t from_ms, to_ms;
    uint32_t after,
        until; /* places: of the last alert that there was when the digest before, and when this one, was put */
};

/* That of a whole day, for which nobody is late. */
struct digest_span alert_post_span(int64_t day);

bool alert_post_in_digest(const struct alert *a, const struct digest_span *span);

/* Whether all that was raised before this one is in no such digest. */
bool alert_post_is_over(const struct document *d, const struct digest_span *span);

#endif
