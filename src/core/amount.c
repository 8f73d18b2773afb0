/* amount.c - see amount.h. */
#include "core/amount.h"

static const uint64_t one = UINT64_C(1000000000000000000); /* 10^18 units */

struct amount amount_max(void)
{
    struct amount a = {.u = one};

    a.u = a.u * one - 1;
    return a;
}

struct amount amount_plus(struct amount a, struct amount b)
{
    const struct amount most = amount_max();

    if (a.u > most.u || b.u > most.u - a.u)
        return most;
    return (struct amount){.u = a.u + b.u};
}

struct amount amount_minus(struct amount a, struct amount b)
{
    return (struct amount){.u = a.u > b.u ? a.u - b.u : 0};
}

/* Digits only, and at least one. */
static enum kw_err read_digits(struct str digits, uint64_t *out)
{
    uint64_t n = 0;

    if (digits.n == 0 || !str_only(digits, "0123456789"))
        return KW_ESYNTAX;
    if (digits.n > AMOUNT_WHOLE_MAX)
        return KW_ERANGE;
    for (size_t i = 0; i < digits.n; i++)
        n = n * 10 + (uint64_t)(digits.p[i] - '0');
    *out = n;
    return KW_OK;
}

enum kw_err amount_parse(struct str text, unsigned decimals, struct amount *out)
{
    struct str whole = text, part = STR("0");
    uint64_t n, behind;

    bool has_part = str_cut(text, '.', &whole, &part);
    if (whole.n > 1 && whole.p[0] == '0')
        return KW_ESYNTAX;
    TRY(read_digits(whole, &n));
    TRY(read_digits(part, &behind));
    if (has_part && part.n > decimals)
        return KW_ERANGE;
    for (size_t i = part.n; i < AMOUNT_DECIMALS_MAX; i++)
        behind *= 10;
    out->u = n;
    out->u = out->u * one + behind;
    return KW_OK;
}

/* The last of n digits first. */
static void put_digits(char *at, size_t n, uint64_t value)
{
    for (; n > 0; n--, value /= 10)
        at[n - 1] = (char)('0' + value % 10);
}

static size_t n_digits(uint64_t value)
{
    size_t n = 1;

    while ((value /= 10) > 0)
        n++;
    return n;
}

size_t amount_print(struct amount a, unsigned decimals, char out[AMOUNT_TEXT_MAX])
{
    const struct amount most = amount_max(), shown = a.u > most.u ? most : a;
    uint64_t whole = (uint64_t)(shown.u / one), behind = (uint64_t)(shown.u % one);
    size_t n = n_digits(whole), m = AMOUNT_DECIMALS_MAX;

    put_digits(out, n, whole);
    out[n] = '.';
    put_digits(out + n + 1, m, behind);
    while (m > decimals && out[n + m] == '0')
        m--;
    n = m == 0 ? n : n + 1 + m;
    out[n] = '\0';
    return n;
}

bool amount_has_decimals(struct amount a, unsigned decimals)
{
    uint64_t least = one;

    for (unsigned i = 0; i < decimals; i++)
        least /= 10;
    return least <= 1 || a.u % least == 0;
}

bool currency_ok(struct str text)
{
    return text.n >= CURRENCY_MIN && text.n <= CURRENCY_MAX &&
           str_only(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
}

/* ISO 4217, of 2024. */
static bool is_listed(struct str currency, struct str list)
{
    struct str one_of;

    while (str_cut(list, ' ', &one_of, &list))
        if (str_eq(currency, one_of))
            return true;
    return str_eq(currency, list);
}

unsigned currency_decimals(struct str currency)
{
    if (is_listed(currency,
                  STR("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF")))
        return 0;
    if (is_listed(currency, STR("BHD IQD JOD KWD LYD OMR TND")))
        return 3;
    return is_listed(currency, STR("CLF UYW")) ? 4 : 2; /* units of account: UF, Unidad Previsional */
}
