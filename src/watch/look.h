/* look.h - the detectors at work on usage.db: what they remember and what they find is saved with the counts. */
#ifndef WATCH_LOOK_H
#define WATCH_LOOK_H

#include "record/batch.h"
#include "watch/detect.h"
#include "watch/round.h"
#include "watch/subjects.h"

struct look;

enum kw_err look_new(const struct round_options *o,
                     struct look **out) MUST_USE; /* borrows the options; KW_ENOMEM */
void look_free(struct look *l);                   /* takes NULL */

/* All of these within a transaction of the book. First in each round: what is remembered is read, where it is not known. */
enum kw_err look_begin(struct look *l, struct book *b) MUST_USE;

/* An event, whose it is being known; or a record of another kind. What cannot be read is passed over. */
enum kw_err look_at_event(struct look *l, const struct cells_who *who, struct str account,
                          const struct event *e, int64_t batch_us) MUST_USE;
enum kw_err look_at_other(struct look *l, struct subjects *s, const struct record *record,
                          int64_t batch_us) MUST_USE;

/* Whether a whole batch still fits; otherwise the round is to end, which makes room. */
bool look_has_room(const struct look *l);

/* Last in each round: what was changed is saved. */
enum kw_err look_save(struct look *l, int64_t now_us) MUST_USE;

/* The transaction was undone, or the book is another one. */
void look_forget(struct look *l);

#endif
