/* amount.h - an amount of money, of any currency, as one exact number. */
#ifndef CORE_AMOUNT_H
#define CORE_AMOUNT_H

#include "base/str.h"

/* Units of 10^-18: the smallest that any currency in use has. 18 digits stand before the point and 18 behind it, and the sum of
 * any 100 fits as well; nothing is ever rounded. */
enum { AMOUNT_DECIMALS_MAX = 18, AMOUNT_WHOLE_MAX = 18, AMOUNT_TEXT_MAX = 40 };

struct amount {
    __extension__ unsigned __int128 u;
};

/* 999999999999999999.999999999999999999 */
struct amount amount_max(void);

static inline bool amount_is_zero(struct amount a)
{
    return a.u == 0;
}

static inline int amount_compare(struct amount a, struct amount b)
{
    return (a.u > b.u) - (a.u < b.u);
}

/* a + b, as far as amount_max. */
struct amount amount_plus(struct amount a, struct amount b);

/* a - b; nothing where b is more. */
struct amount amount_minus(struct amount a, struct amount b);

/* "1805.00", "0.5", "0": digits, no sign, no exponent, no separator, no leading zero but one before the point, and at most
 * `decimals` digits behind it. KW_ESYNTAX; KW_ERANGE: too large, or more decimals than the currency has. */
enum kw_err amount_parse(struct str text, unsigned decimals, struct amount *out) MUST_USE;

/* Writes it with at least so many decimals, and as many more as it takes to be exact; terminated. Returns the length. */
size_t amount_print(struct amount a, unsigned decimals, char out[AMOUNT_TEXT_MAX]);

/* Whether it is one that a currency of so many decimals has. */
bool amount_has_decimals(struct amount a, unsigned decimals);

/* [A-Z0-9], 3 to 10. */
enum { CURRENCY_MIN = 3, CURRENCY_MAX = 10 };
bool currency_ok(struct str text);

/* How many decimals a currency has where nobody says it: those of ISO 4217 that have none, three or four, and 2 otherwise. */
unsigned currency_decimals(struct str currency);

#endif
