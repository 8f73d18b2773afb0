/* webhook.h - who is told of what: a webhook, and the events that there are. */
#ifndef CORE_WEBHOOK_H
#define CORE_WEBHOOK_H

#include <stdbool.h>

#include "core/grant.h"

/* X(enumerator, word, what it tells of). The words are part of the API. A new one is added here, at the end, and in
 * server/webhook_event.c, which knows by which change it comes to pass. */
#define WEBHOOK_EVENTS(X)                                                                        \
    X(TELL_KEY_CREATED, "key.created", "a key was made")                                         \
    X(TELL_KEY_CHANGED, "key.changed", "a key was changed in any other way")                     \
    X(TELL_KEY_DISABLED, "key.disabled", "a key was disabled")                                   \
    X(TELL_KEY_ENABLED, "key.enabled", "a disabled key was enabled")                             \
    X(TELL_KEY_REVOKED, "key.revoked", "a key was revoked")                                      \
    X(TELL_KEY_ROTATED, "key.rotated", "a key got a new secret")                                 \
    X(TELL_KEY_FROZEN, "key.frozen", "a key was frozen, or more of it")                          \
    X(TELL_KEY_THAWED, "key.thawed", "a key was thawed, or some of it")                          \
    X(TELL_SPEND_RULES_CHANGED, "spend_rules.changed", "what a key may spend changed")           \
    X(TELL_ACCOUNT_CREATED, "account.created", "an account was made")                            \
    X(TELL_ACCOUNT_CHANGED, "account.changed", "an account was changed in any other way")        \
    X(TELL_ACCOUNT_SUSPENDED, "account.suspended", "an account was suspended")                   \
    X(TELL_ACCOUNT_RESUMED, "account.resumed", "an account was resumed")                         \
    X(TELL_ACCOUNT_FROZEN, "account.frozen", "an account was frozen, or more of it")             \
    X(TELL_ACCOUNT_THAWED, "account.thawed", "an account was thawed, or some of it")             \
    X(TELL_ENVIRONMENT_FROZEN, "environment.frozen", "an environment was frozen, or more of it") \
    X(TELL_ENVIRONMENT_THAWED, "environment.thawed", "an environment was thawed, or some of it") \
    X(TELL_MEMBER_INVITED, "member.invited", "somebody was invited into an account")             \
    X(TELL_MEMBER_JOINED, "member.joined", "a member has set a password for the first time")     \
    X(TELL_MEMBER_CHANGED, "member.changed", "a member was changed in any other way")            \
    X(TELL_MEMBER_REMOVED, "member.removed", "a member was removed")                             \
    X(TELL_TOKEN_CREATED, "management_token.created", "a management token was made")             \
    X(TELL_TOKEN_REVOKED, "management_token.revoked", "a management token was revoked")          \
    X(TELL_POLICY_APPLIED, "policy.applied", "the route policy was replaced")                    \
    X(TELL_WEBHOOK_CREATED, "webhook.created", "a webhook was made")                             \
    X(TELL_WEBHOOK_CHANGED, "webhook.changed", "a webhook was changed in any other way")         \
    X(TELL_WEBHOOK_DISABLED, "webhook.disabled",                                                 \
      "a webhook was turned off, by hand or because nothing arrives")                            \
    X(TELL_WEBHOOK_REMOVED, "webhook.removed", "a webhook was removed")                          \
    X(TELL_WEBHOOK_TEST, "webhook.test",                                                         \
      "a test was asked for: sent to that webhook alone, whatever it chose")                     \
    X(TELL_ALERT_RAISED, "alert.raised", "the watch has found something")                        \
    X(TELL_ALERT_ACKNOWLEDGED, "alert.acknowledged", "somebody looks after an alert")            \
    X(TELL_ALERT_RESOLVED, "alert.resolved", "an alert is over")                                 \
    X(TELL_ALERT_CHANGED, "alert.changed", "an alert was changed in any other way")              \
    X(TELL_DAY_CLOSED, "record.day_closed", "a day of the record is closed: its signed end")

enum webhook_event {
#define X(symbol, word, text) symbol,
    WEBHOOK_EVENTS(X)
#undef X
        N_WEBHOOK_EVENTS
};

enum {
    WEBHOOK_URL_MAX = 512,
    WEBHOOK_SEALED_LEN = 60 /* a nonce of 12, the secret of 32, a tag of 16 */
};
#define WEBHOOK_EVERY_EVENT UINT64_MAX

/* X(enumerator, word). Zero: nothing is sent. */
#define WEBHOOK_STATES(X)           \
    X(WEBHOOK_REMOVED, "removed")   \
    X(WEBHOOK_DISABLED, "disabled") \
    X(WEBHOOK_ACTIVE, "active")

enum webhook_state {
#define X(symbol, word) symbol,
    WEBHOOK_STATES(X)
#undef X
        N_WEBHOOK_STATES
};

/* X(enumerator, word): why one is disabled. */
#define WEBHOOK_WHYS(X)                                                   \
    X(WEBHOOK_NOT_OFF, "")                                                \
    X(WEBHOOK_BY_HAND, "by_hand")                                         \
    X(WEBHOOK_FAILING, "failing") /* nothing has arrived for five days */ \
    X(WEBHOOK_GONE, "gone")       /* the receiver answered 410: it wants no more */

enum webhook_why {
#define X(symbol, word) symbol,
    WEBHOOK_WHYS(X)
#undef X
        N_WEBHOOK_WHYS
};

struct webhook {
    uint32_t slot, version; /* of its document */
    char id[KW_KEY_ID_LEN + 1];
    char account[KW_ACCOUNT_MAX + 1]; /* empty: the installation's, which is told of all accounts */
    char url[WEBHOOK_URL_MAX + 1];
    char name[GRANT_NAME_MAX + 1]; /* for people; may be empty */
    uint64_t events;               /* a bit each; WEBHOOK_EVERY_EVENT: those to come, too */
    enum webhook_state state;
    enum webhook_why why;
    int64_t off_ms; /* since when it is disabled; 0: it is not */
    int64_t created_ms;
    char created_by[KW_ACCOUNT_MAX + 1];
    uint8_t secret[WEBHOOK_SEALED_LEN]; /* encrypted, with the id as associated data */
    uint8_t old_secret[WEBHOOK_SEALED_LEN];
    int64_t old_ends_ms; /* until then the old one signs, too; 0: there is none */
};

const char *webhook_event_word(enum webhook_event e); /* "key.created"; "" for none */
const char *webhook_event_text(enum webhook_event e); /* "a key was made" */
bool webhook_event_parse(struct str word, enum webhook_event *out);

const char *webhook_state_word(enum webhook_state s);
bool webhook_state_parse(struct str word, enum webhook_state *out);
const char *webhook_why_word(enum webhook_why w);
bool webhook_why_parse(struct str word, enum webhook_why *out);

/* Whether it is told of an event of an account (empty: of none). A test is asked for one webhook, and nobody else's. */
bool webhook_wants(const struct webhook *w, enum webhook_event e, struct str account);

/* Whether its old secret still signs. */
static inline bool webhook_has_old_secret(const struct webhook *w, int64_t now_ms)
{
    return w->old_ends_ms > now_ms;
}

#endif
