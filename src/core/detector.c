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
