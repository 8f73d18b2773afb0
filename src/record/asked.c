/* asked.c - see asked.h. */
#include "record/asked.h"

#include "core/moment.h"

/* "90m" */
static enum kw_err span_parse(struct str text, int64_t *out_us)
{
    uint64_t n;

    if (text.n < 2)
        return KW_ESYNTAX;
    TRY(str_u64((struct str){text.p, text.n - 1}, 1000000, &n));
    char unit = text.p[text.n - 1];
    uint64_t seconds = unit == 'm' ? 60 : unit == 'h' ? 3600 : unit == 'd' ? 86400 : 0;
    if (seconds == 0)
        return KW_ESYNTAX;
    *out_us = (int64_t)(n * seconds * 1000000);
    return KW_OK;
}

static enum kw_err time_parse(struct str text, int64_t now_us, int sign, int64_t *out_us)
{
    int64_t span_us, ms;

    if (span_parse(text, &span_us) == KW_OK) {
        *out_us = now_us + sign * span_us;
        return KW_OK;
    }
    TRY(moment_parse(text, &ms));
    *out_us = ms * 1000;
    return KW_OK;
}

enum kw_err asked_time(struct str text, int64_t now_us, int64_t *out_us)
{
    return time_parse(text, now_us, -1, out_us);
}

enum kw_err asked_time_ahead(struct str text, int64_t now_us, int64_t *out_us)
{
    return time_parse(text, now_us, 1, out_us);
}

enum kw_err asked_reason(struct str text, enum kw_reason *out)
{
    for (enum kw_reason why = 0; (unsigned)why < KW_N_REASONS; why++)
        if (str_eq(text, str_from(kw_reason_name(why)))) {
            *out = why;
            return KW_OK;
        }
    return KW_ESYNTAX;
}

enum kw_err asked_verdict(struct str text, enum search_verdict *out)
{
    bool is_allow = str_eq(text, STR("allow"));

    if (!is_allow && !str_eq(text, STR("deny")))
        return KW_ESYNTAX;
    *out = is_allow ? SEARCH_ALLOWED : SEARCH_DENIED;
    return KW_OK;
}
