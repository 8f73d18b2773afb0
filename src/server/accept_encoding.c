/* accept_encoding.c - see accept_encoding.h. */
#include "server/accept_encoding.h"

#include <strings.h>

enum word { SAYS_NOTHING = 0, SAYS_YES, SAYS_NO };

static bool is_word(struct str s, const char *word)
{
    return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

/* Takes what stands before the next of a character off the front; the last one may go without. */
static bool next(struct str *rest, char end, struct str *out)
{
    if (rest->p == NULL)
        return false;
    *out = *rest;
    if (!str_cut(*rest, end, out, rest))
        *rest = (struct str){NULL, 0};
    *out = str_trim(*out);
    return true;
}

/* RFC 9110, 12.4.2: from "0" to "1", with three digits behind the point at most. */
static enum word weigh(struct str value)
{
    struct str digits = {"", 0};

    if (value.n == 0 || value.n > 5 || (value.n > 1 && value.p[1] != '.'))
        return SAYS_NO;
    if (value.n > 1)
        digits = (struct str){value.p + 2, value.n - 2};
    if (value.p[0] == '1')
        return str_only(digits, "0") ? SAYS_YES : SAYS_NO;
    if (value.p[0] != '0' || !str_only(digits, "0123456789"))
        return SAYS_NO;
    return str_only(digits, "0") ? SAYS_NO : SAYS_YES;
}

/* What stands behind a coding: nothing, or its weight. */
static enum word read_weight(struct str rest)
{
    struct str parameter, name, value;

    if (!next(&rest, ';', &parameter))
        return SAYS_YES;
    if (rest.p != NULL || !str_cut(parameter, '=', &name, &value) || !is_word(name, "q"))
        return SAYS_NO;
    return weigh(value);
}

struct codings {
    enum word gzip, br, others;
};

/* Of several that speak of one, the first counts. */
static void note(enum word *of, struct str weight)
{
    if (*of == SAYS_NOTHING)
        *of = read_weight(weight);
}

static struct codings read_codings(struct str header)
{
    struct codings said = {SAYS_NOTHING, SAYS_NOTHING, SAYS_NOTHING};
    struct str item, coding;

    while (next(&header, ',', &item)) {
        if (!next(&item, ';', &coding))
            continue;
        if (is_word(coding, "gzip") || is_word(coding, "x-gzip"))
            note(&said.gzip, item);
        else if (is_word(coding, "br"))
            note(&said.br, item);
        else if (is_word(coding, "*"))
            note(&said.others, item);
    }
    return said;
}

bool accept_encoding_gzip(struct str header)
{
    struct codings said = read_codings(header);

    return (said.gzip == SAYS_NOTHING ? said.others : said.gzip) == SAYS_YES;
}

bool accept_encoding_br(struct str header)
{
    return read_codings(header).br == SAYS_YES;
}
