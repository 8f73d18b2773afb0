/* exposure.c - see exposure.h.
 *
 * A text is looked at character by character, where a character is a byte or an escape; each byte
 * is tried as the first of a mark, those inside of an escape too, so that "%ab_live_" is seen where
 * "ab" is the brand. Nothing is looked at from one place for longer than a mark and the twenty
 * characters behind it, so the whole is linear. */
#include "core/exposure.h"

#include "base/base62.h"
#include "core/key.h"

enum { BODY_MIN = 20, MARK_MAX = KEY_BRAND_MAX + 1 + sizeof "_admin_" };

static const struct str ellipsis = STR_INIT("\xe2\x80\xa6");

/* ---- characters ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The character at i, an escape decoded however often it was encoded ("%5F", "%255F"); returns how
 * many bytes it takes, 0 at the end. */
static size_t character(struct str s, size_t i, char *c)
{
    if (i >= s.n)
        return 0;
    *c = s.p[i];
    if (*c != '%')
        return 1;
    size_t at = i + 1;
    while (s.n - at > 3 && s.p[at] == '2' && s.p[at + 1] == '5')
        at += 2;
    int high = s.n - at > 1 ? hex_digit(s.p[at]) : -1,
        low = s.n - at > 1 ? hex_digit(s.p[at + 1]) : -1;
    if (high < 0 || low < 0)
        return 1;
    *c = (char)(high << 4 | low);
    return at + 2 - i;
}

/* What may stand in front of a parameter's name, or of anything else that begins anew. */
static bool is_separator(char c)
{
    switch (c) {
    case '?':
    case '&':
    case ';':
    case ' ':
        return true;
    default: /* a byte is an open set */
        return false;
    }
}

static bool is_base62(char c)
{
    return base62_only((struct str){&c, 1});
}

