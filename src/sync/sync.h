/* sync.h - the only way to change what Keyward knows: the store and the keyring, in step. */
#ifndef SYNC_SYNC_H
#define SYNC_SYNC_H

#include "store/store.h"

/* A widening change is committed, then published; a narrowing one (revoke, disable, less
 * permission, an account suspended) is published first. Of one that does both, what narrows is
 * published, then it is committed, then the rest is published (core/grant.h says which is which).
 * Either way, when a call returns KW_OK, the change is saved and
 * the next decision of every verifier sees it.
 *
 * KW_EUNSAVED from a change that narrows: what narrows is in force, but could not be saved; the caller answers
 * 507 and may try again. It stays in force, whatever else is changed, and is saved as soon as it can
 * be; only when this process ends before, the next start takes it back. KW_EUNAVAILABLE from any other
 * change: it is saved, but the shared files cannot be written; it is in force as soon as they can.
 * KW_EFULL from a widening change: nothing has changed; the disk is full, and what is left of it is kept
 * for changes that narrow (the reserve). KW_EIO from a widening change: the disk failed; whether it is saved is known, and it is then in force,
 * when sync_tick has opened the store anew. Any other error: nothing has changed anywhere.
 *
 * Threads   Any; sync takes its own lock, around the store too: whoever reads the store goes
 * through sync_store. */
struct sync;

struct sync_options {      /* borrows */
    const char *run_dir;   /* /run/keyward: keyring, limits, rings/ */
    const char *boot_file; /* /var/lib/keyward/boot: remembers the boot in which serve last ran */
    const char *reserve_file; /* /var/lib/keyward/reserve: see reserve.h; NULL: none */
    const char *clock_file;   /* /var/lib/keyward/clock: see trusted.h; NULL: nothing is saved */
    int64_t known_us; /* when clock_file is gone: a time that has been, as the record knows; 0: none */
    struct str brand;
    const char *group; /* of verifiers: may read keyring and write limits and rings; NULL: leave the
                          group alone */
    uint32_t ring_slots[2]; /* 0: the defaults of engine/ring.h */
};

/* Takes the store, also when it fails. Adopts the keyring that is there if it is of this boot and
 * whole, and brings it up to date from the change log; otherwise makes a new one from the whole
 * store. Makes limits and rings where they are missing. why is a sentence for the operator. */
enum kw_err sync_open(struct store *store, const struct sync_options *options, struct sync **out,
                      char why[256]) MUST_USE;
void sync_close(struct sync *s); /* closes the store too; verifiers go on with what is published */

/* What open did, for the log: "rebuilt" or "adopted", how long it took, how many keys. */
struct sync_report {
    bool rebuilt;
    uint32_t n_keys;
    uint64_t took_us;
};
void sync_report(struct sync *s, struct sync_report *out);

/* How things are, for /metrics. */
struct sync_stats {
    uint32_t keys, keys_max, accounts,
        accounts_max;                   /* of the keyring: slots in use, and that there are */
    uint64_t bytes;                     /* of the keyring's file */
    uint32_t policy_version;            /* in the keyring; 0: none */
    uint64_t change_seq, published_seq; /* newest change in the store, and in the keyring */
    uint64_t behind_us;    /* how long something has been saved that could not be published */
    uint32_t n_unsaved;    /* narrowings in force and not yet saved */
    uint64_t seals_failed; /* store_seals_failed */
};
void sync_stats(struct sync *s, struct sync_stats *out);

/* When a key or an account was last published, on the boot clock; 0: not yet. Of whose change that was only he can be
 * sure who makes all of them. */
uint64_t sync_published_us(struct sync *s);

/* To be called every 100 ms, by one thread: heartbeat, spare rings, and whether the shared files
 * are still there and whole (what is not is made anew); what is in force and not yet saved is saved; a
 * store that must be opened anew is. False: it cannot be, and no change will be made any more; close,
 * and start again. The keyring stays. */
bool sync_tick(struct sync *s);

/* The time that is trusted, by which keys expire and everything is recorded (trusted.h). */
int64_t sync_now_us(const struct sync *s);

struct sync_clock {
    int64_t now_us;   /* trusted */
    int64_t ahead_us; /* wall clock minus trusted */
    int64_t doubt_us; /* trusted minus what is known to have been: whoever destroys by age takes it off (trusted.h) */
    bool jumped; /* and so it is not believed */
};
void sync_clock(struct sync *s, struct sync_clock *out);

/* Believes the wall clock as it is: what it says that has expired has expired, and what has not has not. */
void sync_accept_clock(struct sync *s);

/* Whether the disk counts as full (reserve.h): who writes much and can wait, waits. */
bool sync_disk_is_full(struct sync *s);

/* Puts another ring in the place of a damaged one; whoever had claimed it notices and claims another. */
void sync_replace_ring(struct sync *s, unsigned number);

/* The store, under the lock, for questions only. */
struct store *sync_lock(struct sync *s);
void sync_unlock(struct sync *s);

