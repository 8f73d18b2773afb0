/* nginx_conf.c - see nginx_conf.h. */
#include "cli/nginx_conf.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>

enum { PATTERN_MAX = 1024 };

struct file {
    struct str name, text;
};

enum token { TOKEN_END, TOKEN_WORD, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_SEMICOLON, TOKEN_BAD };

struct reading {
    struct nginx_conf *conf;
    struct file *files;
    size_t n_files;
    const struct file *file; /* being read */
    size_t at;
    uint32_t line;
    unsigned depth; /* of blocks and includes together */
};

void nginx_conf_deinit(struct nginx_conf *c)
{
    free(c->directives);
    free(c->words);
    *c = (struct nginx_conf){.last = -1};
}

/* ---- files ---- */

#define MARKER "# configuration file "

/* "# configuration file NAME:" */
static bool is_marker(struct str line, struct str *name)
{
    struct str rest = line, head;

    if (!str_starts(line, STR(MARKER)) || line.p[line.n - 1] != ':')
        return false;
    str_take(&rest, sizeof MARKER - 1, &head);
    *name = (struct str){rest.p, rest.n - 1};
    return true;
}

static struct str next_line(struct str *text)
{
    struct str line = *text;

    if (!str_cut(*text, '\n', &line, text))
        *text = (struct str){NULL, 0};
    return line;
}

/* What stands before the first marker belongs to nobody, unless there is none. */
static enum kw_err split(struct str text, struct reading *r)
{
    struct str rest = text, name;

    r->files[0] = (struct file){.text = text};
    while (rest.n > 0) {
        struct str line = next_line(&rest);
        if (line.n == 0 || !is_marker(line, &name))
            continue;
        if (r->n_files > 0)
            r->files[r->n_files - 1].text.n = (size_t)(line.p - r->files[r->n_files - 1].text.p);
        if (r->n_files == NGINX_FILES_MAX)
            return KW_ERANGE;
        r->files[r->n_files++] = (struct file){name, rest};
    }
    if (r->n_files == 0)
        r->n_files = 1;
    return KW_OK;
}

/* ---- tokens ---- */

static int peek(const struct reading *r)
{
    return r->at < r->file->text.n ? (unsigned char)r->file->text.p[r->at] : -1;
}

static void skip(struct reading *r)
{
    r->line += peek(r) == '\n';
    r->at++;
}

