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

const char *severity_word(enum severity s)
{
    return (unsigned)s < N_SEVERITIES ? severities[s] : "";
}

bool severity_parse(struct str word, enum severity *out)
{
    for (enum severity s = 0; s < N_SEVERITIES; s++)
        if (str_eq(word, str_from(severities[s]))) {
            *out = s;
            return true;
        }
    return false;
}

const char *detector_word(enum detector d)
{
    return (unsigned)d < N_DETECTORS ? detectors[d].word : "";
}

const char *detector_sentence(enum detector d)
{
    return (unsigned)d < N_DETECTORS ? detectors[d].sentence : "";
}

enum severity detector_severity(enum detector d)
{
    return (unsigned)d < N_DETECTORS ? detectors[d].severity : SEVERITY_LOW;
}

bool detector_parse(struct str word, enum detector *out)
{
    for (enum detector d = 0; d < N_DETECTORS; d++)
        if (str_eq(word, str_from(detectors[d].word))) {
            *out = d;
            return true;
        }
    return false;
}