/* How the answer to a call that makes something is saved together with what it makes (store_put_reply). It is put together
 * when the object has its slot and version: `object` is the struct grant, account, member, token or document. What `build`
 * answers other than KW_OK ends the change, and is what the call answers. KW_ECONFLICT from a call that makes something: the
 * actor has a reply of this key by now. */
struct sync_reply { /* borrows */
    struct str key;
    uint8_t digest[GRANT_DIGEST_LEN];
    unsigned status;
    enum kw_err (*build)(void *ctx, const void *object, struct buf *answer);
    void *ctx;
};

/* A new key: g->slot is 0 and filled in. reply may be NULL. KW_EEXISTS: the id is taken; KW_ENOTFOUND:
 * no such account. */
enum kw_err sync_create_key(struct sync *s, struct str actor, struct grant *g,
                            const struct sync_reply *reply) MUST_USE;

/* An existing key becomes *after, whose slot and version are those that were read; its version is
 * then + 1. KW_ECONFLICT: changed by somebody else meanwhile. */
enum kw_err sync_change_key(struct sync *s, struct str actor, struct grant *after) MUST_USE;

/* The same with a new secret (core/rotation.h), whose answer is made once. It is saved before it is in force. */
enum kw_err sync_rotate_key(struct sync *s, struct str actor, struct grant *after,
                            const struct sync_reply *reply) MUST_USE;

/* An environment becomes *e, whose version is that which was read. Errors of sync_change_key. */
enum kw_err sync_put_environment(struct sync *s, struct str actor, struct environment *e) MUST_USE;

/* Slot 0: a new one; only that may have a reply. */
enum kw_err sync_put_account(struct sync *s, struct str actor, struct account *a,
                             const struct sync_reply *reply) MUST_USE;

/* Slot 0: a new one. They are not published: the management API asks the store. What narrows (core/member.h) may use the
 * reserve of a full disk. Errors of store_put_member; KW_EUNSAVED: saved, but for head. */
enum kw_err sync_put_member(struct sync *s, struct str actor, struct member *m,
                            const struct sync_reply *reply) MUST_USE;
enum kw_err sync_put_token(struct sync *s, struct str actor, struct token *t,
                           const struct sync_reply *reply) MUST_USE;

/* Families of tokens. Saved in one change, with one fsync for all of them, and then published: slot 0 is a new one, and any other
 * is of the version that was read. *err of each is what became of it, as of a change that widens; KW_ECONFLICT: of
 * another version by now; KW_ENOTFOUND: a new one's key does not exist; KW_ERANGE: it has
 * FAMILY_PER_KEY_MAX already. */
struct sync_family { /* borrows */
    struct str actor;
    struct family *family;
    enum kw_err err;
};
void sync_put_families(struct sync *s, struct sync_family *list, size_t n);

/* Ends a family: a change that narrows. */
enum kw_err sync_end_family(struct sync *s, struct str actor, struct family *f) MUST_USE;

/* A family, its key and that key's account as they are in force, which may be less than what is saved. KW_ENOTFOUND. */
struct sync_standing {
    struct family family;
    struct grant key;
    struct account account;
};
enum kw_err sync_standing(struct sync *s, uint32_t family_slot, struct sync_standing *out) MUST_USE;

/* store_take_totp_step; it may use the reserve: who wants to revoke has to sign in first. */
enum kw_err sync_take_totp_step(struct sync *s, uint32_t slot, uint64_t step) MUST_USE;

/* store_save_uses, store_save_key_uses. KW_EFULL while the disk counts as full: it can wait. */
enum kw_err sync_save_uses(struct sync *s, const struct last_use *uses, size_t n) MUST_USE;
enum kw_err sync_save_key_uses(struct sync *s, const struct key_use *uses, size_t n) MUST_USE;

/* What a key may spend: the document of core/spend_rules.h, by the key's slot; *version was read, and is then the new one. What
 * narrows may use the reserve. Errors of store_put_spend_rules; KW_EUNSAVED as above. */
enum kw_err sync_put_spend_rules(struct sync *s, struct str actor, uint32_t key_slot,
                                 struct str document, uint32_t *version) MUST_USE;

/* A document (core/document.h); slot 0: a new one. Errors of store_put_document; KW_EUNSAVED: saved, but for head. */
enum kw_err sync_put_document(struct sync *s, struct str actor, struct document *d) MUST_USE;

/* The same, with the answer to the call that makes or changes it; `object` is the struct document. */
enum kw_err sync_put_replied(struct sync *s, struct str actor, struct document *d,
                             const struct sync_reply *reply) MUST_USE;

/* The same of what cannot wait for room on the disk: it may use the reserve, as what narrows does. */
enum kw_err sync_put_urgent(struct sync *s, struct str actor, struct document *d) MUST_USE;

/* A new policy, given both as its document for the store and compiled for the keyring; *version is
 * its number. */
enum kw_err sync_put_policy(struct sync *s, struct str actor, struct str document, struct str table,
                            uint32_t *version) MUST_USE;

#endif
