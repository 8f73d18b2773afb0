/* exposure.c - credentials where none belong: found in every spelling, and never written down. */
#include "core/exposure.h"

#include <stdlib.h>

#include "base/base62.h"
#include "base/buf.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "core/key.h"
#include "suite.h"

#define ID     "7Q2mK4T9xJ1aBd"
#define SECRET "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6gH9jK2mN5p000000"
#define KEY    "mk_live_" ID "_" SECRET
#define SHOWN  "mk_live_" ID "_\xe2\x80\xa6"

static const struct str brand = STR_INIT("mk"), header = STR_INIT("x-api-key"), any = {NULL, 0};

static const struct finds {
    const char *why;
    struct str text;
} finds[] = {
    {"a key", STR_INIT(KEY)},
    {"a sandbox key", STR_INIT("mk_test_" ID "_" SECRET)},
    {"a management token", STR_INIT("mk_admin_" ID "_" SECRET)},
    {"a management token, encoded", STR_INIT("mk%5Fadmin%5f" ID "%5F" SECRET)},
    {"an access token", STR_INIT("mkt_" ID "_" SECRET)},
    {"a refresh token", STR_INIT("mkr_" ID "_" SECRET)},
    {"an access token of an environment", STR_INIT("mkt_live_" ID "_" SECRET)},
    {"a refresh token of an environment", STR_INIT("mkr_test_" ID "_" SECRET)},
    {"a token of an environment, encoded", STR_INIT("mkt%5Flive%5F" ID "%5F" SECRET)},
    {"in a path", STR_INIT("/wallet/" KEY "/me")},
    {"in a query", STR_INIT("a=1&key=" KEY "&b=2")},
    {"in a cookie", STR_INIT("session=" KEY "; theme=dark")},
    {"behind other letters", STR_INIT("xmk_live_" ID "_" SECRET)},
    {"behind its own beginning", STR_INIT("mmk_live_" ID "_" SECRET)},
    {"behind a mark without a body", STR_INIT("mk_live_" KEY)},
    {"behind a shown id", STR_INIT("mk_live_" ID "_," KEY)},
    {"twenty characters", STR_INIT("mk_live_0123456789abcdefghij")},
    {"twenty with the border", STR_INIT("mk_live_" ID "_aB3dE")},
    {"underscores encoded", STR_INIT("mk%5Flive%5F" ID "%5F" SECRET)},
    {"underscores encoded, lower-case hex", STR_INIT("mk%5flive%5f" ID "%5f" SECRET)},
    {"the brand encoded", STR_INIT("%6D%6b_live_" ID "_" SECRET)},
    {"the body encoded", STR_INIT("mk_live_%37Q2mK4T9xJ1aBd_%61%42%33%64%45%36")},
    {"encoded twice", STR_INIT("mk%255Flive%255F" ID "%255F" SECRET)},
    {"encoded four times", STR_INIT("mk%2525255Flive_" ID "_" SECRET)},
    {"in an encoded URL", STR_INIT("to=https%3A%2F%2Fexample.com%2F%3Fk%3D" KEY)},
    {"right behind an escape", STR_INIT("%20" KEY)},
    {"right behind half an escape", STR_INIT("%2" KEY)},
    {"right behind a percent sign", STR_INIT("%" KEY)},
};

static void D12_exposure_is_found(void **state)
{
    const struct finds *row = *state;

    assert_true(exposure_found(row->text, brand));
    assert_true(exposure_found(row->text, any));
}

static const struct passes {
    const char *why;
    struct str text;
} passes[] = {
    {"nothing", {NULL, 0}},
    {"empty", STR_INIT("")},
    {"a path", STR_INIT("/api/v1/wallet/deposit/status/0123456789abcdefghijklmnop")},
    {"an id as it is shown", STR_INIT("mk_live_" ID "_\xe2\x80\xa6")},
    {"an id and the border", STR_INIT("mk_live_" ID "_")},
    {"nineteen characters", STR_INIT("mk_live_0123456789abcdefghi")},
    {"nineteen with the border", STR_INIT("mk_live_" ID "_aB3d")},
    {"a border elsewhere", STR_INIT("mk_live_0123456789_abcdefghijkl")},
    {"a mark alone", STR_INIT("mk_live_")},
    {"a brand alone", STR_INIT("mk")},
    {"a token of another environment", STR_INIT("mkt_prod_" ID "_" SECRET)},
    {"administrators, which is a word", STR_INIT("mk_administrators_" ID "_" SECRET)},
    {"nineteen characters of a management token", STR_INIT("mk_admin_0123456789abcdefghi")},
    {"another environment", STR_INIT("mk_prod_" ID "_" SECRET)},
    {"upper case, which is no key", STR_INIT("MK_LIVE_" ID "_" SECRET)},
    {"a word that ends in t", STR_INIT("t_0123456789abcdefghijkl")},
    {"a broken escape", STR_INIT("mk%5live%5F" ID "_" SECRET)},
    {"an escape cut short", STR_INIT("mk%5")},
    {"percent signs", STR_INIT("%%%%%%%25%25%25")},
};

