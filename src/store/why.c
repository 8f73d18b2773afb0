/* why.c - see why.h. */
#include "store/why.h"

#include <stdarg.h>
#include <stdio.h>

enum kw_err because(char why[WHY_MAX], enum kw_err err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why, WHY_MAX, format, args);
    va_end(args);
    return err;
}
