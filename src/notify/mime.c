/* mime.c - see mime.h. */
#include "notify/mime.h"

#include "base/utf8.h"

enum {
    WORD_MAX =
        54, /* of the encoded text in one word: with what stands around it, and "Subject: " before the first, a line has
                    * 76 characters at most (RFC 2047, 2) */
    LINE_MAX_QP = 75, /* with the '=' of a soft break 76 (RFC 2045, 6.7, rule 5) */
};

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static void add_escaped(struct buf *out, char c)
{
    buf_printf(out, "=%02X", (unsigned)(unsigned char)c);
}

/* ---- headers ---- */

static bool is_plain(struct str text)
{
    bool was_blank = true; /* blanks at an end, and two in a row, would not be kept */

    for (size_t i = 0; i < text.n; i++) {
        bool is_blank = text.p[i] == ' ';
        if ((is_blank && was_blank) || (!is_blank && !is_alnum(text.p[i])))
            return false;
        was_blank = is_blank;
    }
    return text.n > 0 && text.n <= WORD_MAX && !was_blank;
}

static void add_q(struct buf *out, struct str bytes)
{
    for (size_t i = 0; i < bytes.n; i++) {
        if (is_alnum(bytes.p[i]))
            buf_add(out, &bytes.p[i], 1);
        else if (bytes.p[i] == ' ')
            buf_str(out, STR("_"));
        else
            add_escaped(out, bytes.p[i]);
    }
}

/* The bytes of the character at *i; a byte that is none stands for itself. */
static struct str next_character(struct str text, size_t *i)
{
    size_t from = *i;
    uint32_t c;

    if (!utf8_next(text, i, &c))
        (*i)++;
    return (struct str){text.p + from, *i - from};
}

/* No character is torn (RFC 2047, 5). */
static void add_words(struct buf *out, struct str text)
{
    size_t begun = out->n;

    for (size_t i = 0; i < text.n;) {
        struct str character = next_character(text, &i);
        if (out->n - begun + 3 * character.n > WORD_MAX) {
            buf_str(out, STR("?=\r\n =?utf-8?Q?"));
            begun = out->n;
        }
        add_q(out, character);
    }
}

void mime_word(struct buf *out, struct str text)
{
    if (text.n == 0)
        return;
    if (is_plain(text)) {
        buf_str(out, text);
        return;
    }
    buf_str(out, STR("=?utf-8?Q?"));
    add_words(out, text);
    buf_str(out, STR("?="));
}

/* ---- bodies ---- */

/* A blank at the end of a line would be lost, and a point at its beginning is SMTP's. */
static bool stays(struct str line, size_t i, bool is_first)
{
    char c = line.p[i];

    if (c == ' ')
        return i + 1 < line.n;
    return c > ' ' && c < 0x7f && c != '=' && !(c == '.' && is_first);
}

static void add_line(struct buf *out, struct str line)
{
    size_t width = 0;

    for (size_t i = 0; i < line.n; i++) {
        bool is_same = stays(line, i, width == 0);
        size_t needed = is_same ? 1 : 3;
        if (width + needed > LINE_MAX_QP) {
            buf_str(out, STR("=\r\n"));
            width = 0;
            is_same = stays(line, i, true);
            needed = is_same ? 1 : 3;
        }
        if (is_same)
            buf_add(out, &line.p[i], 1);
        else
            add_escaped(out, line.p[i]);
        width += needed;
    }
    buf_str(out, STR("\r\n"));
}

void mime_body(struct buf *out, struct str text)
{
    while (text.n > 0) {
        struct str line = text;
        if (!str_cut(text, '\n', &line, &text))
            text = (struct str){NULL, 0};
        add_line(out, line);
    }
}
