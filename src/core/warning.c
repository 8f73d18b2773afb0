/* warning.c - see warning.h. */
#include "core/warning.h"

static const struct {
    const char *word, *sentence;
} texts[N_WARNINGS] = {[WARNING_NONE] = {"", ""},
#define X(symbol, word, sentence) [symbol] = {word, sentence},
                       WARNINGS(X)
#undef X
};

const char *warning_word(enum warning w)
{
    return texts[w].word;
}

const char *warning_sentence(enum warning w)
{
    return texts[w].sentence;
}

enum warning warning_of(enum rotation_stage stage, uint32_t rotation_days)
{
    switch (stage) {
    case ROTATION_NEVER:
    case ROTATION_FINE:
        break;
    case ROTATION_IN_30:
        return rotation_days > 30 ? WARNING_DUE_30 : WARNING_NONE;
    case ROTATION_IN_7:
        return rotation_days > 7 ? WARNING_DUE_7 : WARNING_NONE;
    case ROTATION_IN_1:
        return rotation_days > 1 ? WARNING_DUE_1 : WARNING_NONE;
    case ROTATION_OVERDUE:
        return WARNING_OVERDUE;
    }
    return WARNING_NONE;
}

struct event warning_event(enum warning w, int64_t time_us)
{
    return (struct event){
        .kind = EVENT_WARNING, .time_us = time_us, .agent = str_from(warning_word(w))};
}

enum warning warning_in(const struct event *e)
{
    for (enum warning w = WARNING_NONE + 1; e->kind == EVENT_WARNING && w < N_WARNINGS; w++)
        if (str_eq(e->agent, str_from(texts[w].word)))
            return w;
    return WARNING_NONE;
}
