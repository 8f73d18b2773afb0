/* why.h - an error together with the sentence that tells an operator what to do about it. */
#ifndef STORE_WHY_H
#define STORE_WHY_H

#include "base/macro.h"

enum { WHY_MAX = 256 };

#define WHY_PUT_BACK "put it back from a backup, then run `keyward recover`"

/* Writes the sentence, cut to fit, and returns err: return because(why, KW_EIO, "…"). */
enum kw_err because(char why[WHY_MAX], enum kw_err err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