static bool is_blank(int c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(struct reading *r)
{
    while (is_blank(peek(r)) || peek(r) == '#') {
        while (is_blank(peek(r)))
            skip(r);
        while (peek(r) == '#') {
            while (peek(r) >= 0 && peek(r) != '\n')
                skip(r);
        }
    }
}

static enum token quoted(struct reading *r, struct str *out)
{
    int quote = peek(r);

    skip(r);
    size_t from = r->at;
    while (peek(r) >= 0 && peek(r) != quote) {
        if (peek(r) == '\\')
            skip(r);
        skip(r);
    }
    if (peek(r) < 0)
        return TOKEN_BAD;
    *out = (struct str){r->file->text.p + from, r->at - from};
    skip(r);
    return TOKEN_WORD;
}

/* "${name}" is part of a word; other braces are not. */
static enum token plain(struct reading *r, struct str *out)
{
    size_t from = r->at;
    bool in_variable = false;

    for (int c = peek(r); c >= 0 && !is_blank(c) && c != ';'; c = peek(r)) {
        bool begins = c == '{' && r->at > from && r->file->text.p[r->at - 1] == '$';
        if ((c == '{' && !begins) || (c == '}' && !in_variable))
            break;
        in_variable = begins || (in_variable && c != '}');
        if (c == '\\')
            skip(r);
        if (peek(r) >= 0)
            skip(r);
    }
    *out = (struct str){r->file->text.p + from, r->at - from};
    return TOKEN_WORD;
}

static enum token next_token(struct reading *r, struct str *word)
{
    skip_blanks(r);
    int c = peek(r);
    if (c < 0)
        return TOKEN_END;
    if (c == '"' || c == '\'')
        return quoted(r, word);
    if (c != '{' && c != '}' && c != ';')
        return plain(r, word);
    skip(r);
    return c == '{' ? TOKEN_OPEN : c == '}' ? TOKEN_CLOSE : TOKEN_SEMICOLON;
}

/* ---- the tree ---- */

static void *grown(void *p, size_t *cap, size_t n, size_t size)
{
    if (n < *cap)
        return p;
    size_t more = *cap == 0 ? 256 : 2 * *cap;
    void *larger = realloc(p, more * size);
    if (larger != NULL)
        *cap = more;
    return larger;
}

static enum kw_err add_word(struct nginx_conf *c, struct str word)
{
    struct str *words = grown(c->words, &c->cap_words, c->n_words, sizeof *words);

    if (words == NULL)
        return KW_ENOMEM;
    c->words = words;
    c->words[c->n_words++] = word;
    return KW_OK;
}

static enum kw_err add_directive(struct reading *r, int32_t parent, uint32_t line, size_t first_word)
{
    struct nginx_conf *c = r->conf;
    struct nginx_directive *all = grown(c->directives, &c->cap, c->n, sizeof *all);

    if (all == NULL)
        return KW_ENOMEM;
    c->directives = all;
    if (c->n == NGINX_DIRECTIVES_MAX)
        return KW_ERANGE;
    int32_t *last = parent < 0 ? &c->last : &c->directives[parent].last;
    c->directives[c->n] = (struct nginx_directive){.file = r->file->name,
                                                   .line = line,
                                                   .parent = parent,
                                                   .previous = *last,
                                                   .last = -1,
                                                   .first_word = (uint32_t)first_word,
                                                   .n_words = (uint32_t)(c->n_words - first_word)};
    *last = (int32_t)c->n++;
    return KW_OK;
}

static bool ends_with(struct str s, struct str end)
{
    return s.n >= end.n && memcmp(s.p + s.n - end.n, end.p, end.n) == 0;
}

/* What stands in the braces of content_by_lua_block is no configuration. */
static enum kw_err skip_foreign(struct reading *r)
{
    unsigned open = 1;

    while (open > 0 && peek(r) >= 0) {
        open += peek(r) == '{';
        open -= peek(r) == '}';
        skip(r);
    }
    return open == 0 ? KW_OK : KW_ESYNTAX;
}

static enum kw_err read_block(struct reading *r, int32_t parent, bool is_file);

/* "include sites/ *.conf": relative to the folder of the first file, as nginx has it. */
static bool is_included(const struct reading *r, struct str pattern, struct str name)
{
    char wanted[PATTERN_MAX], given[PATTERN_MAX];
    struct str main = r->files[0].name;
    size_t folder = 0;

    for (size_t i = 0; pattern.n > 0 && pattern.p[0] != '/' && i < main.n; i++)
        folder = main.p[i] == '/' ? i + 1 : folder;
    int n = snprintf(wanted, sizeof wanted, "%.*s%.*s", (int)folder, main.p == NULL ? "" : main.p,
                     (int)pattern.n, pattern.p);
    int m = snprintf(given, sizeof given, "%.*s", (int)name.n, name.p == NULL ? "" : name.p);
    bool fits = n > 0 && n < PATTERN_MAX && m > 0 && m < PATTERN_MAX;
    return fits && fnmatch(wanted, given, FNM_PATHNAME | FNM_PERIOD) == 0;
}

static enum kw_err read_included(struct reading *r, struct str pattern, int32_t parent)
{
    for (size_t i = 1; i < r->n_files; i++) {
        if (!is_included(r, pattern, r->files[i].name))
            continue;
        struct reading inner = *r;
        inner.file = &r->files[i];
        inner.at = 0;
        inner.line = 1;
        inner.depth++;
        enum kw_err err = read_block(&inner, parent, true);
        if (err != KW_OK) { /* is told where it was */
            r->file = inner.file;
            r->line = inner.line;
            return err;
        }
    }
    return KW_OK;
}

/* The directive whose words have been read: `end` is what stands behind them. */
static enum kw_err finish(struct reading *r, enum token end, int32_t parent, uint32_t line,
                          size_t first)
{
    struct nginx_conf *c = r->conf;

    if (c->n_words == first || (end != TOKEN_OPEN && end != TOKEN_SEMICOLON))
        return KW_ESYNTAX;
    TRY(add_directive(r, parent, line, first));
    int32_t self = (int32_t)c->n - 1;
    if (end == TOKEN_SEMICOLON && nginx_is(c, (size_t)self, "include"))
        return read_included(r, nginx_word(c, (size_t)self, 1), parent);
    if (end == TOKEN_SEMICOLON)
        return KW_OK;
    c->directives[self].is_block = true;
    if (ends_with(c->words[first], STR("_by_lua_block")))
        return skip_foreign(r);
    r->depth++;
    TRY(read_block(r, self, false));
    r->depth--;
    return KW_OK;
}

static enum kw_err read_directive(struct reading *r, enum token token, struct str word, int32_t parent)
{
    uint32_t line = r->line;
    size_t first = r->conf->n_words;

    while (token == TOKEN_WORD) {
        TRY(add_word(r->conf, word));
        token = next_token(r, &word);
    }
    return finish(r, token, parent, line, first);
}

/* Up to the brace that closes it, or to the end of a file. */
static enum kw_err read_block(struct reading *r, int32_t parent, bool is_file)
{
    struct str word = {NULL, 0};

    if (r->depth > NGINX_DEPTH_MAX)
        return KW_ERANGE;
    for (;;) {
        enum token token = next_token(r, &word);
        if (token == (is_file ? TOKEN_END : TOKEN_CLOSE))
            return KW_OK;
        TRY(read_directive(r, token, word, parent));
    }
}

enum kw_err nginx_conf_read(struct str text, struct nginx_conf *out, struct nginx_directive *bad)
{
    AUTO(nginx_conf_deinit) struct nginx_conf conf = {.last = -1};
    struct reading r = {.conf = &conf, .line = 1};

    *bad = (struct nginx_directive){.line = 1};
    r.files = calloc(NGINX_FILES_MAX, sizeof *r.files);
    if (r.files == NULL)
        return KW_ENOMEM;
    r.file = &r.files[0];
    enum kw_err err = split(text, &r);
    if (err == KW_OK)
        err = read_block(&r, -1, true);
    *bad = (struct nginx_directive){.file = r.file->name, .line = r.line};
    free(r.files);
    TRY(err);
    *out = conf;
    conf = (struct nginx_conf){.last = -1};
    return KW_OK;
}

/* ---- questions ---- */

struct str nginx_word(const struct nginx_conf *c, size_t d, size_t i)
{
    const struct nginx_directive *one = &c->directives[d];

    return i < one->n_words ? c->words[one->first_word + i] : (struct str){NULL, 0};
}

bool nginx_is(const struct nginx_conf *c, size_t d, const char *name)
{
    return str_eq(nginx_word(c, d, 0), str_from(name));
}

int32_t nginx_last(const struct nginx_conf *c, int32_t block)
{
    return block < 0 ? c->last : c->directives[block].last;
}

int32_t nginx_effective(const struct nginx_conf *c, int32_t block, const char *name)
{
    for (;; block = c->directives[block].parent) {
        for (int32_t d = nginx_last(c, block); d >= 0; d = c->directives[d].previous)
            if (nginx_is(c, (size_t)d, name))
                return d;
        if (block < 0)
            return -1;
    }
}
