/* expiry.c - see expiry.h. */
#include "core/expiry.h"

#include "core/moment.h"

static const int64_t day_ms = 86400000;

static enum kw_err parse_days(struct str number, int64_t now_ms, int64_t *out_ms)
{
    uint64_t days;

    TRY(str_u64(number, EXPIRY_DAYS_MAX, &days));
    if (days == 0)
        return KW_ERANGE;
    *out_ms = (now_ms / 1000) * 1000 + (int64_t)days * day_ms;
    return KW_OK;
}

enum kw_err expiry_parse(struct str text, int64_t now_ms, int64_t *out_ms)
{
    int64_t at;

    if (str_eq(text, STR("never"))) {
        *out_ms = 0;
        return KW_OK;
    }
    if (text.n > 0 && text.p[text.n - 1] == 'd')
        return parse_days((struct str){text.p, text.n - 1}, now_ms, out_ms);
    TRY(moment_parse(text, &at));
    if (at <= now_ms || at - now_ms > EXPIRY_DAYS_MAX * day_ms)
        return KW_ERANGE;
    *out_ms = at;
    return KW_OK;
}
