/* password.c - see password.h. What is compared is folded: lower case (ASCII), and letters for their look-alikes. */
#include "core/password.h"

#include <stdlib.h>

#include "base/utf8.h"

enum {
    BYTES_MAX = PASSWORD_CHARS_MAX * 4,
    WORD_MIN = 4,    /* of the context: shorter ones are in everything */
    APART_MIN = 8,   /* characters beside the words of the context */
    FRESH_MIN = 4,   /* characters that do not follow from those before */
    COMMON_MIN = 3,  /* so many common words one behind the other are a passphrase */
    DATE_DIGITS = 15 /* fewer digits, and nothing else, are a date or the number of a telephone */
};

static const struct str common[] = {
#include "core/common_passwords.inc"
};

struct folded { /* wiped when it goes */
    char p[BYTES_MAX];
    size_t n;
};

static void folded_wipe(struct folded *f)
{
    explicit_bzero(f, sizeof *f);
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char lower(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c + ('a' - 'A'));
    return c;
}

static void fold(struct str s, struct folded *out)
{
    out->n = s.n < sizeof out->p ? s.n : sizeof out->p;
    for (size_t i = 0; i < out->n; i++)
        out->p[i] = lower(s.p[i]);
}

static size_t characters(struct str s)
{
    size_t n = 0;
    uint32_t c;

    for (size_t i = 0; i < s.n && utf8_next(s, &i, &c);)
        n++;
    return n;
}

static bool is_separator(char c)
{
    return (uint8_t)c < 0x80 && !is_letter(lower(c)) && !is_digit(c);
}

/* ---- what is about the person ---- */

/* Takes all occurrences of a word out of the text. Whether there was one. */
static bool take_out(struct folded *f, struct str word)
{
    const char *at;
    bool found = false;

    while (f->n > 0 && (at = memmem(f->p, f->n, word.p, word.n)) != NULL) {
        size_t before = (size_t)(at - f->p);
        memmove(f->p + before, at + word.n, f->n - before - word.n);
        f->n -= word.n;
        found = true;
    }
    return found;
}

/* The whole of a text of the context first, then its words. */
static bool take_out_words(struct folded *f, struct str text)
{
    struct folded words;
    bool found = false;
    size_t begin = 0;

    fold(text, &words);
    if (words.n >= WORD_MIN)
        found = take_out(f, (struct str){words.p, words.n});
    for (size_t i = 0; i <= words.n; i++) {
        if (i < words.n && !is_separator(words.p[i]))
            continue;
        if (i - begin >= WORD_MIN)
            found = take_out(f, (struct str){words.p + begin, i - begin}) || found;
        begin = i + 1;
    }
    return found;
}

static bool is_personal(struct str password, const struct password_context *who)
{
    AUTO(folded_wipe) struct folded rest;
    bool found = false;

    fold(password, &rest);
    found = take_out_words(&rest, who->email);
    found = take_out_words(&rest, who->name) || found;
    found = take_out_words(&rest, who->service) || found;
    found = take_out_words(&rest, STR("keyward")) || found;
    return found && characters((struct str){rest.p, rest.n}) < APART_MIN;
}

/* ---- what follows from what stands before ---- */

/* One unit again and again, the last time perhaps not to its end. */
static bool is_repeated(const struct folded *f)
{
    for (size_t period = 1; period <= f->n / 2; period++)
        if (memcmp(f->p, f->p + period, f->n - period) == 0)
            return true;
    return false;
}

static bool are_neighbours(char a, char b)
{
    static const char rows[] =
        "1234567890 qwertyuiop asdfghjkl zxcvbnm qwertzuiop yxcvbnm azertyuiop qsdfghjklm";

    for (size_t i = 0; i + 1 < sizeof rows - 1; i++)
        if ((rows[i] == a && rows[i + 1] == b) || (rows[i] == b && rows[i + 1] == a))
            return true;
    return false;
}

static bool follows(char before, char c)
{
    return c == before || c == before + 1 || c + 1 == before;
}

/* Characters that do not follow from the one that stands so far before them. */
static size_t fresh(const struct folded *f, size_t distance)
{
    size_t n = 0;

    for (size_t i = 0; i < f->n; i++)
        n += i < distance ||
             (!follows(f->p[i - distance], f->p[i]) && !are_neighbours(f->p[i - distance], f->p[i]));
    return n;
}

