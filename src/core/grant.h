/* grant.h - what a key may do: the object that the store keeps and the keyring publishes. */
#ifndef CORE_GRANT_H
#define CORE_GRANT_H

#include "core/address.h"
#include "core/lifecycle.h"
#include "core/limit_defaults.h"

enum {
    GRANT_NAME_MAX = 100,
    GRANT_DIGEST_LEN = 32,
    FREEZE_WHY_MAX = 200,
    GRANT_ROTATION_DAYS = 90,
    GRANT_ROTATION_DAYS_MAX = 3653 /* ten years */
};

/* What happens when a key is not rotated in time; warnings and alerts come in any case. */
enum rotation_overdue { OVERDUE_ALERT = 0, OVERDUE_READ_ONLY = 1, OVERDUE_EXPIRE = 2 };

/* What is held back for the time being, whatever else a key may do: a set of classes. A route that the policy does not list
 * may do anything: each of them holds it back. People choose between nothing, what moves money, and everything. */
enum freeze {
    FREEZE_NOTHING = 0,
    FREEZE_READ = 1,
    FREEZE_TRANSACT = 2,
    FREEZE_MANAGE = 4,
    FREEZE_ALL = FREEZE_READ | FREEZE_TRANSACT | FREEZE_MANAGE
};

const char *freeze_name(enum freeze frozen); /* "nothing", "transact", "all" */
enum kw_err freeze_parse(struct str name, enum freeze *out) MUST_USE; /* KW_ESYNTAX */

static inline bool freeze_ok(unsigned frozen)
{
    return frozen == FREEZE_NOTHING || frozen == FREEZE_TRANSACT || frozen == FREEZE_ALL;
}

/* What was said when something was frozen or thawed last. It decides nothing; all zero: it never was. */
struct freeze_note {
    int64_t since_ms; /* wall clock; 0: none */
    bool by_operator; /* by somebody of the whole installation: an account does not undo it */
    char by[KW_ACCOUNT_MAX + 1];  /* the actor, as the log of changes names him */
    char why[FREEZE_WHY_MAX + 1]; /* for people; UTF-8 without controls; may be empty */
};

/* KW_ESYNTAX (controls, not UTF-8), KW_ERANGE (too long). */
enum kw_err freeze_why_check(struct str why) MUST_USE;

struct grant {
    uint32_t slot;    /* number of its record in the keyring; 0: not stored yet; never reused */
    uint32_t version; /* of the row; 1 for a new one, + 1 with each change */
    char id[KW_KEY_ID_LEN + 1];
    char account[KW_ACCOUNT_MAX + 1];
    uint32_t account_slot;         /* number of its account's record */
    char name[GRANT_NAME_MAX + 1]; /* for people; UTF-8 without controls */
    enum kw_environment environment;
    unsigned permissions; /* set of enum kw_permission, not empty */
    enum key_state state;
    int64_t created_ms, expires_ms; /* wall clock; expires 0: never */
    char created_by[KW_ACCOUNT_MAX + 1];

    uint8_t digest[GRANT_DIGEST_LEN]; /* SHA-256 of the current key text */
    uint32_t generation;              /* of the secret: 1, + 1 with each rotation */
    int64_t secret_since_ms; /* when the current secret was made: its age counts from here */
    uint8_t old_digest[GRANT_DIGEST_LEN]; /* of the other one, see rotation.h; all zero: none */
    int64_t old_ends_ms; /* from here on it is refused; < 0: ended by hand at -old_ends_ms, and for good
                             whatever a clock says; 0: there is none */
    int64_t old_since_ms; /* when it was made; 0: there is none, or it will never be current again */
    uint32_t rotation_days; /* to be rotated after so many days; 0: never */
    enum rotation_overdue overdue;
    enum freeze frozen;
    struct freeze_note freeze_note;

    struct rate rate;
    struct quota quota;
    struct address_rule rules[ADDRESS_RULES_MAX];
    uint32_t n_rules;
};

enum account_state { ACCOUNT_SUSPENDED = 0, ACCOUNT_ACTIVE = 1 };

struct account {
    uint32_t slot, version;
    char id[KW_ACCOUNT_MAX + 1]; /* [a-z][a-z0-9-]{0,39} */
    char name[GRANT_NAME_MAX + 1];
    enum account_state state;
    enum freeze frozen; /* of all of its keys */
    struct freeze_note freeze_note;
    int64_t created_ms;
    struct address_rule rules[ADDRESS_RULES_MAX]; /* a key's own rules narrow these */
    uint32_t n_rules;
    struct limit_defaults limit_defaults; /* of keys to come: what a key has is its own from then on */
};

/* An environment as a whole. There is one of each, whether or not it was ever changed. */
struct environment {
    uint32_t slot;      /* its enum kw_environment */
    uint32_t version;   /* 0: never changed */
    enum freeze frozen; /* for the keys of all accounts */
    struct freeze_note freeze_note;
};

/* When a secret made at since_ms is to be rotated, after so many days; 0: never. */
static inline int64_t grant_rotation_due(int64_t since_ms, uint32_t rotation_days)
{
    return rotation_days == 0 ? 0 : since_ms + (int64_t)rotation_days * 86400000;
}

/* The earlier of two moments at which something ends; 0: never. */
static inline int64_t grant_earlier(int64_t a_ms, int64_t b_ms)
{
    return a_ms == 0 || (b_ms != 0 && b_ms < a_ms) ? b_ms : a_ms;
}

/* From when on a key is refused: its expiry, or when its rotation is due where it expires by that; 0: never. And from when on
 * it only reads, because it was not rotated in time; 0: never. */
int64_t grant_ends_ms(const struct grant *g);
int64_t grant_only_reads_from_ms(const struct grant *g);

/* KW_ESYNTAX when a string may not be an account id, or a name (empty, controls, not UTF-8);
 * KW_ERANGE when it is too long. */
enum kw_err account_id_check(struct str id);
enum kw_err grant_name_check(struct str name);

/* Whether `after` lets nobody do anything that `before` did not: such a change is published before
 * it is saved. */
bool grant_narrows(const struct grant *before, const struct grant *after);
bool account_narrows(const struct account *before, const struct account *after);
bool environment_narrows(const struct environment *before, const struct environment *after);

/* What both let do, member by member: of each the narrower one, and that of `before` where neither
 * is (two lists of addresses, a new secret, the day and the month of a quota). All that decides
 * nothing, the version too, is as in `after`. So it narrows `before`, whatever the change is, and
 * it is `after` if that does. */
struct grant grant_narrower(const struct grant *before, const struct grant *after);
struct account account_narrower(const struct account *before, const struct account *after);
struct environment environment_narrower(const struct environment *before,
                                        const struct environment *after);

#endif
