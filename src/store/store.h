/* store.h - the system of record: accounts, keys, members, management tokens, the route policy, and the sealed log of
 * their changes. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/buf.h"
#include "core/document.h"
#include "core/family.h"
#include "core/member.h"
#include "crypto/box.h"

/* SQLite (WAL, synchronous=FULL). Every row that grants authority has a version and a seal:
 * HMAC-SHA-256, under a subkey of the master key, over the row's canonical image. Every change is
 * one transaction that writes the row and an entry of change_log: (n, kind, object, version, sealed
 * image, actor, time, HMAC of the previous entry's HMAC and this entry). n and its HMAC are written
 * to the file `head` and fsynced before the change counts as saved. So whoever can write the
 * database but has not the master key can neither make a key, nor widen one, nor bring an old row
 * back.
 *
 * Threads   One at a time; the caller holds a lock. */
struct store;

struct store_paths {        /* borrows; all absolute or relative to the working folder */
    const char *database;   /* /var/lib/keyward/keyward.db */
    const char *master_key; /* /etc/keyward/keys/master.key: 64 hex digits, mode 0600 */
    const char *head;       /* /etc/keyward/keys/head */
};

/* Makes a master key from random bytes, mode 0600. KW_EEXISTS: there is one, and it was left as it
 * is. */
enum kw_err store_make_master_key(const char *path, char why[256]) MUST_USE;

/* What encrypts for a purpose (see crypto/box.h), with a key that is derived from the master key. Errors as those of the
 * master key in store_open. */
enum kw_err store_open_box(const char *master_key, struct str purpose, struct box **out,
                           char why[256]) MUST_USE;

/* What derives tokens from tokens (server/mint.h), likewise. */
struct sealer;
enum kw_err store_open_sealer(const char *master_key, struct str purpose, struct sealer **out,
                              char why[256]) MUST_USE;

/* Makes a new database with its schema, an empty change log and head; the master key must exist.
 * KW_EEXISTS: there is a database or a head already; nothing was touched. why is a sentence for the
 * operator. */
enum kw_err store_create(const struct store_paths *paths, char why[256]) MUST_USE;

/* Opens a database, brings its schema up to date, and compares the newest entry of the change log
 * with head: one that is newer by entries whose HMACs hold is adopted (the power went between
 * commit and head). This is quick, however large the database is: SQLite's header, the schema and
 * the end of the chain are checked here, all the rest by store_load. A file that is refused is left
 * as it is. On an error, why says what is wrong and how to mend it:
 *   KW_ENOTFOUND  no database: `keyward init` makes one (never made silently); or no master key
 *   KW_EFORMAT    not a database of ours, or written by a newer Keyward
 *   KW_EDAMAGED   cut short, another schema, an HMAC that does not hold, or head is missing
 *   KW_EOLD       older than head: an old copy was put back; `keyward recover` is the way out
 *   KW_EPERM, KW_EBUSY, KW_EIO, KW_ENOMEM */
enum kw_err store_open(const struct store_paths *paths, struct store **out, char why[256]) MUST_USE;
void store_close(struct store *s);

/* Whether a commit failed half-way (KW_EIO): this store makes no more changes until it is opened
 * anew. */
bool store_must_reopen(const struct store *s);

/* How many times a row was read that did not carry its own seal: somebody wrote to the database. */
uint64_t store_seals_failed(const struct store *s);

/* Closes the store and opens it again in its place, as store_open does: whatever of the last change
 * reached the disk is adopted or gone. The log that could not be synced is not synced again: it is
 * written into the database, and emptied. An open change is rolled back. On an error (store_open's),
 * the store answers no question and makes no change any more; it can only be closed. */
enum kw_err store_reopen(struct store *s, char why[256]) MUST_USE;
void store_closep(struct store **s);

/* The way out when head is newer than the database, or lost: accepts the database as it is. All of
 * it is verified as by store_load; then head names its newest entry. *lost is how many acknowledged
 * changes are given up (0 when head cannot be read): what they revoked is valid again, so this is
 * for an operator who has been asked, and the keys are to be looked through afterwards.
 * KW_EDAMAGED: it does not hold, and head was left as it is. The other errors are store_open's. */
