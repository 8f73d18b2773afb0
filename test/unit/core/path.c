/* path.c - the path of a request: read in the one way there is, or refused. */
#include "core/path.h"

#include <stdio.h>
#include <stdlib.h>

#include "suite.h"

static const struct reads {
    const char *why;
    struct str raw, want;
} reads[] = {
    {"the root", STR_INIT("/"), STR_INIT("/")},
    {"nothing encoded", STR_INIT("/api/v1/wallet/me"), STR_INIT("/api/v1/wallet/me")},
    {"a trailing slash stays", STR_INIT("/pay/x/"), STR_INIT("/pay/x/")},
    {"case stays", STR_INIT("/PAY/x"), STR_INIT("/PAY/x")},
    {"B8 an encoded letter", STR_INIT("/p%61y/x"), STR_INIT("/pay/x")},
    {"B8 an encoded space", STR_INIT("/wallet/deposit/status/a%20b"),
     STR_INIT("/wallet/deposit/status/a b")},
    {"upper and lower hex", STR_INIT("/%6a%6A%c3%A9"), STR_INIT("/jj\xc3\xa9")},
    {"UTF-8 as it is", STR_INIT("/caf\xc3\xa9"), STR_INIT("/caf\xc3\xa9")},
    {"a percent sign with no hex behind it", STR_INIT("/100%25"), STR_INIT("/100%")},
    {"a percent sign with one hex digit behind it", STR_INIT("/100%251"), STR_INIT("/100%1")},
    {"a percent sign before something else", STR_INIT("/%25zz"), STR_INIT("/%zz")},
    {"three dots", STR_INIT("/..."), STR_INIT("/...")},
    {"a hidden file", STR_INIT("/.well-known/x"), STR_INIT("/.well-known/x")},
    {"dots at the end of a segment", STR_INIT("/a../b."), STR_INIT("/a../b.")},
    {"a colon, an at, a plus, a comma", STR_INIT("/a:b@c+d,e"), STR_INIT("/a:b@c+d,e")},
    {"an encoded plus", STR_INIT("/a%2Bb"), STR_INIT("/a+b")},
    {"the last character", STR_INIT("/\xf4\x8f\xbf\xbf"), STR_INIT("/\xf4\x8f\xbf\xbf")},
};

static void path_read_decodes_once(void **state)
{
    const struct reads *row = *state;
    char buf[KW_PATH_MAX];
    struct str path;

    assert_ok(path_read(row->raw, buf, &path));
    assert_str(path, row->want);
    assert_true(path_is_decoded(path));
}

