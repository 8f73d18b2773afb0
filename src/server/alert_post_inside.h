/* alert_post_inside.h - what the files of alert_post.h share. */
#ifndef SERVER_ALERT_POST_INSIDE_H
#define SERVER_ALERT_POST_INSIDE_H

#include "server/alert_doc.h"
#include "server/alert_post.h"

enum kw_err alert_post_find(struct sync *sync, struct str id, struct alert *out) MUST_USE;

/* As alert_walk; those whose row does not hold are passed over, and the log says so. Errors as of alert_post_one. */
enum kw_err alert_post_each(struct sync *sync, struct str account, store_document_fn *each,
                            void *ctx) MUST_USE;

/* When a day begins and ends, and whether an alert is in the digest of one. */
void alert_post_span(int64_t day, int64_t *from_ms, int64_t *to_ms);
bool alert_post_in_digest(const struct alert *a, int64_t from_ms, int64_t to_ms);

#endif
