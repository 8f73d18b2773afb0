/* room.h - a store in a folder of its own, for one test. */
#ifndef TEST_STORE_ROOM_H
#define TEST_STORE_ROOM_H

#include "base/buf.h"
#include "folder.h"
#include "store/store.h"

struct room {
    struct folder folder;
    char database[PATH_MAX], master_key[PATH_MAX], head[PATH_MAX];
    struct store_paths paths;
    char why[256];
};

void room_make(struct room *r);  /* a folder with a master key and an empty store */
void room_bare(struct room *r);  /* only the folder and the master key */
void room_clear(struct room *r); /* all of it away */

struct store *room_open(struct room *r); /* which has to succeed */

/* Runs SQL as somebody with a shell and the file. All that the text changes has to be
 * n_changed rows. */
void room_sql(struct room *r, const char *sql, int n_changed);

/* The same, with another database of the folder attached as `aside`. */
void room_sql_with(struct room *r, const char *aside, const char *sql, int n_changed);

void room_copy(const char *from, const char *to);
void room_write(const char *path, struct str content);
bool room_exists(const char *path);

/* Each makes a change of its own; the account "acme" is made with the first key. */
struct account room_account(struct store *s, const char *id);
struct grant room_key(struct store *s, const char *id);
void room_change(struct store *s, struct grant *g);
struct member room_member(struct store *s, const char *id); /* an owner of acme, ID@example.com */
struct token room_token(struct store *s, const char *id, const char *member);

/* New ones, not put yet. */
struct member room_person(const char *id);
struct token room_pass(const char *id, const char *member);
struct family room_family(const char *id,
                          const char *key); /* of 30 days, its access token of 15 minutes */

/* A change of its own around a put; rolled back by itself when that fails. */
enum kw_err room_put_member(struct store *s, struct member *m);
enum kw_err room_put_token(struct store *s, struct token *t);
enum kw_err room_put_family(struct store *s, struct family *f);

/* A new key, not put yet. */
struct grant room_grant(const char *id);

/* Loads everything into one text: "key ID version state name; …". */
enum kw_err room_load(struct store *s, struct buf *out, char why[256]);

#endif