static void D12_exposure_is_not_seen_where_there_is_none(void **state)
{
    const struct passes *row = *state;
    char out[256];

    assert_false(exposure_found(row->text, brand));
    assert_false(exposure_found(row->text, any));
    assert_str(((struct str){out, exposure_redact(row->text, brand, header, out, sizeof out)}),
               row->text);
}

static void exposure_of_another_brand_is_none_of_ours(void **state)
{
    (void)state;
    assert_false(exposure_found(STR("nk_live_" ID "_" SECRET), brand));
    assert_true(exposure_found(STR("nk_live_" ID "_" SECRET), any));
    assert_true(exposure_found(STR("keyward1_live_" ID "_" SECRET), STR("keyward1")));
    assert_true(exposure_found(STR("keyward1t_" ID "_" SECRET), STR("keyward1")));
    assert_true(exposure_found(STR("keyward1r_" ID "_" SECRET), any));
    assert_true(exposure_found(STR("%ab_live_" ID "_" SECRET), STR("ab"))); /* %ab is no letter of it */
}

static const struct named {
    const char *why;
    struct str query;
    bool want;
} named[] = {
    {"as it is", STR_INIT("x-api-key=1"), true},
    {"the second", STR_INIT("a=1&x-api-key=2"), true},
    {"behind a semicolon", STR_INIT("a=1;x-api-key=2"), true},
    {"upper case", STR_INIT("X-API-KEY=1"), true},
    {"underscores", STR_INIT("x_api_key=1"), true},
    {"dots", STR_INIT("x.api.key=1"), true},
    {"encoded", STR_INIT("x%2Dapi%2dkey=1"), true},
    {"a letter encoded", STR_INIT("%78-api-ke%59=1"), true},
    {"encoded twice", STR_INIT("x%252Dapi-key=1"), true},
    {"without a value", STR_INIT("x-api-key"), true},
    {"with an empty value", STR_INIT("x-api-key="), true},
    {"before another", STR_INIT("x-api-key&a=1"), true},
    {"longer", STR_INIT("x-api-keys=1"), false},
    {"shorter", STR_INIT("x-api-ke=1"), false},
    {"the end of a longer one", STR_INIT("ax-api-key=1"), false},
    {"as a value", STR_INIT("a=x-api-key"), false},
    {"empty", STR_INIT(""), false},
};

static void D12_exposure_query_names_folds(void **state)
{
    const struct named *row = *state;

    assert_int_equal(exposure_query_names(row->query, header), row->want);
    assert_int_equal(exposure_query_names(row->query, STR("X_Api.Key")), row->want);
    assert_false(exposure_query_names(row->query, (struct str){NULL, 0}));
}

