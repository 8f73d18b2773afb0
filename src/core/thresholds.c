/* thresholds.c - see thresholds.h. */
#include "core/thresholds.h"

#include <assert.h>
#include <stdio.h>

static const struct {
    const char *name, *what;
    enum detector detector;
    uint32_t value, least, most;
} table[N_THRESHOLDS] = {
#define X(symbol, detector, name, value, least, most, what) \
    [symbol] = {name, what, detector, value, least, most},
    THRESHOLDS(X)
#undef X
};

static const struct thresholds defaults = {
    .of =
        {
#define X(symbol, detector, name, value, least, most, what) [symbol] = (value),
            THRESHOLDS(X)
#undef X
        },
    .rule =
        {
#define X(symbol, word, severity, sentence) [symbol] = {false, severity, ALERT_NOTIFY},
            DETECTORS(X)
#undef X
        },
};

const struct thresholds *thresholds_default(void)
{
    return &defaults;
}

/* ---- words ---- */

const char *threshold_name(enum threshold t)
{
    return (unsigned)t < N_THRESHOLDS ? table[t].name : "";
}

const char *threshold_what(enum threshold t)
{
    return (unsigned)t < N_THRESHOLDS ? table[t].what : "";
}

enum detector threshold_detector(enum threshold t)
{
    return (unsigned)t < N_THRESHOLDS ? table[t].detector : N_DETECTORS;
}

uint32_t threshold_least(enum threshold t)
{
    return (unsigned)t < N_THRESHOLDS ? table[t].least : 0;
}

uint32_t threshold_most(enum threshold t)
{
    return (unsigned)t < N_THRESHOLDS ? table[t].most : 0;
}

bool detector_may_act(enum detector d)
{
    switch (d) {
    case DETECT_NEW_COUNTRY:
    case DETECT_NEW_NETWORK:
    case DETECT_USAGE_SPIKE:
    case DETECT_TRANSACT_BURST:
    case DETECT_ODD_HOURS:
    case DETECT_SPEND_AMOUNT:
    case DETECT_SPEND_DESTINATION:
    case DETECT_SPEND_EDGE:
    case DETECT_DENIALS:
    case DETECT_SANDBOX_PLACE:
    case DETECT_BROWSER:
    case DETECT_DORMANT:
    case DETECT_ROTATION_DUE:
    case DETECT_ROTATION_OVERDUE:
    case DETECT_LEAK:
        return true;
    case DETECT_OLD_SECRET:
    case DETECT_TOKEN_REUSE:
    case DETECT_SOURCE_FAILURES:
    case DETECT_KEY_FAILURES:
    case DETECT_SIGN_IN_FAILURES:
    case DETECT_PLAIN_HTTP:
    case DETECT_IN_URL:
    case DETECT_DENIAL_RATE:
    case DETECT_UNRECORDABLE:
    case DETECT_RECORD_LAG:
    case DETECT_SEAL:
    case DETECT_CLOCK:
    case DETECT_DISK:
    case DETECT_WEBHOOK_OFF:
    case DETECT_TEST:
    case DETECT_WATCH_LAG:
    case N_DETECTORS:
        break;
    }
    return false;
}

/* They could once: a document from then counts as notify. */
static bool might_act(enum detector d)
{
    return d == DETECT_OLD_SECRET || d == DETECT_TOKEN_REUSE;
}

enum alert_action thresholds_action(const struct thresholds *t, int64_t chosen_ms,
                                    const struct finding *f)
{
    bool is_of_before = f->found_us / 1000 <= chosen_ms;

    return detector_may_act(f->detector) && !is_of_before && !finding_is_by_token(f)
               ? t->rule[f->detector].action
               : ALERT_NOTIFY;
}

bool detector_is_of_accounts(enum detector d)
{
    return detector_may_act(d) || d == DETECT_KEY_FAILURES || d == DETECT_SIGN_IN_FAILURES ||
           d == DETECT_TOKEN_REUSE || d == DETECT_OLD_SECRET || d == DETECT_WEBHOOK_OFF ||
           d == DETECT_TEST;
}

/* ---- read ---- */

/* Where in is_set a line is noted: a number at its own, what is set of a detector behind all numbers. */
enum {
    SET_OFF = N_THRESHOLDS,
    SET_SEVERITY = SET_OFF + N_DETECTORS,
    SET_ACTION = SET_SEVERITY + N_DETECTORS,
    N_SETTINGS = SET_ACTION + N_DETECTORS
};

struct reading {
    struct thresholds t;
    bool is_set[N_SETTINGS];
};

