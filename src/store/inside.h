/* inside.h - what a store is made of; for the files of this folder only. */
#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include "store/chain.h"
#include "store/db.h"
#include "store/image.h"
#include "store/master.h"
#include "store/row.h"
#include "store/store.h"

struct store {
    struct db db;
    struct seals seals;
    char *database, *master_key, *head_path; /* owns */
    struct link saved;                       /* the newest entry that is committed */
    struct link next;                        /* while a change is open: its newest entry */
    bool is_changing;
    uint64_t seals_failed; /* rows that did not carry their own seal */
    bool must_reopen; /* a commit failed half-way: what the disk holds is only known after opening
                         anew */
    int64_t now_ms;   /* of the open change, like actor */
    char actor[ACTOR_MAX + 1];
    struct buf image; /* of the row at hand */
};

/* ---- opening ---- */

/* Opens all of a store and takes a look at it: what `check` refuses is closed again. */
typedef enum kw_err check_fn(struct store *s, char why[WHY_MAX]);
enum kw_err open_checked(const struct store_paths *paths, check_fn *check, struct store **out,
                         char why[WHY_MAX]) MUST_USE;

/* The check of store_open. */
enum kw_err compare_with_head(struct store *s, char why[WHY_MAX]) MUST_USE;

/* ---- seals ---- */

/* The seal of the image in s->image. */
enum kw_err seal_image(struct store *s, struct digest *out) MUST_USE;

/* Whether a row that was read carries its own seal: KW_EDAMAGED. Leaves its image in s->image. */
enum kw_err seal_check_key(struct store *s, const struct grant *g, const struct digest *seal) MUST_USE;
enum kw_err seal_check_account(struct store *s, const struct account *a,
                               const struct digest *seal) MUST_USE;
enum kw_err seal_check_member(struct store *s, const struct member *m,
                              const struct digest *seal) MUST_USE;
enum kw_err seal_check_token(struct store *s, const struct token *t,
                             const struct digest *seal) MUST_USE;
enum kw_err seal_check_family(struct store *s, const struct family *f,
                              const struct digest *seal) MUST_USE;
enum kw_err seal_check_environment(struct store *s, const struct environment *e,
                                   const struct digest *seal) MUST_USE;
enum kw_err seal_check_spend_rules(struct store *s, const struct spend_row *r,
                                   const struct digest *seal) MUST_USE;
enum kw_err seal_check_document(struct store *s, const struct document *d,
                                const struct digest *seal) MUST_USE;
enum kw_err seal_check_policy(struct store *s, uint32_t version, struct str document,
                              const struct digest *seal) MUST_USE;

/* ---- rows ---- */

/* The columns of a row, in the order of KEY_COLUMNS and its like in sql.h. KW_EDAMAGED. */
enum kw_err key_take(sqlite3_stmt *st, struct grant *g, struct digest *seal) MUST_USE;
enum kw_err key_give(sqlite3_stmt *st, const struct grant *g, const struct digest *seal) MUST_USE;
enum kw_err account_take(sqlite3_stmt *st, struct account *a, struct digest *seal) MUST_USE;
enum kw_err account_give(sqlite3_stmt *st, const struct account *a,
                         const struct digest *seal) MUST_USE;
enum kw_err environment_take(sqlite3_stmt *st, struct environment *e, struct digest *seal) MUST_USE;
enum kw_err environment_give(sqlite3_stmt *st, const struct environment *e,
                             const struct digest *seal) MUST_USE;
/* The document borrows from the statement. */
enum kw_err spend_rules_take(sqlite3_stmt *st, struct spend_row *r, struct digest *seal) MUST_USE;
enum kw_err member_take(sqlite3_stmt *st, struct member *m, struct digest *seal) MUST_USE;
enum kw_err member_give(sqlite3_stmt *st, const struct member *m, const struct digest *seal) MUST_USE;
enum kw_err token_take(sqlite3_stmt *st, struct token *t, struct digest *seal) MUST_USE;
enum kw_err token_give(sqlite3_stmt *st, const struct token *t, const struct digest *seal) MUST_USE;

/* The text borrows from the statement. */
enum kw_err document_take(sqlite3_stmt *st, struct document *d, struct digest *seal) MUST_USE;
enum kw_err family_take(sqlite3_stmt *st, struct family *f, struct digest *seal) MUST_USE;
enum kw_err family_give(sqlite3_stmt *st, const struct family *f, const struct digest *seal) MUST_USE;

/* A set of enum kw_permission, as a column. */
void give_permissions(struct giver *to, unsigned permissions);
unsigned take_permissions(struct taker *from);

/* The row that a statement has come to, with the version of its newest entry behind its columns:
 * taken, its seal checked, and that it is the newest. KW_EDAMAGED. */
enum kw_err key_verified(struct store *s, sqlite3_stmt *st, struct grant *g) MUST_USE;
enum kw_err account_verified(struct store *s, sqlite3_stmt *st, struct account *a) MUST_USE;

enum kw_err member_verified(struct store *s, sqlite3_stmt *st, struct member *m) MUST_USE;
enum kw_err family_verified(struct store *s, sqlite3_stmt *st, struct family *f) MUST_USE;
enum kw_err token_verified(struct store *s, sqlite3_stmt *st, struct token *t) MUST_USE;

/* Whether `newest`, the column at a place, is this version. */
bool is_newest(sqlite3_stmt *st, int column, uint32_t version);

/* The slot after the highest one that a statement finds; the version after this one. KW_EFULL. */
enum kw_err next_slot(struct store *s, enum sql max, uint32_t *out) MUST_USE;
enum kw_err next_version(uint32_t *version) MUST_USE;

/* The text in an array: all of it when it is not terminated, which is then too long for whatever it
 * is. */
struct str text_in(const char *array, size_t size);

/* Whether a digest is all zero: none. */
bool is_no_digest(const uint8_t digest[GRANT_DIGEST_LEN]);

/* A digest that may be none, as a column: NULL then. */
void give_digest(struct giver *to, const uint8_t digest[GRANT_DIGEST_LEN]);
void take_digest(struct taker *from, uint8_t digest[GRANT_DIGEST_LEN]);

/* ---- the change log ---- */

/* Follows the chain from a place up to entry `last`, at most `limit` entries (0: all), each given
 * to `each` (or NULL) only after it was verified; *end is where it got to. KW_EDAMAGED, or the
 * error of `each`. */
typedef enum kw_err entry_fn(void *ctx, const struct entry *e);
enum kw_err log_walk(struct store *s, const struct link *after, uint64_t last, uint32_t limit,
                     entry_fn *each, void *ctx, struct link *end) MUST_USE;

/* The place of entry n, whose own HMAC is verified. KW_ENOTFOUND, KW_EDAMAGED. */
enum kw_err log_entry_at(struct store *s, uint64_t n, struct link *out) MUST_USE;

/* ---- the open change ---- */

/* Writes the entry for a row that was written just now: its image is in s->image. */
enum kw_err change_log(struct store *s, enum change_kind kind, uint32_t object, uint32_t version,
                       const struct digest *seal) MUST_USE;

/* Opens a change without an entry in the log; change_commit ends it. KW_EINVAL: one is open. */
enum kw_err change_begin_unlogged(struct store *s) MUST_USE;

/* Commits to the database alone: head is the caller's. */
enum kw_err change_commit(struct store *s) MUST_USE;

/* Lets a put succeed, or ends the change: nothing of a change that failed in part is ever
 * committed. */
enum kw_err change_ended(struct store *s, enum kw_err err) MUST_USE;

#endif
