/* webhook.c - see webhook.h. */
#include "core/webhook.h"

#include <assert.h>

static_assert(N_WEBHOOK_EVENTS < 64, "a bit each");

static const char *const words[N_WEBHOOK_EVENTS] = {
#define X(symbol, word, text) [symbol] = word,
    WEBHOOK_EVENTS(X)
#undef X
};

static const char *const event_texts[N_WEBHOOK_EVENTS] = {
#define X(symbol, word, text) [symbol] = text,
    WEBHOOK_EVENTS(X)
#undef X
};

static const char *const states[N_WEBHOOK_STATES] = {
#define X(symbol, word) [symbol] = word,
    WEBHOOK_STATES(X)
#undef X
};

static const char *const whys[N_WEBHOOK_WHYS] = {
#define X(symbol, word) [symbol] = word,
    WEBHOOK_WHYS(X)
#undef X
};

const char *webhook_event_word(enum webhook_event e)
{
    return (unsigned)e < N_WEBHOOK_EVENTS ? words[e] : "";
}

const char *webhook_event_text(enum webhook_event e)
{
    return (unsigned)e < N_WEBHOOK_EVENTS ? event_texts[e] : "";
}

bool webhook_event_parse(struct str word, enum webhook_event *out)
{
    size_t i = STR_IN(word, words);

    if (i < N_WEBHOOK_EVENTS)
        *out = (enum webhook_event)i;
    return i < N_WEBHOOK_EVENTS;
}

const char *webhook_state_word(enum webhook_state s)
{
    return (unsigned)s < N_WEBHOOK_STATES ? states[s] : "";
}

bool webhook_state_parse(struct str word, enum webhook_state *out)
{
    size_t i = STR_IN(word, states);

    if (i < N_WEBHOOK_STATES)
        *out = (enum webhook_state)i;
    return i < N_WEBHOOK_STATES;
}

const char *webhook_why_word(enum webhook_why w)
{
    return (unsigned)w < N_WEBHOOK_WHYS ? whys[w] : "";
}

bool webhook_why_parse(struct str word, enum webhook_why *out)
{
    size_t i = STR_IN(word, whys);

    if (i < N_WEBHOOK_WHYS)
        *out = (enum webhook_why)i;
    return i < N_WEBHOOK_WHYS;
}

bool webhook_wants(const struct webhook *w, enum webhook_event e, struct str account)
{
    bool is_for_it = w->account[0] == '\0' || str_eq(str_from(w->account), account);

    return w->state == WEBHOOK_ACTIVE && is_for_it && e != TELL_WEBHOOK_TEST &&
           (w->events >> e & 1) != 0;
}
