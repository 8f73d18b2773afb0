/* document_put.h - a document saved, with JSON as its text. */
#ifndef JOBS_DOCUMENT_PUT_H
#define JOBS_DOCUMENT_PUT_H

#include <jansson.h>

#include "sync/sync.h"

/* Takes the content, which may be NULL: KW_ENOMEM. Errors of sync_put_document. d->text is {NULL, 0} afterwards. */
enum kw_err document_put(struct sync *sync, struct str actor, json_t *content,
                         struct document *d) MUST_USE;

/* The same, with the answer to the call (sync_put_replied). */
enum kw_err document_put_replied(struct sync *sync, struct str actor, json_t *content,
                                 struct document *d, const struct sync_reply *reply) MUST_USE;

/* The same of what cannot wait for room on the disk. */
enum kw_err document_put_urgent(struct sync *sync, struct str actor, json_t *content,
                                struct document *d) MUST_USE;

#endif
