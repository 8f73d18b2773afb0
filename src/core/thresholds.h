/* thresholds.h - from when on a detector finds something, and what is to be done then: what an account may choose. */
#ifndef CORE_THRESHOLDS_H
#define CORE_THRESHOLDS_H

#include "core/alert.h"
#include "core/finding.h"

/* Kept as a document of lines, in which stands only what is chosen:
 *
 *     usage_spike.times 6            a number of a detector, by the table below
 *     dormant off                    it finds nothing
 *     odd_hours.severity high        instead of its own (core/detector.h)
 *     leak.action disable            what is done to the key, besides telling of it
 *
 * X(enumerator, detector, name, default, least, most, what it is). The names are in databases and settings: only ever add. */
#define THRESHOLDS(X)                                                                                 \
    X(SOURCE_FAILURES_COUNT, DETECT_SOURCE_FAILURES, "count", 30, 2, 1000000,                         \
      "failures of one source")                                                                       \
    X(SOURCE_FAILURES_WINDOW, DETECT_SOURCE_FAILURES, "window_s", 300, 10, 86400,                     \
      "in so many seconds")                                                                           \
    X(KEY_FAILURES_COUNT, DETECT_KEY_FAILURES, "count", 10, 2, 1000000, "wrong secrets of one key")   \
    X(KEY_FAILURES_WINDOW, DETECT_KEY_FAILURES, "window_s", 600, 10, 86400, "in so many seconds")     \
    X(SIGN_IN_FAILURES_COUNT, DETECT_SIGN_IN_FAILURES, "count", 10, 2, 1000000,                       \
      "refusals of one member or source")                                                             \
    X(SIGN_IN_FAILURES_WINDOW, DETECT_SIGN_IN_FAILURES, "window_s", 600, 10, 86400,                   \
      "in so many seconds")                                                                           \
    X(NEW_COUNTRY_LEARN, DETECT_NEW_COUNTRY, "learn_days", 7, 1, 365,                                 \
      "days after the first use in which all is new")                                                 \
    X(NEW_NETWORK_LEARN, DETECT_NEW_NETWORK, "learn_days", 7, 1, 365,                                 \
      "days after the first use in which all is new")                                                 \
    X(NEW_NETWORK_USUAL, DETECT_NEW_NETWORK, "usual", 2, 1, 7,                                        \
      "new ones in three weeks, behind which another is nothing special")                             \
    X(USAGE_SPIKE_TIMES, DETECT_USAGE_SPIKE, "times", 5, 2, 1000,                                     \
      "times the busiest minute that is usual")                                                       \
    X(USAGE_SPIKE_LEAST, DETECT_USAGE_SPIKE, "least", 90, 1, 1000000000, "requests in 60 s at least") \
    X(USAGE_SPIKE_LEARN, DETECT_USAGE_SPIKE, "learn_days", 7, 1, 365,                                 \
      "days after the first use without alarms")                                                      \
    X(TRANSACT_BURST_TIMES, DETECT_TRANSACT_BURST, "times", 4, 2, 1000,                               \
      "times the busiest minute that is usual")                                                       \
    X(TRANSACT_BURST_LEAST, DETECT_TRANSACT_BURST, "least", 30, 1, 1000000000,                        \
      "requests in 60 s at least")                                                                    \
    X(TRANSACT_BURST_LEARN, DETECT_TRANSACT_BURST, "learn_days", 7, 1, 365,                           \
      "days after the first use without alarms")                                                      \
    X(ODD_HOURS_LEARN, DETECT_ODD_HOURS, "learn_days", 14, 7, 365,                                    \
      "days after its first transaction without alarms")                                              \
    X(ODD_HOURS_LEAST, DETECT_ODD_HOURS, "least", 60, 10, 10000,                                      \
      "hours with transactions that must have been seen")                                             \
    X(SPEND_AMOUNT_TIMES, DETECT_SPEND_AMOUNT, "times", 7, 2, 1000,                                   \
      "times the largest that is usual")                                                              \
    X(SPEND_AMOUNT_LEARN, DETECT_SPEND_AMOUNT, "learn", 50, 10, 10000,                                \
      "amounts that must have been seen")                                                             \
    X(SPEND_DESTINATION_LEARN, DETECT_SPEND_DESTINATION, "learn", 50, 5, 10000,                       \
      "amounts that must have been seen")                                                             \
    X(SPEND_DESTINATION_USUAL, DETECT_SPEND_DESTINATION, "usual", 2, 1, 7,                            \
      "new ones in three weeks, behind which another is nothing special")                             \
    X(SPEND_EDGE_PERCENT, DETECT_SPEND_EDGE, "percent", 90, 50, 99,                                   \
      "percent of the limit per transaction")                                                         \
    X(SPEND_EDGE_COUNT, DETECT_SPEND_EDGE, "count", 3, 2, 1000, "amounts above that")                 \
    X(SPEND_EDGE_WINDOW, DETECT_SPEND_EDGE, "window_s", 3600, 10, 86400, "in so many seconds")        \
    X(DENIALS_COUNT, DETECT_DENIALS, "count", 20, 2, 1000000, "refusals of one key")                  \
    X(DENIALS_WINDOW, DETECT_DENIALS, "window_s", 600, 10, 86400, "in so many seconds")               \
    X(SANDBOX_PLACE_DAYS, DETECT_SANDBOX_PLACE, "days", 3, 1, 30,                                     \
      "days on which only sandbox keys came from there")                                              \
    X(DORMANT_DAYS, DETECT_DORMANT, "days", 30, 1, 365, "days without use")                           \
    X(DENIAL_RATE_TIMES, DETECT_DENIAL_RATE, "times", 5, 2, 1000,                                     \
      "times the busiest minute that is usual")                                                       \
    X(DENIAL_RATE_LEAST, DETECT_DENIAL_RATE, "least", 300, 1, 1000000000,                             \
      "refusals in 60 s at least")                                                                    \
    X(DENIAL_RATE_LEARN, DETECT_DENIAL_RATE, "learn_days", 7, 1, 365,                                 \
      "days after the first refusal without alarms")