enum kw_err store_recover(const struct store_paths *paths, uint64_t *lost, char why[256]) MUST_USE;

/* Copies a database to a new file, as it is at one moment, also while keyward serve changes it. Whoever wants to restore it
 * copies head first: the copy is then as new as head, or newer, which store_open makes good. *newest is the number of the newest change in
 * it. Not while this process has the database open. KW_EEXISTS: there is something at `to`; KW_ENOTFOUND, KW_EFORMAT, KW_EDAMAGED,
 * KW_EPERM, KW_EBUSY, KW_EFULL, KW_EIO, KW_ENOMEM. */
enum kw_err store_backup(const char *database, const char *to, uint64_t *newest,
                         char why[256]) MUST_USE;

/* Opens, verifies all of it as store_load does, and closes; *n is the number of its newest change. Head is brought up to
 * it. Errors of store_open and store_load. */
enum kw_err store_check(const struct store_paths *paths, uint64_t *n, char why[256]) MUST_USE;

/* ---- changes ---- */

/* Opens a change: nothing is visible or durable before store_commit. actor ("uid:0") and now_ms go
 * into the log. One change holds one or more puts. */
enum kw_err store_begin(struct store *s, struct str actor, int64_t now_ms) MUST_USE;
void store_rollback(struct store *s); /* harmless when no change is open */

/* Commits, then writes head.
 *   KW_EFULL     nothing was saved; room made, the next change may succeed
 *   KW_EIO       not acknowledged, and whether it reached the disk is not known: a failed fsync is
 *                never repeated. This store makes no more changes until store_reopen, which finds out
 *   KW_EUNSAVED  committed, but head could not be written: in force after a restart, to be tried
 *                again with store_save_head */
enum kw_err store_commit(struct store *s) MUST_USE;
enum kw_err store_save_head(struct store *s) MUST_USE;

/* A new object has slot 0: it gets its slot and version 1, and a key its account's slot. An
 * existing one is replaced if its stored version is still the one given; *g then holds version + 1.
 * The id, and the account of a key, never change. Any error ends the change: nothing of it is
 * saved, and store_commit answers KW_EINVAL.
 *   KW_EEXISTS    id taken
 *   KW_ENOTFOUND  a new key's account does not exist
 *   KW_ECONFLICT  another version is stored (or none)
 *   KW_EINVAL     no change is open, or what is given can not be such an object
 *   KW_EDAMAGED   the stored row is not the one that was last written, or a statement changed
 *                 anything but exactly one row */
enum kw_err store_put_key(struct store *s, struct grant *g) MUST_USE;
enum kw_err store_put_account(struct store *s, struct account *a) MUST_USE;

/* An environment has a row from its first change on; before, its version is 0. */
enum kw_err store_put_environment(struct store *s, struct environment *e) MUST_USE;

/* A member belongs to an account that exists, and stays there; a token's account and member exist too, where it names them.
 * Besides the above:
 *   KW_EEXISTS    a member that is not removed has this e-mail address
 *   KW_ENOTFOUND  a new token's member does not exist
 *   KW_ECONFLICT  the account had an active owner and would have none (the stored version is then still the one given) */
enum kw_err store_put_member(struct store *s, struct member *m) MUST_USE;
enum kw_err store_put_token(struct store *s, struct token *t) MUST_USE;

/* A family belongs to a key that exists, and stays there; its key's slot, account and environment are filled in. */
enum kw_err store_put_family(struct store *s, struct family *f) MUST_USE;

/* The puts that follow in this change are another actor's: one commit for many calls. */
enum kw_err store_act_as(struct store *s, struct str actor) MUST_USE;

enum { POLICY_DOCUMENT_MAX = 4 << 20 };

/* The policy's document (core/policy.h) is kept as given; a new one gets the next version in *version. */
enum kw_err store_put_policy(struct store *s, struct str document, uint32_t *version) MUST_USE;

/* What a key may spend (core/spend_rules.h), by the key's slot; *version is that which was read, 0 before the first change.
 * KW_EINVAL: not in the form of such a document. KW_ENOTFOUND: no such key. */
enum kw_err store_put_spend_rules(struct store *s, uint32_t key_slot, struct str document,
                                  uint32_t *version) MUST_USE;