static bool in_brand(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* ---- credentials ---- */

struct found {
    char mark[MARK_MAX], id[KW_KEY_ID_LEN];
    size_t n_mark;
    bool has_id;
    size_t end; /* where the text goes on behind the credential */
};

static bool is_brand(struct str word, struct str brand)
{
    if (brand.n > 0)
        return str_eq(word, brand);
    return word.n >= KEY_BRAND_MIN && word.n <= KEY_BRAND_MAX && word.p[0] >= 'a';
}

/* Reads the word in front of a '_', and that, into the mark; returns the word's length, 0 when
 * there is none. */
static size_t word_read(struct str s, size_t *i, struct found *f)
{
    size_t n, word = 0;
    char c;

    while ((n = character(s, *i, &c)) > 0 && word <= KEY_BRAND_MAX && in_brand(c)) {
        f->mark[word++] = c;
        *i += n;
    }
    if (n == 0 || c != '_')
        return 0;
    f->mark[word] = '_';
    f->n_mark = word + 1;
    *i += n;
    return word;
}

static bool literal_read(struct str s, size_t *i, struct str literal, struct found *f)
{
    size_t at = *i, n;
    char c;

    for (size_t k = 0; k < literal.n; k++, at += n) {
        n = character(s, at, &c);
        if (n == 0 || c != literal.p[k])
            return false;
    }
    memcpy(f->mark + f->n_mark, literal.p, literal.n);
    f->n_mark += literal.n;
    *i = at;
    return true;
}

static bool environment_read(struct str s, size_t *i, struct found *f)
{
    return literal_read(s, i, STR("live_"), f) || literal_read(s, i, STR("test_"), f) ||
           literal_read(s, i, STR("admin_"), f);
}

static bool mark_read(struct str s, size_t *i, struct str brand, struct found *f)
{
    size_t n = word_read(s, i, f);
    struct str word = {f->mark, n};

    if (n == 0)
        return false;
    if (n <= KEY_BRAND_MAX && is_brand(word, brand) && environment_read(s, i, f))
        return true;
    word.n--;
    if ((f->mark[n - 1] != 't' && f->mark[n - 1] != 'r') || !is_brand(word, brand))
        return false;
    (void)environment_read(s, i, f); /* a token may name one */
    return true;
}

/* Counts what is behind a mark, up to BODY_MIN, and keeps the id if there is one. */
static size_t body_read(struct str s, size_t i, struct found *f)
{
    size_t n, body = 0;
    char c;

    while (body < BODY_MIN && (n = character(s, i, &c)) > 0) {
        bool border = body == KW_KEY_ID_LEN && c == '_';
        if (!border && !is_base62(c))
            break;
        if (body < KW_KEY_ID_LEN)
            f->id[body] = c;
        f->has_id |= border;
        body++;
        i += n;
    }
    return body;
}

/* Most bytes are no beginning of a mark: whoever goes through a text asks this first. */
static bool may_begin(char c, struct str brand)
{
    return c == '%' || (brand.n > 0 ? c == brand.p[0] : in_brand(c));
}

static bool ends_credential(char c)
{
    return is_separator(c) || c == '/' || c == ',' || c == '=';
}

static bool credential_at(struct str s, size_t i, struct str brand, struct found *f)
{
    if (!may_begin(s.p[i], brand))
        return false;
    f->has_id = false;
    if (!mark_read(s, &i, brand, f) || body_read(s, i, f) < BODY_MIN)
        return false;
    while (i < s.n && !ends_credential(s.p[i]))
        i++;
    f->end = i;
    return true;
}

/* No mark is without '_' or an escape, and most texts have neither. */
static bool may_hold_mark(struct str s)
{
    return s.n > 0 && (memchr(s.p, '_', s.n) != NULL || memchr(s.p, '%', s.n) != NULL);
}

bool exposure_found(struct str text, struct str brand)
{
    struct found f;

    if (!may_hold_mark(text))
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (credential_at(text, i, brand, &f))
            return true;
    return false;
}

/* ---- parameters ---- */

static int folded(char c)
{
    if (c == '_' || c == '.')
        return '-';
    return c >= 'A' && c <= 'Z' ? c | 0x20 : (unsigned char)c;
}

static bool ends_name(struct str s, size_t i)
{
    return i == s.n || s.p[i] == '=' || (is_separator(s.p[i]) && s.p[i] != '?');
}

static bool begins_name(struct str s, size_t i)
{
    return i == 0 || is_separator(s.p[i - 1]);
}

/* Whether a parameter that is named like the header begins at i; *end is where its name ends. */
static bool named_at(struct str s, size_t i, struct str header, size_t *end)
{
    size_t n;
    char c;

    if (header.n == 0 || !begins_name(s, i))
        return false;
    for (size_t k = 0; k < header.n; k++, i += n) {
        n = character(s, i, &c);
        if (n == 0 || folded(c) != folded(header.p[k]))
            return false;
    }
    *end = i;
    return ends_name(s, i);
}

static bool may_be_named(char first, struct str header)
{
    return first == '%' || (header.n > 0 && folded(first) == folded(header.p[0]));
}

static size_t behind_separator(struct str s, size_t i)
{
    while (i < s.n && !is_separator(s.p[i]))
        i++;
    return i + 1;
}

bool exposure_query_names(struct str query, struct str header)
{
    size_t end;

    for (size_t i = 0; i < query.n; i = behind_separator(query, i))
        if (may_be_named(query.p[i], header) && named_at(query, i, header, &end))
            return true;
    return false;
}

/* ---- redaction ---- */

struct writer {
    char *p;
    size_t n, cap;
    bool full;
};

static void put(struct writer *w, struct str s)
{
    size_t room = w->cap - w->n, n = s.n < room ? s.n : room;

    w->full |= s.n > room;
    if (n > 0)
        memcpy(w->p + w->n, s.p, n);
    w->n += n;
}

/* Takes back the beginning of a UTF-8 sequence that was cut. */
static void trim(struct writer *w)
{
    size_t i = w->n, more = 0;

    while (i > 0 && more < 3 && ((unsigned char)w->p[i - 1] & 0xc0) == 0x80) {
        i--;
        more++;
    }
    unsigned char first = i > 0 ? (unsigned char)w->p[i - 1] : 0;
    size_t want = first < 0xc0 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    if (more < want)
        w->n = i - 1;
}

static size_t put_credential(struct writer *w, const struct found *f)
{
    put(w, (struct str){f->mark, f->n_mark});
    if (f->has_id) {
        put(w, (struct str){f->id, sizeof f->id});
        put(w, STR("_"));
    }
    put(w, ellipsis);
    return f->end;
}

static size_t put_parameter(struct writer *w, struct str s, size_t i, size_t end)
{
    bool has_value = end < s.n && s.p[end] == '=';

    put(w, (struct str){s.p + i, end - i});
    if (!has_value)
        return end;
    put(w, STR("="));
    i = ++end;
    while (end < s.n && s.p[end] != '&' && s.p[end] != ' ')
        end++;
    if (end > i)
        put(w, ellipsis);
    return end;
}

/* Everything up to where a parameter or a credential may begin; where that is. */
static size_t put_plain(struct writer *w, struct str s, size_t i, struct str brand, bool names)
{
    size_t from = i;

    while (i < s.n && !may_begin(s.p[i], brand) && !(names && begins_name(s, i)))
        i++;
    put(w, (struct str){s.p + from, i - from});
    return i;
}

size_t exposure_redact(struct str text, struct str brand, struct str header, char *out, size_t cap)
{
    struct writer w = {.p = out, .cap = cap};
    struct found f;
    size_t end;

    if (header.n == 0 && !may_hold_mark(text)) {
        put(&w, text);
        text.n = 0;
    }
    for (size_t i = 0; (i = put_plain(&w, text, i, brand, header.n > 0)) < text.n && !w.full;) {
        if (named_at(text, i, header, &end)) {
            i = put_parameter(&w, text, i, end);
        } else if (credential_at(text, i, brand, &f)) {
            i = put_credential(&w, &f);
        } else {
            put(&w, (struct str){text.p + i, 1});
            i++;
        }
    }
    if (w.full)
        trim(&w);
    return w.n;
}
