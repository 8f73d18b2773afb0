/* state.h - what the files of sync share. */
#ifndef SYNC_STATE_H
#define SYNC_STATE_H

#include <limits.h>
#include <pthread.h>

#include "keyring/write.h"
#include "store/chain.h"
#include "sync/reserve.h"
#include "sync/shared.h"
#include "sync/sync.h"
#include "sync/trusted.h"

enum {
    /* A verifier whose keyring has not been beaten for so long looks at its path, */
    SILENCE_US = 2000 * 1000,
    LOOK_US = 1200 * 1000, /* once in a second (engine/view.c), and some for the look itself */
    SETTLE_US = SILENCE_US + LOOK_US,
    QUOTAS_US = 60 * 1000 * 1000,
    SAVE_US = 5 * 1000 * 1000, /* a try may wait for a locked database for 2 s */
};

struct object { /* what can be changed again and again */
    enum keyring_kind kind;
    union {
        struct grant key;               /* KEYRING_KEY */
        struct account account;         /* KEYRING_ACCOUNT */
        struct environment environment; /* KEYRING_ENVIRONMENT */
        struct family family;           /* KEYRING_FAMILY */
    };
};

struct unsaved { /* a narrowing that is in force and could not be saved */
    struct object object;
    char actor[ACTOR_MAX + 1]; /* whose change it is */
};

struct sync {
    pthread_mutex_t lock; /* around everything below, the store included */
    struct store *store;
    struct keyring_writer *keyring;
    struct rings rings;
    struct limits_file limits;
    struct reserve reserve;
    struct trusted trusted;
    char keyring_path[PATH_MAX], limits_path[PATH_MAX], run_dir[PATH_MAX - 16];
    char brand[KEYRING_BRAND_MAX];
    size_t brand_len;
    gid_t group;
    _Atomic int torn;         /* the keyring was cut short under us */
    uint64_t published_us;    /* boot clock, when an object was last published */
    uint64_t behind_since_us; /* as sync_tick saw it; 0: in step */
    bool behind; /* something was saved that could not be published: a new keyring is needed */
    struct unsaved *unsaved; /* in their order: a new keyring has them too */
    size_t n_unsaved;
    uint64_t next_save_us;
    bool quotas_lost;  /* limits were made anew, or in part: to be filled from the store */
    bool is_lost;      /* the store could not be opened anew */
    bool head_unsaved; /* the newest change is committed, but head could not be written */
    bool must_settle; /* the next keyring takes the place of one that may be in hands out of reach, */
    uint64_t began_us;       /* which nobody has beaten since */
    uint64_t quiet_until_us; /* no change is acknowledged before: verifiers may still hold older files */
    uint64_t next_quotas_us;
    uint64_t spends_recorded, spends_dropped; /* see spend.h */
    uint32_t sums_at;                         /* the key up to which sums were looked through */
    uint64_t next_sums_us;
    uint32_t scrub_at;
    uint64_t scrub_family_at, next_drop_us;
    struct sync_report report;
};

/* Makes a keyring from the whole store and puts it in the place of the one there is. */
enum kw_err build_keyring(struct sync *s, char why[256]) MUST_USE;

/* Puts a larger copy in the place of the keyring, with room for a policy of so many bytes. */
enum kw_err build_larger(struct sync *s, size_t policy) MUST_USE;

/* Goes on with the keyring that is there, brought up to date. KW_EUNAVAILABLE and others: build
 * one. */
enum kw_err build_adopt(struct sync *s) MUST_USE;

/* Says in a keyring that it has all of the store's changes. */
void build_level(struct sync *s, struct keyring_writer *w);

/* Takes the keyring out of use and closes it, if there is one. */
void build_drop(struct sync *s);

int64_t time_now_us(const struct sync *s); /* the time that is trusted, under the lock */

/* ---- objects ---- */

uint32_t object_slot(const struct object *o);
const char *object_kind(const struct object *o); /* "key", "account", "environment": for the log */
const char *object_id(const struct object *o);
uint32_t *object_version(struct object *o);
bool object_narrows(const struct object *before, const struct object *after);
struct object object_narrower(const struct object *before, const struct object *after);
enum kw_err object_stored(struct sync *s, enum keyring_kind kind, uint32_t slot,
                          struct object *out) MUST_USE;
enum kw_err object_put(struct keyring_writer *w, const struct object *o) MUST_USE;

