/* enter.h - writes what a round has counted into usage.db, and takes out what is too old. */
#ifndef WATCH_ENTER_H
#define WATCH_ENTER_H

#include "watch/book.h"
#include "watch/cells.h"
#include "watch/follow.h"

/* Within a transaction. What would be too old at once is left out. */
enum kw_err enter_cells(struct book *b, struct cells *c, int64_t now_us) MUST_USE;
enum kw_err enter_place(struct book *b, const struct follow_place *p) MUST_USE;

/* Takes out some of what is too old: a backlog goes little by little. */
enum kw_err enter_sweep(struct book *b, int64_t now_us) MUST_USE;

/* The place as it was saved; an empty one when nothing was counted yet. */
enum kw_err enter_read_place(struct book *b, struct follow_place *out) MUST_USE;

#endif