static const struct redacted {
    const char *why;
    struct str text, want;
} redacted[] = {
    {"a key", STR_INIT(KEY), STR_INIT(SHOWN)},
    {"a sandbox key", STR_INIT("mk_test_" ID "_" SECRET), STR_INIT("mk_test_" ID "_\xe2\x80\xa6")},
    {"a token", STR_INIT("mkt_" ID "_" SECRET), STR_INIT("mkt_" ID "_\xe2\x80\xa6")},
    {"without an id", STR_INIT("/mk_live_0123456789abcdefghij/x"),
     STR_INIT("/mk_live_\xe2\x80\xa6/x")},
    {"in a path", STR_INIT("/wallet/" KEY "/me"), STR_INIT("/wallet/" SHOWN "/me")},
    {"in a request line", STR_INIT("GET /a?k=" KEY " HTTP/1.1"),
     STR_INIT("GET /a?k=" SHOWN " HTTP/1.1")},
    {"two", STR_INIT(KEY "&" KEY), STR_INIT(SHOWN "&" SHOWN)},
    {"two without a border", STR_INIT(KEY KEY), STR_INIT(SHOWN)},
    {"two that share letters", STR_INIT("mk_live_" ID "_aB3dE6gmk_live_" ID "_" SECRET),
     STR_INIT(SHOWN)},
    {"encoded", STR_INIT("/%6Dk%5Flive%5F" ID "%5F" SECRET "/x"), STR_INIT("/" SHOWN "/x")},
    {"encoded twice", STR_INIT("/mk%255Flive%255F" ID "%255F" SECRET), STR_INIT("/" SHOWN)},
    {"a key with a line break in it", STR_INIT("/mk_live_" ID "_aB3dE6gH%0D%0A" SECRET "/x"),
     STR_INIT("/" SHOWN "/x")},
    {"cut short by the end", STR_INIT("/mk_live_" ID "_aB3dE"), STR_INIT("/" SHOWN)},
    {"a parameter", STR_INIT("/a?x-api-key=hunter2&b=1"), STR_INIT("/a?x-api-key=\xe2\x80\xa6&b=1")},
    {"a parameter, its name kept", STR_INIT("X_API%5fKey=hunter2"),
     STR_INIT("X_API%5fKey=\xe2\x80\xa6")},
    {"a parameter in a request line", STR_INIT("GET /a?x-api-key=a;b HTTP/1.1"),
     STR_INIT("GET /a?x-api-key=\xe2\x80\xa6 HTTP/1.1")},
    {"a parameter without a value", STR_INIT("/a?x-api-key=&b=1"), STR_INIT("/a?x-api-key=&b=1")},
    {"a parameter without a sign", STR_INIT("/a?x-api-key&b=1"), STR_INIT("/a?x-api-key&b=1")},
    {"a parameter with a key", STR_INIT("/a?x-api-key=" KEY "&b=1"),
     STR_INIT("/a?x-api-key=\xe2\x80\xa6&b=1")},
    {"a path that looks like a parameter", STR_INIT("/x-api-key=1"), STR_INIT("/x-api-key=1")},
};

static void D12_exposure_is_redacted(void **state)
{
    const struct redacted *row = *state;
    char out[512], again[512];

    struct str once = {out, exposure_redact(row->text, brand, header, out, sizeof out)};
    assert_str(once, row->want);
    assert_str(((struct str){again, exposure_redact(once, brand, header, again, sizeof again)}),
               row->want);
}

static void exposure_redact_cuts_between_characters(void **state)
{
    static const struct str text =
        STR_INIT("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91/" KEY "\xc3\xa9");
    char whole[512], out[512];

    (void)state;
    size_t n = exposure_redact(text, brand, header, whole, sizeof whole);
    for (size_t cap = 0; cap <= n + 1; cap++) {
        memset(out, '#', sizeof out);
        struct str cut = {out, exposure_redact(text, brand, header, out, cap)};
        assert_true(cut.n <= cap && (cut.n + 3 >= cap || cut.n == n));
        assert_memory_equal(cut.p, whole, cut.n);
        assert_true(utf8_valid(cut));
        assert_int_equal(out[cap], '#'); /* nothing behind */
    }
}

/* ---- keys of all kinds, in all spellings ---- */

static struct str random_key(char out[KEY_MAX])
{
    uint8_t raw[256];
    char text[KW_KEY_ID_LEN + KEY_SECRET_LEN];
    size_t n = 0;

    while (n < sizeof text) {
        for (size_t i = 0; i < sizeof raw; i++)
            raw[i] = (uint8_t)random();
        n += base62_draw(raw, sizeof raw, text + n, sizeof text - n);
    }
    struct str id = {text, KW_KEY_ID_LEN}, secret = {text + KW_KEY_ID_LEN, KEY_SECRET_LEN};
    enum kw_environment environment = random() % 2 == 0 ? KW_SANDBOX : KW_PRODUCTION;
    return (struct str){out, key_print(brand, environment, id, secret, out)};
}

