/* webhook_doc.h - a webhook as the document that is stored, with its secrets encrypted. */
#ifndef ALERTING_WEBHOOK_DOC_H
#define ALERTING_WEBHOOK_DOC_H

#include <jansson.h>

#include "core/document.h"
#include "core/webhook.h"
#include "crypto/box.h"
#include "sync/sync.h"

/* The text of its document; owned. NULL: no memory. */
json_t *webhook_text(const struct webhook *w);

/* The words of what it chose: ["*"], or one by one. NULL: no memory. */
json_t *webhook_events_out(uint64_t events);

/* Host and port of where it leads, borrowed: the rest may be long, and hold somebody's secret. */
struct str webhook_host(const struct webhook *w);

/* Reads a document. KW_EDAMAGED: it is no webhook of this version or an earlier one; KW_ENOMEM. */
enum kw_err webhook_read(const struct document *d, struct webhook *out) MUST_USE;

/* One by its id, and of an account (NULL: of any); a removed one is not there. KW_ENOTFOUND, KW_EDAMAGED, KW_ENOMEM. */
enum kw_err webhook_find(struct store *s, struct str id, const char *account,
                         struct webhook *out) MUST_USE;

/* Saves it; slot 0: a new one. Errors of sync_put_document; KW_EUNSAVED: saved, but for head. */
enum kw_err webhook_put(struct sync *sync, struct str actor, struct webhook *w) MUST_USE;

/* The same, with the answer to the call (sync_put_replied). */
enum kw_err webhook_put_replied(struct sync *sync, struct str actor, struct webhook *w,
                                const struct sync_reply *reply) MUST_USE;

/* ---- secrets ---- */

/* Encrypts a secret for a webhook, and back. Errors of box_seal and box_open. */
enum kw_err webhook_hide(const struct box *box, const char *id, const struct secret *secret,
                         uint8_t out[WEBHOOK_SEALED_LEN]) MUST_USE;
enum kw_err webhook_reveal(const struct box *box, const char *id,
                           const uint8_t sealed_secret[WEBHOOK_SEALED_LEN],
                           struct secret *out) MUST_USE;

#endif