static bool is_sequence(const struct folded *f)
{
    return fresh(f, 1) < FRESH_MIN || fresh(f, 2) < FRESH_MIN; /* 2: 1q2w3e4r */
}

/* ---- what everybody takes ---- */

static int compare(const void *key, const void *entry)
{
    const struct str *a = key, *b = entry;
    size_t n = a->n < b->n ? a->n : b->n;
    int order = memcmp(a->p, b->p, n);

    return order != 0 ? order : (a->n > b->n) - (a->n < b->n);
}

/* The length of the longest common word at the beginning of s; 0: there is none. */
static size_t common_word(struct str s)
{
    for (size_t n = s.n; n > 0; n--) {
        struct str word = {s.p, n};
        if (bsearch(&word, common, COUNT_OF(common), sizeof common[0], compare) != NULL)
            return n;
    }
    return 0;
}

/* Digits and signs, and one or two common words between them. The longest word is taken at each place, without trying
 * shorter ones again: this is a sieve. */
static bool is_few_words(struct str s)
{
    unsigned n_words = 0;

    while (s.n > 0) {
        size_t n = is_letter(s.p[0]) ? common_word(s) : 1;
        if (n == 0 || (uint8_t)s.p[0] >= 0x80)
            return false;
        n_words += is_letter(s.p[0]);
        s = (struct str){s.p + n, s.n - n};
    }
    return n_words > 0 && n_words < COMMON_MIN;
}

static char letter_for(char c)
{
    static const char like[] = "0o1i3e4a5s7t@a$s!i|l";

    for (size_t i = 0; i < sizeof like - 1; i += 2)
        if (like[i] == c)
            return like[i + 1];
    return c;
}

/* P@ssw0rd!2024: what stands around the word is no part of it, what stands within is. */
static bool is_disguised(const struct folded *f)
{
    AUTO(folded_wipe) struct folded inner = *f;
    size_t begin = 0, end = inner.n;

    while (begin < end && !is_letter(inner.p[begin]) && inner.p[begin] != '@' && inner.p[begin] != '$')
        begin++;
    while (end > begin && !is_letter(inner.p[end - 1]))
        end--;
    for (size_t i = begin; i < end; i++)
        inner.p[i] = letter_for(inner.p[i]);
    return is_few_words((struct str){inner.p + begin, end - begin});
}

static bool is_date(const struct folded *f)
{
    size_t n_digits = 0;

    for (size_t i = 0; i < f->n; i++) {
        if (!is_digit(f->p[i]) && !is_separator(f->p[i]))
            return false;
        n_digits += is_digit(f->p[i]);
    }
    return n_digits >= f->n - n_digits && n_digits < DATE_DIGITS;
}

static bool is_common(const struct folded *f)
{
    return is_date(f) || is_few_words((struct str){f->p, f->n}) || is_disguised(f);
}

enum password_verdict password_check(struct str password, bool with_totp,
                                     const struct password_context *who)
{
    AUTO(folded_wipe) struct folded f = {.n = 0};
    size_t least = with_totp ? PASSWORD_WITH_TOTP_MIN : PASSWORD_ALONE_MIN;

    if (password.n > BYTES_MAX)
        return PASSWORD_TOO_LONG;
    if (!utf8_printable(password))
        return PASSWORD_NOT_TEXT;
    size_t n = characters(password);
    if (n < least)
        return PASSWORD_TOO_SHORT;
    if (n > PASSWORD_CHARS_MAX)
        return PASSWORD_TOO_LONG;
    fold(password, &f);
    if (is_personal(password, who))
        return PASSWORD_PERSONAL;
    if (is_repeated(&f))
        return PASSWORD_REPEATED;
    if (is_sequence(&f))
        return PASSWORD_SEQUENCE;
    return is_common(&f) ? PASSWORD_COMMON : PASSWORD_FINE;
}

static const struct {
    const char *name, *text;
} verdicts[] = {
#define X(symbol, word, sentence) {word, sentence},
    PASSWORD_VERDICTS(X)
#undef X
};

const char *password_verdict_name(enum password_verdict verdict)
{
    return verdict < COUNT_OF(verdicts) ? verdicts[verdict].name : verdicts[PASSWORD_NOT_TEXT].name;
}

const char *password_verdict_text(enum password_verdict verdict)
{
    return verdict < COUNT_OF(verdicts) ? verdicts[verdict].text : verdicts[PASSWORD_NOT_TEXT].text;
}
