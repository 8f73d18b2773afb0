/* money.c - see money.h. */
#include "sandbox/money.h"

#include <inttypes.h>
#include <stdio.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "5" is 50 kobo, "05" is 5. */
static enum kw_err decimals_parse(struct str text, int64_t *kobo)
{
    if (text.n < 1 || text.n > 2 || !is_digit(text.p[0]) || !is_digit(text.p[text.n - 1]))
        return KW_ESYNTAX;
    *kobo = (text.p[0] - '0') * 10 + (text.n == 2 ? text.p[1] - '0' : 0);
    return KW_OK;
}

enum kw_err money_parse(struct str text, int64_t *kobo)
{
    struct str whole = text, decimals;
    uint64_t naira;
    int64_t rest = 0;

    if (str_cut(text, '.', &whole, &decimals))
        TRY(decimals_parse(decimals, &rest));
    TRY(str_u64(whole, (uint64_t)(MONEY_MAX / 100), &naira));
    int64_t sum = (int64_t)naira * 100 + rest;
    if (sum > MONEY_MAX)
        return KW_ERANGE;
    *kobo = sum;
    return KW_OK;
}

void money_print(int64_t kobo, char out[MONEY_TEXT_MAX])
{
    snprintf(out, MONEY_TEXT_MAX, "%" PRId64 ".%02" PRId64, kobo / 100, kobo % 100);
}
