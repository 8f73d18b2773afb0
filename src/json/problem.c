/* problem.c - see problem.h. */
#include "json/problem.h"

#include <stdarg.h>
#include <stdio.h>

const char *problem_phrase(int status)
{
    switch (status) {
#define X(number, phrase) \
    case number:          \
        return phrase;
        PROBLEM_STATUSES(X)
#undef X
    default: /* an int is an open set */
        return "Error";
    }
}

/* Cuts an incomplete UTF-8 sequence off the end: JSON holds whole characters only. */
static void trim_to_character(char *text)
{
    size_t n = strlen(text), back = 0;

    while (back < n && back < 4 && ((unsigned char)text[n - 1 - back] & 0xc0) == 0x80)
        back++;
    if (back == n)
        return;
    unsigned char lead = (unsigned char)text[n - 1 - back];
    size_t want = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    if (back < want)
        text[n - 1 - back] = '\0';
}

__attribute__((format(printf, 4, 0))) static void
speak(struct problem *p, int status, const char *code, const char *format, va_list args)
{
    p->status = status;
    p->code = code;
    vsnprintf(p->message, sizeof p->message, format, args);
    trim_to_character(p->message);
}

enum kw_err problem_say(struct problem *p, int status, const char *code, const char *format, ...)
{
    va_list args;

    if (p->status != 0)
        return KW_EINVAL;
    va_start(args, format);
    speak(p, status, code, format, args);
    va_end(args);
    return KW_EINVAL;
}

enum kw_err problem_field(struct problem *p, const char *code, const char *field,
                          const char *format, ...)
{
    va_list args;

    if (p->status != 0)
        return KW_EINVAL;
    snprintf(p->field, sizeof p->field, "%s", field);
    trim_to_character(p->field);
    va_start(args, format);
    speak(p, 400, code, format, args);
    va_end(args);
    return KW_EINVAL;
}

static int status_of(enum kw_err err)
{
    switch (err) {
    case KW_OK:
        return 500;
    case KW_ESYNTAX:
    case KW_ERANGE:
    case KW_EINVAL:
        return 400;
    case KW_EPERM:
        return 403;
    case KW_ENOTFOUND:
        return 404;
    case KW_EEXISTS:
    case KW_ECONFLICT:
        return 409;
    case KW_ENOMEM:
    case KW_EBUSY:
    case KW_EUNAVAILABLE:
        return 503;
    case KW_EFULL:
    case KW_EUNSAVED:
        return 507;
    case KW_EIO:
    case KW_EDAMAGED:
    case KW_EFORMAT:
    case KW_EOLD:
        return 500;
    }
    return 500;
}

void problem_of(enum kw_err err, struct problem *p)
{
    const char *text = kw_strerror(err);

    if (err == KW_OK)
        return;
    problem_say(p, status_of(err), kw_err_name(err), "%c%s", text[0] & ~0x20, text + 1);
}