/* A document belongs to its kind, account and key, and stays there; a new one needs not have an account or a key that exists.
 * KW_EEXISTS: there is one of this kind and id. */
enum kw_err store_put_document(struct store *s, struct document *d) MUST_USE;

/* ---- questions ---- */

/* Each row's seal is checked, and that the change log knows of no newer version: KW_EDAMAGED.
 * KW_ENOTFOUND. account NULL: of any account. */
enum kw_err store_key(struct store *s, struct str id, const char *account, struct grant *out) MUST_USE;
enum kw_err store_account(struct store *s, struct str id, struct account *out) MUST_USE;
enum kw_err store_key_in_slot(struct store *s, uint32_t slot, struct grant *out) MUST_USE;
enum kw_err store_account_in_slot(struct store *s, uint32_t slot, struct account *out) MUST_USE;

/* One that was never changed is there all the same, with version 0. KW_EINVAL: there is no such environment. */
enum kw_err store_environment(struct store *s, uint32_t slot, struct environment *out) MUST_USE;

/* Appends the document of a key's rules; version 0 and nothing where there never were any. */
enum kw_err store_spend_rules(struct store *s, uint32_t key_slot, uint32_t *version,
                              struct buf *document) MUST_USE;

enum kw_err store_member(struct store *s, struct str id, const char *account,
                         struct member *out) MUST_USE;
enum kw_err store_member_in_slot(struct store *s, uint32_t slot, struct member *out) MUST_USE;
enum kw_err store_member_by_email(struct store *s, struct str email,
                                  struct member *out) MUST_USE; /* not removed */
enum kw_err store_token(struct store *s, struct str id, const char *account,
                        struct token *out) MUST_USE;
enum kw_err store_token_in_slot(struct store *s, uint32_t slot, struct token *out) MUST_USE;

enum kw_err store_family(struct store *s, struct str id, struct family *out) MUST_USE;
enum kw_err store_family_in_slot(struct store *s, uint32_t slot, struct family *out) MUST_USE;

/* Those of a key that are not over, in the order of their slots, behind one and at most so many (0: all). How many access tokens
 * have not expired. How many of a key have not ended, counted as far as a limit. Deletes so many at most whose time was over at a moment, without an entry in the log, and tells how many; not while a
 * change is open. */
typedef enum kw_err store_family_fn(void *ctx, const struct family *f);
enum kw_err store_families(struct store *s, struct str key, int64_t now_ms, uint32_t after_slot,
                           uint32_t limit, store_family_fn *each, void *ctx) MUST_USE;
enum kw_err store_families_live(struct store *s, int64_t now_ms, uint32_t *out) MUST_USE;
enum kw_err store_families_count(struct store *s, struct str key, uint32_t limit,
                                 uint32_t *out) MUST_USE;
enum kw_err store_drop_families(struct store *s, int64_t until_ms, uint32_t limit,
                                uint32_t *n) MUST_USE;

/* Its text is appended to `text`, which it borrows from. account NULL: of any account. KW_ENOTFOUND, KW_EDAMAGED. */
enum kw_err store_document(struct store *s, enum document_kind kind, struct str id,
                           const char *account, struct buf *text, struct document *out) MUST_USE;

struct store_document_filter { /* empty members match everything */
    enum document_kind kind;
    struct str key, subject, state, account;
    uint32_t before_slot; /* cursor: only earlier ones; 0: from the newest on */
    uint32_t limit;       /* at most so many; 0: no limit */
    uint32_t *n_damaged;  /* not NULL: rows that do not hold are passed over, and added here */
};

/* The newest first; as store_keys otherwise. The text borrows for the call. */
typedef enum kw_err store_document_fn(void *ctx, const struct document *d);
enum kw_err store_documents(struct store *s, const struct store_document_filter *f,
                            store_document_fn *each, void *ctx) MUST_USE;

/* What became of a document, the newest step first, after the HMAC of each entry has been verified; borrows. As store_policies
 * otherwise. */
struct document_step {
    struct document document;
    struct str actor;
    int64_t time_ms;
};
typedef enum kw_err store_document_step_fn(void *ctx, const struct document_step *s);
enum kw_err store_document_history(struct store *s, uint32_t slot, uint32_t limit,
                                   store_document_step_fn *each, void *ctx) MUST_USE;

