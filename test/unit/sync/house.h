/* house.h - a store, sync over it, and an engine that decides by what sync publishes; for one test. */
#ifndef TEST_SYNC_HOUSE_H
#define TEST_SYNC_HOUSE_H

#include <sqlite3.h>

#include "core/key.h"
#include "store/room.h"
#include "sync/sync.h"

struct house {
    struct room room;
    char run[PATH_MAX], boot_file[PATH_MAX];
    char reserve_file[PATH_MAX]; /* empty: none, unless a test sets it before house_open */
    struct sync *sync;
    struct kw_engine *engine;
};

void house_make(struct house *h); /* with the account "acme", and everything open */
void house_clear(struct house *h);

void house_open(struct house *h);                                /* sync, as at a start of serve */
void house_shut(struct house *h);                                /* sync; the engine stays */
const char *house_file(const struct house *h, const char *name); /* in the run folder */

/* A new key of acme, sandbox, full access, without limits: made, and its text put into out. */
void house_grant(unsigned number, char out[KEY_MAX], struct grant *g); /* only its grant */
struct grant house_key(struct house *h, unsigned number, char out[KEY_MAX]);
enum kw_err house_create(struct house *h, unsigned number, char out[KEY_MAX], struct grant *g);
enum kw_err house_change(struct house *h, struct grant *g);

void house_drain(const struct house *h); /* the rings, as the recorder does */

/* What the engine says to GET /x with the key, now. */
enum kw_reason house_ask(const struct house *h, const char text[KEY_MAX]);
enum kw_reason house_ask_token(const struct house *h,
                               struct str token); /* an access token, as a bearer */

/* From here on, nothing can be written to any file; or again. */
void house_disk_full(bool full);

/* Another process's hold on the database: nothing is saved until the connection is closed. */
sqlite3 *house_lock_database(struct house *h);

/* From here on, no keyring can be made; or again. */
void house_block_keyrings(const struct house *h, bool blocked);

#endif