static const struct reject {
    const char *why;
    struct str raw;
} rejects[] = {
    {"empty", STR_INIT("")},
    {"B10 asterisk-form", STR_INIT("*")},
    {"B10 absolute-form", STR_INIT("http://example.com/pay")},
    {"B10 authority-form", STR_INIT("example.com:443")},
    {"no slash in front", STR_INIT("pay/x")},
    {"B1 dot-dot", STR_INIT("/public/../pay/x")},
    {"B1 dot", STR_INIT("/public/./../pay")},
    {"B1 dot-dot at the end", STR_INIT("/public/..")},
    {"B1 dot at the end", STR_INIT("/public/.")},
    {"B1 dot-dot at once", STR_INIT("/..")},
    {"B1 dot-dot and a slash", STR_INIT("/../")},
    {"B2 an encoded slash behind dot-dot", STR_INIT("/public/..%2fpay/x")},
    {"B2 an encoded slash", STR_INIT("/public%2Fpay")},
    {"B2 encoded dot-dot", STR_INIT("/public/%2e%2e/pay")},
    {"B2 half encoded dot-dot", STR_INIT("/public/.%2E/pay")},
    {"B2 the other half", STR_INIT("/public/%2e./pay")},
    {"B2 an encoded dot", STR_INIT("/public/%2e/pay")},
    {"B2 twice encoded dots", STR_INIT("/public/%252e%252e/pay")},
    {"B2 a twice encoded slash", STR_INIT("/public/%252fpay")},
    {"B2 a slash encoded in digits that are encoded", STR_INIT("/public/%25%32%66pay")},
    {"B2 a slash encoded in one digit that is encoded", STR_INIT("/public/%252%66pay")},
    {"B4 two slashes at the front", STR_INIT("//pay/x")},
    {"B4 two slashes inside", STR_INIT("/pay//x")},
    {"B4 two slashes at the end", STR_INIT("/pay/x//")},
    {"B5 a path parameter", STR_INIT("/pay;a=b/x")},
    {"B5 an encoded semicolon", STR_INIT("/pay%3Ba=b/x")},
    {"B6 encoded NUL", STR_INIT("/pay%00/x")},
    {"B6 encoded CR LF", STR_INIT("/pay%0d%0a/x")},
    {"B6 a backslash", STR_INIT("/pay\\x")},
    {"B6 an encoded backslash", STR_INIT("/pay%5cx")},
    {"B6 dot-dot before a backslash", STR_INIT("/public/..\\pay")},
    {"B6 a fragment", STR_INIT("/pay#x")},
    {"B6 an encoded fragment", STR_INIT("/pay%23x")},
    {"B6 NUL", STR_INIT("/pay\0/x")},
    {"B6 a tab", STR_INIT("/pay\t/x")},
    {"B6 a line feed", STR_INIT("/pay\n")},
    {"B6 DEL", STR_INIT("/pay\x7f")},
    {"B6 encoded DEL", STR_INIT("/pay%7f")},
    {"a question mark that path_split left", STR_INIT("/pay?x")},
    {"an encoded question mark", STR_INIT("/pay%3fx")},
    {"a percent sign at the end", STR_INIT("/pay%")},
    {"a percent sign and one digit at the end", STR_INIT("/pay%4")},
    {"a percent sign before no hex", STR_INIT("/pay%zz")},
    {"a percent sign before half hex", STR_INIT("/pay%4z")},
    {"the %u form", STR_INIT("/pay%u002f")},
    {"B9 an overlong slash", STR_INIT("/public/..%c0%afpay")},
    {"B9 an overlong dot", STR_INIT("/public/%c0%ae%c0%ae/pay")},
    {"B9 an overlong slash of three bytes", STR_INIT("/a%e0%80%afb")},
    {"B9 an overlong slash, raw", STR_INIT("/a\xc0\xaf"
                                           "b")},
    {"B9 a surrogate", STR_INIT("/%ed%a0%80")},
    {"B9 above U+10FFFF", STR_INIT("/%f4%90%80%80")},
    {"B9 0xff", STR_INIT("/pay\xff")},
    {"B9 encoded 0xff", STR_INIT("/pay%ff")},
    {"B9 a sequence cut short", STR_INIT("/pay%c3")},
    {"B9 a sequence cut short by a slash", STR_INIT("/pay%c3/x")},
    {"B9 a continuation alone", STR_INIT("/pay%80")},
};

static void path_read_rejects(void **state)
{
    const struct reject *row = *state;
    char buf[KW_PATH_MAX];
    struct str path = STR("untouched");

    assert_err(path_read(row->raw, buf, &path), KW_ESYNTAX);
    assert_str(path, STR("untouched"));
}

static void path_read_borrows_where_nothing_is_encoded(void **state)
{
    char buf[KW_PATH_MAX];
    struct str raw = STR("/api/v1/wallet/caf\xc3\xa9"), path;

    (void)state;
    assert_ok(path_read(raw, buf, &path));
    assert_ptr_equal(path.p, raw.p);
}

static bool is_refused(int c)
{
    return c < 0x20 || c >= 0x7f || strchr("\\;?#", c) != NULL;
}

static enum kw_err read_between(const char *before, struct str middle, const char *after)
{
    char raw[16], buf[KW_PATH_MAX];
    struct str path;
    size_t n = strlen(before), n_after = strlen(after);

    memcpy(raw, before, n + 1);
    memcpy(raw + n, middle.p, middle.n);
    memcpy(raw + n + middle.n, after, n_after + 1);
    return path_read((struct str){raw, n + middle.n + n_after}, buf, &path);
}

static void path_read_knows_every_byte_as_it_is(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        struct str byte = {&(char){(char)c}, 1};
        enum kw_err want = is_refused(c) || c == '%' ? KW_ESYNTAX : KW_OK;
        assert_err(read_between("/a", byte, "b"), want);
        assert_err(read_between("/a", byte, ""), want);
        assert_err(read_between("/", byte, "b"), c == '/' ? KW_ESYNTAX : want);
        assert_err(read_between("/", byte, ""), c == '/' || c == '.' ? KW_ESYNTAX : want);
    }
}

static void path_read_knows_every_byte_encoded(void **state)
{
    char escape[4];

    (void)state;
    for (int c = 0; c < 256; c++) {
        struct str text = {escape, (size_t)snprintf(escape, sizeof escape, "%%%02X", (unsigned)c)};
        enum kw_err want = is_refused(c) || c == '/' ? KW_ESYNTAX : KW_OK;
        assert_err(read_between("/a", text, "b"), want);
        assert_err(read_between("/a", text, ""), want);
        assert_err(read_between("/", text, "b"), want);
        assert_err(read_between("/", text, ""), c == '.' ? KW_ESYNTAX : want);
    }
}