/* A change of its own in the store; *o then has its new version. reply may be NULL. KW_EUNSAVED: but for head. */
enum kw_err object_save(struct sync *s, struct str actor, struct object *o,
                        const struct sync_reply *reply) MUST_USE;
enum kw_err save_key(struct sync *s, struct str actor, struct grant *g,
                     const struct sync_reply *reply) MUST_USE;
enum kw_err save_account(struct sync *s, struct str actor, struct account *a,
                         const struct sync_reply *reply) MUST_USE;
enum kw_err save_environment(struct sync *s, struct str actor, struct environment *e) MUST_USE;
enum kw_err save_family(struct sync *s, struct str actor, struct family *f) MUST_USE;
enum kw_err save_member(struct sync *s, struct str actor, struct member *m,
                        const struct sync_reply *reply) MUST_USE;
enum kw_err save_token(struct sync *s, struct str actor, struct token *t,
                       const struct sync_reply *reply) MUST_USE;
enum kw_err save_document(struct sync *s, struct str actor, struct document *d,
                          const struct sync_reply *reply) MUST_USE;
enum kw_err save_spend_rules(struct sync *s, struct str actor, uint32_t key_slot,
                             struct str document, uint32_t *version) MUST_USE;
enum kw_err save_policy(struct sync *s, struct str actor, struct str document,
                        uint32_t *version) MUST_USE;

/* Several in one change, each with its own actor; those whose version is not the stored one, and those of no key, are left out of it. *err
 * of each is what became of it. KW_EUNSAVED as above; any other error: none was saved. */
enum kw_err save_families(struct sync *s, struct sync_family *list, size_t n) MUST_USE;

/* An object into the keyring, of which a larger one is made if need be; an object becomes *after, as the header of sync.h has it; ends a
 * change whose saving came to that, and gives up the lock. */
enum kw_err change_publish(struct sync *s, const struct object *o) MUST_USE;
enum kw_err change_object(struct sync *s, struct str actor, struct object *after) MUST_USE;
enum kw_err change_finish(struct sync *s, enum kw_err saved, enum kw_err published) MUST_USE;
enum kw_err change_acknowledge(struct sync *s, enum kw_err err) MUST_USE;

/* What is left of a full disk is kept for what narrows: KW_EFULL. */
enum kw_err room_to_widen(const struct sync *s) MUST_USE;

/* Saves what narrows: a disk that is full gives up its reserve for it. Of a change that is in the database only head is left
 * to write. `save` is called once more where there was no room. */
typedef enum kw_err save_fn(struct sync *s, void *ctx);
enum kw_err save_from_reserve(struct sync *s, save_fn *save, void *ctx) MUST_USE;

/* Deletes, once in a while, families whose time has been over for a day: some of them each time, so that nobody waits for long. */
void families_tend(struct sync *s, uint64_t boot_us);

/* ---- unsaved ---- */

/* Keeps what is about to be published and is not saved yet; marks the keyring, so that a start takes
 * it back if this process ends before. KW_ENOMEM. Then one of three: */
enum kw_err unsaved_keep(struct sync *s, struct str actor, const struct object *o) MUST_USE;
void unsaved_cancel(struct sync *s); /* the newest could not be published: what was before stays */
void unsaved_stays(struct sync *s);  /* it could not be saved: it takes the place of older ones */
void unsaved_drop(struct sync *s, const struct object *o); /* the object has been saved */

/* What is in force of an object and not saved; NULL: nothing. */
const struct object *unsaved_of(const struct sync *s, const struct object *o);

/* An object as it is in force, which may be less than what is saved. Errors of object_stored. */
enum kw_err object_in_force(struct sync *s, enum keyring_kind kind, uint32_t slot,
                            struct object *out) MUST_USE;

/* Into a new keyring: the objects, and the mark for a start. */
enum kw_err unsaved_publish(const struct sync *s, struct keyring_writer *w) MUST_USE;
void unsaved_mark(const struct sync *s, struct keyring_writer *w);

/* Tries to save all; stops at the first that cannot be. */
void unsaved_save(struct sync *s);

/* Quotas used, from limits into the store, and back into limits that had to be made anew. */
enum kw_err quotas_save(struct sync *s) MUST_USE;
enum kw_err quotas_restore(struct sync *s, const struct keyring_writer *w) MUST_USE;

#endif
