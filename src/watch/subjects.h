/* subjects.h - under which numbers usage.db counts a key and its account. */
#ifndef WATCH_SUBJECTS_H
#define WATCH_SUBJECTS_H

#include "watch/book.h"
#include "watch/cells.h"

/* Tells whose a key is, "" for nobody's. KW_ENOTFOUND: there is no such key, however well its id is written: strangers
 * can write as many as they like, and must not fill the file. */
typedef enum kw_err subjects_owner_fn(void *ctx, struct str key_id, char account[KW_ACCOUNT_MAX + 1]);

struct subjects;

enum kw_err subjects_new(subjects_owner_fn *owner, void *ctx, struct subjects **out) MUST_USE;
void subjects_free(struct subjects *s); /* takes NULL */

/* What was found before is remembered; to be forgotten when a transaction is undone. */
void subjects_forget(struct subjects *s);

/* Whose attempt an event is, and the id of the account, borrowed until the next call; of nobody: zeros, and an empty one. New
 * ones get a number, within the caller's transaction. What the book says, or the owner function. */
enum kw_err subjects_of(struct subjects *s, struct book *b, const struct event *e,
                        struct cells_who *out, struct str *account) MUST_USE;

/* The same, of a key that is named. */
enum kw_err subjects_by_id(struct subjects *s, struct book *b, struct str key_id,
                           struct cells_who *out, struct str *account) MUST_USE;

/* The number of a key or an account; 0: nothing was ever counted of it. */
enum kw_err subjects_key(struct book *b, struct str id, uint32_t *no) MUST_USE;
enum kw_err subjects_account(struct book *b, struct str id, uint32_t *no) MUST_USE;

#endif