static void B9_a_path_at_the_maximum_is_read_and_a_longer_one_is_not(void **state)
{
    static char raw[8192];
    char buf[KW_PATH_MAX];
    struct str path;

    (void)state;
    memset(raw, 'a', sizeof raw);
    raw[0] = '/';
    assert_ok(path_read((struct str){raw, KW_PATH_MAX}, buf, &path));
    assert_int_equal(path.n, KW_PATH_MAX);
    for (size_t n = KW_PATH_MAX + 1; n <= sizeof raw; n++)
        assert_err(path_read((struct str){raw, n}, buf, &path), KW_ESYNTAX);
}

static void B9_a_thousand_segments_are_read(void **state)
{
    static char raw[2000];
    char buf[KW_PATH_MAX];
    struct str path;

    (void)state;
    for (size_t i = 0; i < sizeof raw; i++)
        raw[i] = i % 2 == 0 ? '/' : 'a';
    assert_ok(path_read((struct str){raw, sizeof raw}, buf, &path));
}

/* What comes out goes in again and is the same: a second reader sees what the first saw. */
static void path_read_of_what_it_read_is_the_same(void **state)
{
    static const struct str pieces[] = {
        STR_INIT("/"),   STR_INIT("a"),      STR_INIT("."),    STR_INIT("%2e"),
        STR_INIT("%61"), STR_INIT("%25"),    STR_INIT("%"),    STR_INIT("2"),
        STR_INIT("f"),   STR_INIT("%c3%a9"), STR_INIT("\xc3"), STR_INIT("%2f"),
    };
    char raw[64], first[KW_PATH_MAX], second[KW_PATH_MAX];
    struct str path, again;
    unsigned n_read = 0;

    (void)state;
    srandom(1);
    for (int round = 0; round < 100000; round++) {
        size_t n = 0;
        raw[n++] = '/';
        for (long left = random() % 8; left > 0; left--) {
            struct str piece = pieces[(size_t)random() % COUNT_OF(pieces)];
            memcpy(raw + n, piece.p, piece.n);
            n += piece.n;
        }
        if (path_read((struct str){raw, n}, first, &path) != KW_OK)
            continue;
        n_read++;
        assert_true(path_is_decoded(path));
        bool bare_percent =
            memchr(path.p, '%', path.n) != NULL; /* "/100%" is read from "/100%25" only */
        if (!bare_percent) {
            assert_ok(path_read(path, second, &again));
            assert_str(again, path);
        }
    }
    assert_true(n_read > 1000);
}

static const struct split {
    const char *why;
    struct str target, path, query;
} splits[] = {
    {"no query", STR_INIT("/public"), STR_INIT("/public"), {NULL, 0}},
    {"B7 a path in the query", STR_INIT("/pay?x=/public/"), STR_INIT("/pay"), STR_INIT("x=/public/")},
    {"B7 a query that looks like a path", STR_INIT("/public?/pay"), STR_INIT("/public"),
     STR_INIT("/pay")},
    {"an empty query", STR_INIT("/pay?"), STR_INIT("/pay"), STR_INIT("")},
    {"two question marks", STR_INIT("/pay?a?b"), STR_INIT("/pay"), STR_INIT("a?b")},
    {"a query alone", STR_INIT("?a"), STR_INIT(""), STR_INIT("a")},
    {"nothing", {NULL, 0}, {NULL, 0}, {NULL, 0}},
};

static void path_split_is_at_the_first_question_mark(void **state)
{
    const struct split *row = *state;
    struct str path, query;

    path_split(row->target, &path, &query);
    assert_str(path, row->path);
    assert_str(query, row->query);
    assert_int_equal(query.p == NULL, row->query.p == NULL);
}

int main(void)
{
    SUITE_ROWS(path_read_decodes_once, reads);
    SUITE_ROWS(path_read_rejects, rejects);
    SUITE_TEST(path_read_borrows_where_nothing_is_encoded);
    SUITE_TEST(path_read_knows_every_byte_as_it_is);
    SUITE_TEST(path_read_knows_every_byte_encoded);
    SUITE_TEST(B9_a_path_at_the_maximum_is_read_and_a_longer_one_is_not);
    SUITE_TEST(B9_a_thousand_segments_are_read);
    SUITE_TEST(path_read_of_what_it_read_is_the_same);
    SUITE_ROWS(path_split_is_at_the_first_question_mark, splits);
    return suite_run("core/path");
}
