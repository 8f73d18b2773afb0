/* explain.h - tells a person how one decision came about, step by step. */
#ifndef RECORD_EXPLAIN_H
#define RECORD_EXPLAIN_H

#include "base/buf.h"
#include "core/event.h"
#include "record/search.h"

/* Appends a few lines of text: what was asked and by whom, then the steps in the order of the
 * decision, each with what it found, up to the one that decided. Strings from outside are escaped
 * as in JSON. */
void explain_event(const struct event *e, struct buf *out);

/* The same for a sign-in: who, from where, and what became of it. */
void explain_sign_in(const struct sign_in *s, struct buf *out);
/* for_account: for somebody of the key's account, who is not told who has reported it. */
void explain_leak(const struct leak *l, bool for_account, struct buf *out);

/* Whichever of these a record is; of a change, nothing. */
void explain_entry(const struct record_entry *e, bool for_account, struct buf *out);

/* The same for what a key wanted to spend, in one line. */
void explain_spend(const struct spend_event *s, struct buf *out);

/* All that is on the record of one request: a decision, and behind it what of its money became. Zeroed, but for for_account, it is empty. */
enum { EXPLAIN_MAX = 16384, EXPLAIN_RECORDS = 64 };
struct explained {    /* owns */
    bool for_account; /* see explain_leak */
    struct buf text, spends;
};

/* Adds one that a search gave, newest first. True: others may belong to it, which are older. */
bool explain_add(struct explained *x, const struct record_entry *e);

/* x->text is then whole. KW_ENOMEM. */
enum kw_err explain_end(struct explained *x) MUST_USE;
void explained_deinit(struct explained *x);

#endif
