/* path.c - see path.h. One pass where nothing is encoded; what is encoded is decoded and then
 * looked at like the rest. */
#include "core/path.h"

#include "base/utf8.h"

enum { SLASH = 1, DOT = 2, HIGH = 4, PERCENT = 8, REFUSED = 16 };

#define BEHIND_SLASH(kind) ((kind) << 8)

#define REFUSED_8 REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED
#define HIGH_8    HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH
#define HIGH_64   HIGH_8, HIGH_8, HIGH_8, HIGH_8, HIGH_8, HIGH_8, HIGH_8, HIGH_8

/* What each byte is; 0: nothing special. */
static const uint8_t kinds[256] = {
    REFUSED_8,       REFUSED_8,        REFUSED_8,        REFUSED_8,        ['/'] = SLASH,
    ['.'] = DOT,     ['%'] = PERCENT,  [';'] = REFUSED,  ['\\'] = REFUSED, ['#'] = REFUSED,
    ['?'] = REFUSED, [0x7f] = REFUSED, [0x80] = HIGH_64, HIGH_64,
};

void path_split(struct str target, struct str *path, struct str *query)
{
    struct str rest;

    if (!str_cut(target, '?', path, &rest)) {
        *path = target;
        rest = (struct str){0};
    }
    *query = rest;
}

/* The kinds of everything in s as a set, and, shifted, of what stands right behind a slash. */
static unsigned survey(struct str s)
{
    unsigned seen = 0, behind_slash = 0, before = 0;

    for (size_t i = 0; i < s.n; i++) {
        unsigned kind = kinds[(unsigned char)s.p[i]];
        seen |= kind;
        behind_slash |= (before & SLASH) * kind;
        before = kind;
    }
    return seen | BEHIND_SLASH(behind_slash);
}

static bool has_dot_segment(struct str s)
{
    struct str segment;

    while (s.n > 0) {
        if (!str_cut(s, '/', &segment, &s)) {
            segment = s;
            s.n = 0;
        }
        if (str_eq(segment, STR(".")) || str_eq(segment, STR("..")))
            return true;
    }
    return false;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that "%xx" at i stands for; -1 when there are no two hex digits. */
static int escaped(struct str s, size_t i)
{
    int high = s.n - i > 2 ? hex_digit(s.p[i + 1]) : -1;
    int low = s.n - i > 2 ? hex_digit(s.p[i + 2]) : -1;

    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static bool has_escape(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '%' && escaped(s, i) >= 0)
            return true;
    return false;
}

static enum kw_err decode(struct str raw, char buf[KW_PATH_MAX], struct str *out)
{
    size_t n = 0;

    for (size_t i = 0; i < raw.n; i++) {
        int c = (unsigned char)raw.p[i];
        if (c == '%') {
            c = escaped(raw, i);
            if (c < 0 || (kinds[c] & (REFUSED | SLASH)) != 0)
                return KW_ESYNTAX;
            i += 2;
        }
        buf[n++] = (char)c;
    }
    *out = (struct str){buf, n};
    return KW_OK;
}

static bool decoded_ok(struct str s, unsigned seen)
{
    if ((seen & (REFUSED | BEHIND_SLASH(SLASH))) != 0)
        return false;
    if ((seen & BEHIND_SLASH(DOT)) != 0 && has_dot_segment(s))
        return false;
    if ((seen & PERCENT) != 0 && has_escape(s))
        return false;
    return (seen & HIGH) == 0 || utf8_valid(s);
}

bool path_is_decoded(struct str path)
{
    return path.n > 0 && path.n <= KW_PATH_MAX && path.p[0] == '/' && decoded_ok(path, survey(path));
}

enum kw_err path_read(struct str raw, char buf[KW_PATH_MAX], struct str *out)
{
    struct str path = raw;

    if (raw.n == 0 || raw.n > KW_PATH_MAX || raw.p[0] != '/')
        return KW_ESYNTAX;
    unsigned seen = survey(raw);
    if ((seen & (REFUSED | BEHIND_SLASH(SLASH))) != 0)
        return KW_ESYNTAX;
    if ((seen & PERCENT) != 0) {
        TRY(decode(raw, buf, &path));
        seen = survey(path);
    }
    if (!decoded_ok(path, seen))
        return KW_ESYNTAX;
    *out = path;
    return KW_OK;
}