/* The number of the change that made a document, by its slot. KW_EDAMAGED: the log has none. */
enum kw_err store_document_made(struct store *s, uint32_t slot, uint64_t *n) MUST_USE;

/* How many of a kind and an account (empty: of all) are in a state. */
enum kw_err store_document_count(struct store *s, enum document_kind kind, struct str state,
                                 struct str account, uint64_t *n) MUST_USE;

/* How many active owners an account has; 0 of one that does not exist. */
enum kw_err store_owners(struct store *s, struct str account, uint32_t *n) MUST_USE;

/* The newest policy; *version 0 and nothing in *document when there is none. */
enum kw_err store_policy(struct store *s, uint32_t *version, struct buf *document) MUST_USE;

/* A version of the policy, as the change log has it; borrows. */
struct policy_version {
    uint32_t version;
    struct str document, actor;
    int64_t time_ms;
};
typedef enum kw_err store_policy_fn(void *ctx, const struct policy_version *p);

/* Gives each version before `before` (0: each), the newest first, after the HMAC of its entry has been verified; stops and
 * returns its error when `each` is not KW_OK. KW_EDAMAGED. */
enum kw_err store_policies(struct store *s, uint32_t before, store_policy_fn *each,
                           void *ctx) MUST_USE;

/* Appends the document of one version. KW_ENOTFOUND, KW_EDAMAGED. */
enum kw_err store_policy_version(struct store *s, uint32_t version, struct buf *document) MUST_USE;

struct store_key_filter { /* empty members match everything */
    struct str account;
    struct str name_contains; /* letter case of ASCII ignored */
    struct str looks_like; /* the name holds this, or the id begins with id_begins; the same of case */
    struct str id_begins; /* counts only beside looks_like */
    enum kw_environment environment;
    unsigned permissions;                        /* holds all of these */
    int state;                                   /* enum key_state, or -1 */
    struct str created_by;                       /* an actor, whole */
    int64_t created_after_ms, created_before_ms; /* from the first on, before the second; 0: any */
    int64_t used_after_ms,
        used_before_ms; /* of what is saved; from the first on, before the second or never; 0: any */
    int64_t due_before_ms; /* their rotation is due before that, and they are not revoked; 0: any */
    bool newest_first;     /* the highest slots first */
    uint32_t after_slot;   /* cursor: only later ones */
    uint32_t until_slot;   /* none behind this one; 0: to the end */
    uint32_t limit;        /* at most so many; 0: no limit */
};

/* Calls each for every match in the order of slots, or the other way round; stops and returns its error when it is not
 * KW_OK. The object is only valid during the call, which must not ask this store anything but store_use. */
typedef enum kw_err store_key_fn(void *ctx, const struct grant *g);
typedef enum kw_err store_account_fn(void *ctx, const struct account *a);
enum kw_err store_keys(struct store *s, const struct store_key_filter *f, store_key_fn *each,
                       void *ctx) MUST_USE;
enum kw_err store_key_slots(struct store *s, uint32_t *out) MUST_USE; /* the highest one; 0: none */

/* A key as far as it is counted: no seal is checked, for nothing is decided by it, and there may be a million. */
struct key_outline {
    uint32_t slot;
    char id[KW_KEY_ID_LEN + 1];
    enum kw_environment environment;
    enum key_state state;
    int64_t created_ms, ends_ms, rotation_due_ms; /* the latter two 0: never */
    uint32_t rotation_days, generation;           /* of the secret */
    int64_t used_ms;                              /* as it is saved; 0: never */
};
typedef enum kw_err store_outline_fn(void *ctx, const struct key_outline *k);

/* Those of an account (empty: of all) whose slot is behind the first and not behind the second; as store_keys otherwise. */
enum kw_err store_key_outlines(struct store *s, struct str account, uint32_t after_slot,
                               uint32_t until_slot, store_outline_fn *each, void *ctx) MUST_USE;

/* n_damaged as of documents; NULL: a row that does not hold ends it. */
enum kw_err store_accounts(struct store *s, uint32_t *n_damaged, store_account_fn *each,
                           void *ctx) MUST_USE;