static enum kw_err once(struct reading *r, unsigned which)
{
    if (r->is_set[which])
        return KW_ESYNTAX;
    r->is_set[which] = true;
    return KW_OK;
}

static enum kw_err read_severity(struct reading *r, enum detector d, struct str value)
{
    TRY(once(r, SET_SEVERITY + (unsigned)d));
    return severity_parse(value, &r->t.rule[d].severity) ? KW_OK : KW_ESYNTAX;
}

static enum kw_err read_action(struct reading *r, enum detector d, struct str value)
{
    TRY(once(r, SET_ACTION + (unsigned)d));
    if (!alert_action_parse(value, &r->t.rule[d].action))
        return KW_ESYNTAX;
    if (r->t.rule[d].action == ALERT_NOTIFY || detector_may_act(d))
        return KW_OK;
    r->t.rule[d].action = ALERT_NOTIFY;
    return might_act(d) ? KW_OK : KW_ESYNTAX;
}

static enum kw_err read_number(struct reading *r, enum detector d, struct str name, struct str value)
{
    uint64_t n;

    for (unsigned i = 0; i < N_THRESHOLDS; i++) {
        if (table[i].detector != d || !str_eq(name, str_from(table[i].name)))
            continue;
        TRY(once(r, i));
        TRY(str_u64(value, table[i].most, &n));
        r->t.of[i] = (uint32_t)n;
        return n >= table[i].least ? KW_OK : KW_ERANGE;
    }
    return KW_ESYNTAX;
}

static enum kw_err read_line(struct reading *r, struct str line)
{
    struct str name, value, word;
    enum detector d;

    if (!str_cut(line, ' ', &name, &value))
        return KW_ESYNTAX;
    if (!str_cut(name, '.', &word, &name)) {
        if (!detector_parse(name, &d) || !str_eq(value, STR("off")))
            return KW_ESYNTAX;
        r->t.rule[d].is_off = true;
        return once(r, SET_OFF + (unsigned)d);
    }
    if (!detector_parse(word, &d))
        return KW_ESYNTAX;
    if (str_eq(name, STR("severity")))
        return read_severity(r, d, value);
    if (str_eq(name, STR("action")))
        return read_action(r, d, value);
    return read_number(r, d, name, value);
}

enum kw_err thresholds_read(struct str document, struct thresholds *out, unsigned *line)
{
    struct reading r = {.t = defaults};
    struct str one;

    *line = 0;
    if (document.n >= THRESHOLDS_DOCUMENT_MAX)
        return KW_ESYNTAX;
    while (str_cut(document, '\n', &one, &document)) {
        ++*line;
        TRY(read_line(&r, one));
    }
    ++*line;
    if (document.n > 0)
        return KW_ESYNTAX;
    *out = r.t;
    return KW_OK;
}

/* ---- printed ---- */

static size_t print_numbers(const struct thresholds *t, enum detector d, char *out, size_t n)
{
    for (unsigned i = 0; i < N_THRESHOLDS; i++)
        if (table[i].detector == d && t->of[i] != table[i].value)
            n += (size_t)snprintf(out + n, THRESHOLD_LINE_MAX, "%s.%s %u\n", detector_word(d),
                                  table[i].name, t->of[i]);
    return n;
}

static size_t print_rule(const struct detector_rule *r, enum detector d, char *out, size_t n)
{
    if (r->is_off)
        n += (size_t)snprintf(out + n, THRESHOLD_LINE_MAX, "%s off\n", detector_word(d));
    if (r->severity != detector_severity(d))
        n += (size_t)snprintf(out + n, THRESHOLD_LINE_MAX, "%s.severity %s\n", detector_word(d),
                              severity_word(r->severity));
    if (r->action != ALERT_NOTIFY)
        n += (size_t)snprintf(out + n, THRESHOLD_LINE_MAX, "%s.action %s\n", detector_word(d),
                              alert_action_word(r->action));
    return n;
}

static_assert((N_THRESHOLDS + 3 * N_DETECTORS) * THRESHOLD_LINE_MAX < THRESHOLDS_DOCUMENT_MAX,
              "whatever is chosen fits");

size_t thresholds_print(const struct thresholds *t, char out[THRESHOLDS_DOCUMENT_MAX])
{
    size_t n = 0;

    out[0] = '\0';
    for (enum detector d = 0; d < N_DETECTORS; d++) {
        n = print_numbers(t, d, out, n);
        n = print_rule(&t->rule[d], d, out, n);
    }
    return n;
}