/* Some characters, or all, or none as escapes of one to three layers. */
static void spell(struct buf *to, struct str text)
{
    long one_in = 1 + random() % 8;

    for (size_t i = 0; i < text.n; i++) {
        if (random() % one_in != 0) {
            buf_add(to, &text.p[i], 1);
            continue;
        }
        buf_str(to, STR("%"));
        for (long layers = random() % 3; layers > 0; layers--)
            buf_str(to, STR("25"));
        buf_printf(to, random() % 2 == 0 ? "%02x" : "%02X", (unsigned char)text.p[i]);
    }
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static void decode_fully(struct buf *b)
{
    for (size_t i = 0; i + 2 < b->n;) {
        char digits[2] = {lower(b->p[i + 1]), lower(b->p[i + 2])};
        uint8_t c;
        if (b->p[i] != '%' || hex_get((struct str){digits, 2}, &c, 1) != KW_OK) {
            i++;
            continue;
        }
        b->p[i] = (char)c;
        memmove(b->p + i + 1, b->p + i + 3, b->n - i - 3);
        b->n -= 2;
        if (c != '%')
            i++;
    }
}

static size_t longest_common(struct str a, struct str b)
{
    size_t longest = 0;

    for (size_t i = 0; i < a.n; i++)
        for (size_t k = 0; k < b.n; k++) {
            size_t n = 0;
            while (i + n < a.n && k + n < b.n && a.p[i + n] == b.p[k + n])
                n++;
            longest = n > longest ? n : longest;
        }
    return longest;
}

static void D12_what_is_recorded_never_holds_twenty_characters_of_a_secret(void **state)
{
    static const char *const before[] = {
        "/", "/wallet/x", "?key=", "?a=1&x-api-key=", "%2F", "%", "/mk_", "mk_live_"};
    static const char *const after[] = {"", "/me", "&b=2", "%2Fme", "_", " HTTP/1.1"};
    char key_text[KEY_MAX], out[512];

    (void)state;
    srandom(1);
    for (int round = 0; round < 20000; round++) {
        AUTO(buf_deinit) struct buf text = BUF_MAX(4096), recorded = BUF_MAX(4096);
        struct str key = random_key(key_text), secret = {key.p + key.n - 49, 49};
        buf_str(&text, str_from(before[(size_t)random() % COUNT_OF(before)]));
        spell(&text, key);
        buf_str(&text, str_from(after[(size_t)random() % COUNT_OF(after)]));
        assert_true(exposure_found(buf_view(&text), brand));
        assert_true(exposure_found(buf_view(&text), any));
        size_t n = random() % 4 == 0 ? (size_t)random() % text.n : text.n; /* cut short on its way */
        size_t cap = random() % 2 == 0 ? 128 : sizeof out;
        n = exposure_redact((struct str){text.p, n}, round % 2 == 0 ? brand : any, header, out, cap);
        assert_false(exposure_found((struct str){out, n}, brand));
        buf_add(&recorded, out, n);
        decode_fully(&recorded);
        assert_true(longest_common(buf_view(&recorded), secret) < 20);
    }
}

/* A megabyte of what is looked at longest. Quadratic would be minutes. */
static void exposure_is_linear_in_the_text(void **state)
{
    static const char *const patterns[] = {
        "%25",       "25", "mk_live_", "m", "%6d%6b_", "mk_live_0123456789012345678",
        "x-api-ke&", "&",  "a_",       "%",
    };
    static char text[1 << 20], out[1 << 20];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(patterns); i++) {
        size_t len = strlen(patterns[i]);
        text[0] = '%';
        for (size_t k = 1; k < sizeof text; k++)
            text[k] = patterns[i][k % len];
        struct str s = {text, sizeof text};
        exposure_found(s, brand);
        exposure_found(s, any);
        exposure_query_names(s, header);
        assert_true(exposure_redact(s, any, header, out, sizeof out) <= sizeof out);
    }
}

int main(void)
{
    SUITE_ROWS(D12_exposure_is_found, finds);
    SUITE_ROWS(D12_exposure_is_not_seen_where_there_is_none, passes);
    SUITE_TEST(exposure_of_another_brand_is_none_of_ours);
    SUITE_ROWS(D12_exposure_query_names_folds, named);
    SUITE_ROWS(D12_exposure_is_redacted, redacted);
    SUITE_TEST(exposure_redact_cuts_between_characters);
    SUITE_TEST(D12_what_is_recorded_never_holds_twenty_characters_of_a_secret);
    SUITE_TEST(exposure_is_linear_in_the_text);
    return suite_run("core/exposure");
}
