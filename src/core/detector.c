/* detector.c - see detector.h. */
#include "core/detector.h"

static const char *const severities[N_SEVERITIES] = {
#define X(symbol, word) [symbol] = word,
    SEVERITIES(X)
#undef X
};

static const struct {
    const char *word, *sentence;
    enum severity severity;
} detectors[N_DETECTORS] = {
#define X(symbol, word, severity, sentence) [symbol] = {word, sentence, severity},
    DETECTORS(X)
#undef X
};

/* X(enumerator, what to do about it). docs/detectors.md says more, and when it is wrong. */
#define DETECTOR_ADVICE(X)                                                                         \
    X(DETECT_SOURCE_FAILURES,                                                                      \
      "Nothing has to be stopped: beyond 100 failures a minute the address is refused, and no "    \
      "wrong key works. If the address is a customer's, tell them.")                               \
    X(DETECT_KEY_FAILURES, "The secret is not guessed this way. Ask who knows the id, and "        \
                           "whether something is misconfigured at the address.")                   \
    X(DETECT_SIGN_IN_FAILURES,                                                                     \
      "Ask the member whether it was him. A second factor is what helps.")                         \
    X(DETECT_NEW_COUNTRY, "Ask whether this place is yours. If not, rotate the key without "       \
                          "overlap, and read what it did.")                                        \
    X(DETECT_NEW_NETWORK, "Ask whether this place is yours. If not, rotate the key without "       \
                          "overlap, and read what it did.")                                        \
    X(DETECT_USAGE_SPIKE, "Ask the owner of the key. A migration or a sale looks the same; a "     \
                          "rate limit is what bounds it.")                                         \
    X(DETECT_TRANSACT_BURST,                                                                       \
      "Freeze the transactions of the key, ask its owner, and thaw it when all is well.")          \
    X(DETECT_ODD_HOURS,                                                                            \
      "Freeze the transactions of the key, ask its owner, and thaw it when all is well.")          \
    X(DETECT_SPEND_AMOUNT,                                                                         \
      "Ask before it is committed. A limit per transaction is what bounds it.")                    \
    X(DETECT_SPEND_DESTINATION,                                                                    \
      "If destinations are few, list them in the key's spend limits: then others are refused.")    \
    X(DETECT_SPEND_EDGE, "Ask the owner of the key. Limits per hour and day bound the sum.")       \
    X(DETECT_DENIALS,                                                                              \
      "Reason and path tell what it asks for. The advice on the key's page tells what it needs.")  \
    X(DETECT_SANDBOX_PLACE, "Give the developer a key of his own, with less.")                     \
    X(DETECT_BROWSER, "A key in a page is public: rotate it, and let the page ask your backend.")  \
    X(DETECT_PLAIN_HTTP, "Find the client at the address, correct its URL, and rotate its key: "   \
                         "it went over the wire.")                                                 \
    X(DETECT_IN_URL,                                                                               \
      "Find the client at the address, rotate its key, and clean the logs that it passed.")        \
    X(DETECT_DORMANT, "Ask who uses it. A key that nobody misses is better revoked.")              \
    X(DETECT_OLD_SECRET, "The rotation on the key's page lists who still comes with the old "      \
                         "secret: give them the new one.")                                         \
    X(DETECT_ROTATION_DUE, "Rotate the key.")                                                      \
    X(DETECT_ROTATION_OVERDUE, "Rotate the key.")                                                  \
    X(DETECT_LEAK, "Rotate the key without overlap, then undo the freeze.")                        \
    X(DETECT_TOKEN_REUSE, "Exchange the key anew. If it happens again, look for the copy.")        \
    X(DETECT_DENIAL_RATE,                                                                          \
      "The reason names what came last; the denied requests in the activity show who sends them.") \
    X(DETECT_UNRECORDABLE, "Look at the disk, and at the load.")                                   \
    X(DETECT_RECORD_LAG, "Look at the disk, and at the load.")                                     \
    X(DETECT_WATCH_LAG, "Look at the log, at the disk and at the load.")                           \
    X(DETECT_SEAL, "Somebody may have written into the database: look at the log of keyward "      \
                   "serve, and restore a copy.")                                                   \
    X(DETECT_CLOCK,                                                                                \
      "Set the clock of the machine right, or say that it is right: keyward clock show.")          \
    X(DETECT_DISK,                                                                                 \
      "Make room: while the disk is full, changes and requests that move money are refused.")      \
    X(DETECT_WEBHOOK_OFF, "Look after the receiver, then turn the webhook on again.")              \
    X(DETECT_TEST, "Nothing: it has arrived.")

static const char *const advice[N_DETECTORS] = {
#define X(symbol, text) [symbol] = text,
    DETECTOR_ADVICE(X)
#undef X
};

const char *severity_word(enum severity s)
{
    return (unsigned)s < N_SEVERITIES ? severities[s] : "";
}

bool severity_parse(struct str word, enum severity *out)
{
    size_t i = STR_IN(word, severities);

    if (i < N_SEVERITIES)
        *out = (enum severity)i;
    return i < N_SEVERITIES;
}

const char *detector_word(enum detector d)
{
    return (unsigned)d < N_DETECTORS ? detectors[d].word : "";
}

const char *detector_sentence(enum detector d)
{
    return (unsigned)d < N_DETECTORS ? detectors[d].sentence : "";
}

const char *detector_advice(enum detector d)
{
    return (unsigned)d < N_DETECTORS && advice[d] != NULL ? advice[d] : "";
}

enum severity detector_severity(enum detector d)
{
    return (unsigned)d < N_DETECTORS ? detectors[d].severity : SEVERITY_LOW;
}

bool detector_parse(struct str word, enum detector *out)
{
    size_t i = STR_IN_BY(word, detectors, word);

    if (i < N_DETECTORS)
        *out = (enum detector)i;
    return i < N_DETECTORS;
}