enum threshold {
#define X(symbol, detector, name, value, least, most, what) symbol,
    THRESHOLDS(X)
#undef X
        N_THRESHOLDS
};

struct detector_rule {
    bool is_off;
    enum severity severity;
    enum alert_action action; /* what is done to the key when something is found of it */
};

struct thresholds {
    uint32_t of[N_THRESHOLDS];
    struct detector_rule rule[N_DETECTORS];
};

enum { THRESHOLD_LINE_MAX = 64, THRESHOLDS_DOCUMENT_MAX = 8192 };

/* Those of who chooses nothing: notify, and each detector's own severity. Lives as long as the program. */
const struct thresholds *thresholds_default(void);

/* Whether a key may be held back for what the detector finds: it is about one key, and nobody without its present secret can have it
 * found. A wrong secret with a key's id is no reason: whoever knows an id could stop the key; nor is a secret that its rotation has
 * ended, or a refresh token that was used, both of which may lie in any log. */
bool detector_may_act(enum detector d);

/* What is done about a finding: as it is chosen, where that may be, and where it was found after it was chosen (chosen_ms, 0: ever), and
 * not by an access token: its holder needs not have the secret, and may be able to do less than who has.
 * A choice says nothing about what was before it. */
enum alert_action thresholds_action(const struct thresholds *t, int64_t chosen_ms,
                                    const struct finding *f);

/* Whether it can find something of an account, which then chooses; what is found of none, the installation chooses. */
bool detector_is_of_accounts(enum detector d);

const char *threshold_name(enum threshold t); /* "times"; "" for none, like the next */
const char *threshold_what(enum threshold t);
enum detector threshold_detector(enum threshold t);
uint32_t threshold_least(enum threshold t);
uint32_t threshold_most(enum threshold t);

/* Reads a document; what does not stand in it is as by default, and an action that was possible once is notify. Lines are in any order, none twice. KW_ESYNTAX: a line that is
 * none of the above, or an action where none may be; KW_ERANGE: a number outside of its bounds. Then *line is the number of
 * the line, from 1 on, and *out is not written. */
enum kw_err thresholds_read(struct str document, struct thresholds *out, unsigned *line) MUST_USE;

/* Writes what differs from the defaults, in the order of the tables, so that equal thresholds have equal bytes; terminated.
 * Returns the length. */
size_t thresholds_print(const struct thresholds *t, char out[THRESHOLDS_DOCUMENT_MAX]);

#endif