/* Those of which something is frozen, at most `limit`: of an account (empty: of all). As store_keys otherwise. */
enum kw_err store_frozen_keys(struct store *s, struct str account, uint32_t limit,
                              store_key_fn *each, void *ctx) MUST_USE;
enum kw_err store_frozen_accounts(struct store *s, uint32_t limit, store_account_fn *each,
                                  void *ctx) MUST_USE;

struct store_member_filter { /* empty members match everything */
    struct str account;
    uint32_t after_slot, limit; /* as above */
    uint32_t *n_damaged;        /* as of documents */
};
struct store_token_filter {
    struct str account;
    struct str member; /* by id */
    uint32_t after_slot, limit;
};
typedef enum kw_err store_member_fn(void *ctx, const struct member *m);
typedef enum kw_err store_token_fn(void *ctx, const struct token *t);
enum kw_err store_members(struct store *s, const struct store_member_filter *f,
                          store_member_fn *each, void *ctx) MUST_USE;
enum kw_err store_tokens(struct store *s, const struct store_token_filter *f, store_token_fn *each,
                         void *ctx) MUST_USE;

/* ---- the change log ---- */

enum change_kind {
    CHANGE_KEY = 1,
    CHANGE_ACCOUNT = 2,
    CHANGE_POLICY = 3,
    CHANGE_MEMBER = 4,
    CHANGE_TOKEN = 5,
    CHANGE_ENVIRONMENT = 6,
    CHANGE_FAMILY = 7,
    CHANGE_SPEND_RULES = 8, /* the object is the slot of the key */
    CHANGE_DOCUMENT = 9,
};

struct change { /* borrows */
    uint64_t n;
    enum change_kind kind;
    uint32_t object, version; /* slot of a row; 0 and the version of a policy */
    struct str image;         /* canonical bytes of the row after the change; see store/image.h */
    struct str actor;
    int64_t time_ms;
};

uint64_t store_change_seq(const struct store *s); /* number of the newest saved entry; 0: none yet */

/* Eight bytes of the HMAC of an entry, which covers all before it: two databases that agree in number and mark are one, up
 * to there. KW_ENOTFOUND, KW_EDAMAGED. */
enum kw_err store_change_mark(struct store *s, uint64_t n, uint64_t *out) MUST_USE;
uint64_t store_newest_mark(const struct store *s); /* of entry store_change_seq */

/* The entries behind `after` in their order, at most `limit` (0: all), each after its HMAC has been
 * verified. KW_EDAMAGED: one does not hold, or is missing; or the error of `each`. */
typedef enum kw_err store_change_fn(void *ctx, const struct change *c);
enum kw_err store_changes(struct store *s, uint64_t after, uint32_t limit, store_change_fn *each,
                          void *ctx) MUST_USE;

/* Gives the change that made a version of an object, after the HMAC of its entry has been verified. KW_ENOTFOUND, KW_EDAMAGED; or
 * the error of `each`. */
enum kw_err store_change_of(struct store *s, enum change_kind kind, uint32_t object,
                            uint32_t version, store_change_fn *each, void *ctx) MUST_USE;

/* Appends the image that an object had in a version, after the HMAC of its entry has been verified. KW_ENOTFOUND, KW_EDAMAGED. */
enum kw_err store_change_image(struct store *s, enum change_kind kind, uint32_t object,
                               uint32_t version, struct buf *image) MUST_USE;

/* Gives every account, key, environment and family, and the newest policy, to the visitor, and verifies members, tokens and spend rules besides, while a
 * thread of its own verifies the whole chain; then compares: each must be of the version and seal of its newest entry. A row without such an entry, or an entry
 * without its row, is KW_EDAMAGED: nothing is published from a database that was tampered with. On an error, what the
 * visitor was given before it is to be thrown away. Needs 32 bytes of memory per object. The visitor, in the caller's
 * thread, must not ask this store anything. */
struct store_visitor {
    void *ctx;
    store_account_fn *account;
    store_key_fn *key;
    enum kw_err (*policy)(void *ctx, uint32_t version, struct str document);
    enum kw_err (*environment)(void *ctx, const struct environment *e);
    store_family_fn *family;
};
enum kw_err store_load(struct store *s, const struct store_visitor *v, char why[256]) MUST_USE;

