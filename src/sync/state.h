/* state.h - what the files of sync share. */
#ifndef SYNC_STATE_H
#define SYNC_STATE_H

#include <limits.h>
#include <pthread.h>

#include "keyring/write.h"
#include "sync/shared.h"
#include "sync/sync.h"

enum {
    SETTLE_US = 3 * 1000 *
                1000, /* a verifier looks at the path 2 s after the last heartbeat, once a second */
    QUOTAS_US = 60 * 1000 * 1000,
};

struct sync {
    pthread_mutex_t lock; /* around everything below, the store included */
    struct store *store;
    struct keyring_writer *keyring;
    struct rings rings;
    struct limits_file limits;
    char keyring_path[PATH_MAX], limits_path[PATH_MAX], run_dir[PATH_MAX - 16];
    char brand[KEYRING_BRAND_MAX];
    size_t brand_len;
    gid_t group;
    _Atomic int torn; /* the keyring was cut short under us */
    bool behind;      /* something was saved that could not be published: a new keyring is needed */
    struct grant *unsaved; /* what is published and could not be saved: a new keyring has it too */
    size_t n_unsaved;
    bool head_unsaved;       /* the newest change is committed, but head could not be written */
    uint64_t quiet_until_us; /* no change is acknowledged before: verifiers may still hold older files */
    uint64_t next_quotas_us;
    uint32_t scrub_at;
    struct sync_report report;
};

/* Makes a keyring from the whole store and puts it in the place of the one there is. */
enum kw_err build_keyring(struct sync *s, char why[256]) MUST_USE;

/* Puts a larger copy in the place of the keyring, with room for a policy of so many bytes. */
enum kw_err build_larger(struct sync *s, size_t policy) MUST_USE;

/* Goes on with the keyring that is there, brought up to date. KW_EUNAVAILABLE and others: build
 * one. */
enum kw_err build_adopt(struct sync *s) MUST_USE;

/* Takes the keyring out of use and closes it, if there is one. */
void build_drop(struct sync *s);

/* A narrowed key, before it is published: it is in force until it is saved, or another start.
 * KW_ENOMEM. */
enum kw_err unsaved_keep(struct sync *s, const struct grant *g) MUST_USE;
bool unsaved_allows(const struct sync *s,
                    const struct grant *after);   /* nothing that is refused by what is in force */
void unsaved_drop(struct sync *s, uint32_t slot); /* it has been saved; any slot */
enum kw_err unsaved_publish(const struct sync *s, struct keyring_writer *w) MUST_USE;

/* Quotas used, from limits into the store, and back into limits that had to be made anew. */
enum kw_err quotas_save(struct sync *s) MUST_USE;
enum kw_err quotas_restore(struct sync *s) MUST_USE;

#endif
