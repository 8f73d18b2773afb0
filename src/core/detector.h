/* detector.h - what the watch looks for, and how grave it is when it finds it. */
#ifndef CORE_DETECTOR_H
#define CORE_DETECTOR_H

#include <keyward/err.h>

#include "base/str.h"

/* How soon somebody should look: with the next digest, today, now, at night. */
#define SEVERITIES(X)            \
    X(SEVERITY_LOW, "low")       \
    X(SEVERITY_MEDIUM, "medium") \
    X(SEVERITY_HIGH, "high")     \
    X(SEVERITY_CRITICAL, "critical")

enum severity {
#define X(symbol, word) symbol,
    SEVERITIES(X)
#undef X
        N_SEVERITIES
};

/* X(enumerator, word, severity unless an account says otherwise, what was found). The words are in the database, in answers
 * and in webhooks, and each has a section of docs/detectors.md: only ever add, at the end. */
#define DETECTORS(X)                                                                               \
    X(DETECT_SOURCE_FAILURES, "source_failures", SEVERITY_MEDIUM,                                  \
      "an address keeps sending keys that fail")                                                   \
    X(DETECT_KEY_FAILURES, "key_failures", SEVERITY_MEDIUM,                                        \
      "somebody sends wrong secrets with this key's id")                                           \
    X(DETECT_SIGN_IN_FAILURES, "sign_in_failures", SEVERITY_MEDIUM,                                \
      "somebody keeps failing to sign in")                                                         \
    X(DETECT_NEW_COUNTRY, "new_country", SEVERITY_MEDIUM,                                          \
      "this key came from a country that is new to it")                                            \
    X(DETECT_NEW_NETWORK, "new_network", SEVERITY_LOW,                                             \
      "this key came from a network that is new to it")                                            \
    X(DETECT_USAGE_SPIKE, "usage_spike", SEVERITY_MEDIUM,                                          \
      "this key is used far more than it usually is")                                              \
    X(DETECT_TRANSACT_BURST, "transact_burst", SEVERITY_HIGH,                                      \
      "this key moves money far more often than it usually does")                                  \
    X(DETECT_ODD_HOURS, "odd_hours", SEVERITY_MEDIUM,                                              \
      "this key moves money at an hour at which it never did")                                     \
    X(DETECT_SPEND_AMOUNT, "spend_amount", SEVERITY_HIGH,                                          \
      "an amount is far above what this key usually spends")                                       \
    X(DETECT_SPEND_DESTINATION, "spend_destination", SEVERITY_LOW,                                 \
      "money goes where this key never sent any")                                                  \
    X(DETECT_SPEND_EDGE, "spend_edge", SEVERITY_HIGH,                                              \
      "amounts keep just under the limit of this key")                                             \
    X(DETECT_DENIALS, "denials", SEVERITY_MEDIUM, "this key keeps asking for what it may not do")  \
    X(DETECT_SANDBOX_PLACE, "sandbox_place", SEVERITY_MEDIUM,                                      \
      "a production key came from where only sandbox keys lived")                                  \
    X(DETECT_BROWSER, "browser", SEVERITY_MEDIUM, "this key is used by a browser")                 \
    X(DETECT_PLAIN_HTTP, "plain_http", SEVERITY_HIGH,                                              \
      "this key came over plain HTTP, for all to read")                                            \
    X(DETECT_IN_URL, "in_url", SEVERITY_HIGH, "a credential came in a URL, where logs keep it")    \
    X(DETECT_DORMANT, "dormant", SEVERITY_MEDIUM,                                                  \
      "this key was not used for a long time, and now is")                                         \
    X(DETECT_OLD_SECRET, "old_secret", SEVERITY_MEDIUM,                                            \
      "a secret that its rotation has ended is still used")                                        \
    X(DETECT_ROTATION_DUE, "rotation_due", SEVERITY_LOW, "the rotation of this key is due soon")   \
    X(DETECT_ROTATION_OVERDUE, "rotation_overdue", SEVERITY_MEDIUM,                                \
      "this key was not rotated in time")                                                          \
    X(DETECT_LEAK, "leak", SEVERITY_CRITICAL, "the secret of this key was found in public")        \
    X(DETECT_TOKEN_REUSE, "token_reuse", SEVERITY_HIGH, "a refresh token was used twice")          \
    X(DETECT_DENIAL_RATE, "denial_rate", SEVERITY_HIGH, "far more requests than usual are denied") \
    X(DETECT_UNRECORDABLE, "unrecordable", SEVERITY_HIGH,                                          \
      "requests were refused, or only counted, because the record was full")                       \
    X(DETECT_RECORD_LAG, "record_lag", SEVERITY_HIGH, "the record does not keep up")               \
    X(DETECT_SEAL, "seal", SEVERITY_CRITICAL, "a row of the database does not carry its seal")     \
    X(DETECT_CLOCK, "clock", SEVERITY_HIGH, "the clock of this machine has jumped")                \
    X(DETECT_DISK, "disk", SEVERITY_CRITICAL, "the disk is full, or nearly so")                    \
    X(DETECT_WEBHOOK_OFF, "webhook_off", SEVERITY_MEDIUM,                                          \
      "a webhook was switched off, because nothing could be delivered to it")                      \
    X(DETECT_TEST, "test", SEVERITY_LOW, "somebody tried whether alerts arrive")                   \
    X(DETECT_WATCH_LAG, "watch_lag", SEVERITY_HIGH,                                                \
      "what is on the record is not counted, and not watched")

enum detector {
#define X(symbol, word, severity, sentence) symbol,
    DETECTORS(X)
#undef X
        N_DETECTORS
};

const char *severity_word(enum severity s); /* "high"; "" for none, as all of these */
bool severity_parse(struct str word, enum severity *out);

const char *detector_word(enum detector d);     /* "usage_spike" */
const char *detector_sentence(enum detector d); /* without a capital, without a full stop */
const char *detector_advice(enum detector d);   /* what to do, in sentences for people */
enum severity detector_severity(enum detector d);
bool detector_parse(struct str word, enum detector *out);

#endif
