/* money.h - amounts of naira as whole numbers of kobo, read from text and written to it exactly. */
#ifndef SANDBOX_MONEY_H
#define SANDBOX_MONEY_H

#include "base/str.h"

#define MONEY_MAX \
    INT64_C(100000000000000)  /* kobo; so that no sum of what the sandbox keeps overflows */
enum { MONEY_TEXT_MAX = 24 }; /* bytes of a printed amount, with its terminator */

/* Reads "1500", "1500.5" or "1500.50": digits without a sign, a leading zero, an exponent or a
 * separator, then at most two decimals. KW_ESYNTAX for anything else, KW_ERANGE above MONEY_MAX. */
enum kw_err money_parse(struct str text, int64_t *kobo);

/* Writes an amount that is not negative with two decimals: "1500.50". */
void money_print(int64_t kobo, char out[MONEY_TEXT_MAX]);

#endif