/* How many rows there are of each kind, and their highest slots. */
struct store_counts {
    uint32_t keys, accounts, members, tokens;
    uint32_t max_key_slot, max_account_slot, max_member_slot, max_token_slot;
    uint32_t max_spend_slot; /* of spend rules: that of a key */
    uint32_t max_document_slot;
};
enum kw_err store_counts(struct store *s, struct store_counts *out) MUST_USE;

/* ---- quotas used ----
 * Beside the keys, never in their rows; lost with the power, at most a minute's worth. They carry
 * no seal and no entry in the log: whoever can write the database can give a key its quota of the
 * current window once more, or take it away, where `limits` has to be filled from here. He can open
 * nothing that the key does not open. */

struct quota_used {
    uint32_t slot, window, count; /* window: its number, see core/limit.h */
};
/* Within a window a count never goes down. */
enum kw_err store_save_quotas(struct store *s, const struct quota_used *q, size_t n) MUST_USE;
typedef enum kw_err store_quota_fn(void *ctx, const struct quota_used *q);
enum kw_err store_quotas(struct store *s, store_quota_fn *each, void *ctx) MUST_USE;

/* ---- replies ----
 * What a call that made something was answered, so that the same call made again is answered the same. They carry no seal:
 * they grant nothing, and hold only what may be read. */

enum { REPLY_KEY_MAX = 100, REPLY_ANSWER_MAX = 64 << 10, REPLY_LIFE_MS = 24 * 60 * 60 * 1000 };

struct reply {      /* borrows */
    struct str key; /* the caller's word for the call: 1 to REPLY_KEY_MAX bytes without controls */
    uint8_t digest[GRANT_DIGEST_LEN]; /* SHA-256 of method, path and body */
    unsigned status;                  /* of HTTP */
    struct str answer;                /* UTF-8, at most REPLY_ANSWER_MAX bytes */
};

/* Inside of an open change, whose actor and time it gets: both are saved, or neither. Some that are older than 24 hours are
 * deleted along the way. Any error ends the change. KW_EEXISTS: the actor has one of this key; KW_EINVAL. */
enum kw_err store_put_reply(struct store *s, const struct reply *r) MUST_USE;

/* The reply that an actor was given not longer than 24 hours before now_ms. The strings of *out borrow from `answer`, to which the
 * answer is appended, and from key. KW_ENOTFOUND, KW_EDAMAGED. */
enum kw_err store_reply_find(struct store *s, struct str actor, struct str key, int64_t now_ms,
                             struct buf *answer, struct reply *out) MUST_USE;

/* ---- last use ----
 * When and from where a key, a member or a token was last used, and the last step of a member's TOTP. No seal and no entry
 * in the log: whoever can write the database can say something wrong about them, and let a code that he has seen be used
 * a second time within its half minute; it opens nothing without the password. */

enum use_kind { USE_KEY = 1, USE_MEMBER = 2, USE_TOKEN = 3 };
enum { USE_SOURCE_MAX = 63 };

struct last_use {
    enum use_kind kind;
    uint32_t slot;
    int64_t at_ms;                   /* 0: not yet */
    char source[USE_SOURCE_MAX + 1]; /* an address; may be empty */
};

/* One transaction; none of them ever goes back in time. Not while a change is open. */
enum kw_err store_save_uses(struct store *s, const struct last_use *uses, size_t n) MUST_USE;

struct key_use { /* as the record tells it: the key by its id */
    char id[KW_KEY_ID_LEN];
    int64_t at_ms;
    char source[USE_SOURCE_MAX + 1];
};

/* The same for keys; one that there is not is passed over. */
enum kw_err store_save_key_uses(struct store *s, const struct key_use *uses, size_t n) MUST_USE;

enum kw_err store_use(struct store *s, enum use_kind kind, uint32_t slot,
                      struct last_use *out) MUST_USE; /* KW_ENOTFOUND */

/* Takes a time step of a member's TOTP for used: when this returns KW_OK that is on the disk. KW_ECONFLICT: this one or a
 * later one was used before. Not while a change is open. */
enum kw_err store_take_totp_step(struct store *s, uint32_t slot, uint64_t step) MUST_USE;

#endif
