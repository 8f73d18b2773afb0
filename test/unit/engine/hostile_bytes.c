/* hostile_bytes.c - nothing behind the last byte of a string is looked at, and nothing behind a buffer written: both end
 * where memory ends. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/scene.h"

/* ---- memory with an edge ---- */

enum { ROOM = 4 * 4096 };

struct edge { /* ROOM bytes, and behind them a page that nobody may touch */
    char *begin, *end;
};

static void edge_make(struct edge *e)
{
    e->begin = mmap(NULL, ROOM + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(e->begin, MAP_FAILED);
    e->end = e->begin + ROOM;
    assert_int_equal(mprotect(e->end, 4096, PROT_NONE), 0);
}

static void edge_clear(struct edge *e)
{
    munmap(e->begin, ROOM + 4096);
}

/* The same bytes, the last of them the last before the edge. */
static struct kw_str at_edge(const struct edge *e, struct str s)
{
    if (s.n > 0)
        memcpy(e->end - s.n, s.p, s.n);
    return (struct kw_str){e->end - s.n, s.n};
}

/* ---- texts that end where one would go on reading ---- */

static const struct sample {
    const char *why, *text; /* "@" stands for the whole key */
} samples[] = {
    {"a key", "@"},
    {"a key in a query", "/me?x-api-key=@"},
    {"a key in an escape", "/me?%2525256dk%5flive_@"},
    {"a token", "mkt_live_7Q2mK4T9xJ1aBd_7Q2mK4T9xJ1aBd"},
    {"escapes", "/me/%25252525e4%c3%a4/%2e%2"},
    {"UTF-8 of every length", "/\xc3\xa4\xe2\x80\xa6\xf0\x9f\x98\x80"},
    {"a header's name", "/me?a=b&X_Api.Key"},
    {"dots", "/me/.%2e/..;/a"},
    {"a cookie", "a=b; k=@"},
    {"a method", "OPTIONS"},
};

static struct str fill(const struct sample *sample, const struct world_text *key, char *buf,
                       size_t cap)
{
    struct str text = str_from(sample->text), before, after;
    int n = str_cut(text, '@', &before, &after)
                ? snprintf(buf, cap, "%.*s%.*s%.*s", (int)before.n, before.p, (int)key->n, key->p,
                           (int)after.n, after.p)
                : snprintf(buf, cap, "%s", sample->text);

    return (struct str){buf, (size_t)n};
}

/* From another address each time, so that no failure is one too many. */
static enum kw_reason reason_of(struct scene *s, int field, const struct kw_str *text)
{
    static uint32_t n;
    struct kw_request r = s->ask.request;
    struct kw_decision d;

    n++;
    memcpy(r.source + 12, &n, sizeof n);
    put_string(&r, field, text);
    assert_ok(kw_authorize_at(s->engine, &r, WORLD_BOOT_US, &d));
    world_drain(&s->world);
    return d.reason;
}

/* What a text comes to does not depend on what stands behind it: nothing at all, more of it, or something else. */
static void judge_prefix(struct scene *s, const struct edge *e, struct str whole, size_t n)
{
    char elsewhere[512];
    struct kw_str edge = at_edge(e, (struct str){whole.p, n}), inside = {whole.p, n},
                  before = {elsewhere, n};

    memset(elsewhere, '%', sizeof elsewhere);
    memcpy(elsewhere, whole.p, n);
    for (int field = 0; field < SCENE_STRINGS; field++) {
        enum kw_reason why = reason_of(s, field, &edge);
        assert_int_equal(reason_of(s, field, &inside), why);
        assert_int_equal(reason_of(s, field, &before), why);
    }
    assert_int_equal(kw_is_ours(s->engine, edge), kw_is_ours(s->engine, inside));
}

static void J5_nothing_behind_the_end_is_read(void **state)
{
    const struct sample *row = *state;
    char text[512];
    struct scene s;
    struct edge e;

    edge_make(&e);
    open_scene(&s);
    publish(&s);
    struct str whole = fill(row, &s.text, text, sizeof text);
    for (size_t n = 0; n <= whole.n; n++)
        judge_prefix(&s, &e, whole, n);
    close_scene(&s);
    edge_clear(&e);
}

/* Paths of about the longest that is judged, in plain bytes and in escapes. */
static void J5_the_longest_paths_end_at_the_edge(void **state)
{
    static char path[3 * (KW_PATH_MAX + 4)];
    struct scene s;
    struct edge e;

    (void)state;
    edge_make(&e);
    open_scene(&s);
    publish(&s);
    for (size_t unit = 1; unit <= 3; unit += 2) {
        const char *escaped = unit == 1 ? "a" : "%61";
        path[0] = '/';
        for (size_t i = 1; i < sizeof path; i++)
            path[i] = escaped[(i - 1) % unit];
        for (size_t n = KW_PATH_MAX - 4; n <= KW_PATH_MAX + 4; n++) {
            struct kw_str text = at_edge(&e, (struct str){path, n * unit});
            bool is_refused = reason_of(&s, 1, &text) == KW_WHY_PATH_AMBIGUOUS;
            if (unit == 1)
                assert_int_equal(is_refused, n > KW_PATH_MAX);
        }
    }
    close_scene(&s);
    edge_clear(&e);
}

/* ---- what is written ---- */

static void redact_all(struct scene *s, const struct edge *in, const struct edge *out,
                       struct str whole)
{
    char roomy[1024];

    for (size_t n = 0; n <= whole.n; n++) {
        struct kw_str text = at_edge(in, (struct str){whole.p, n});
        size_t want = kw_redact(s->engine, text, roomy, sizeof roomy);
        for (size_t cap = 0; cap <= want + 1; cap++) {
            size_t got = kw_redact(s->engine, text, out->end - cap, cap);
            assert_in_range(got, 0, cap);
            if (cap >= want)
                assert_str(((struct str){out->end - cap, got}), ((struct str){roomy, want}));
        }
        (void)kw_redact(NULL, text, out->end - 7, 7);
    }
}

static void J5_redaction_stays_in_its_buffer(void **state)
{
    const struct sample *row = *state;
    struct edge in, out;
    char text[512];
    struct scene s;

    edge_make(&in);
    edge_make(&out);
    open_scene(&s);
    publish(&s);
    redact_all(&s, &in, &out, fill(row, &s.text, text, sizeof text));
    close_scene(&s);
    edge_clear(&out);
    edge_clear(&in);
}

static void body_at_edge(const struct edge *in, const struct edge *out, const struct kw_decision *d)
{
    static const char hard[] = "/\"\\\x01\xff/%22\xf0\x9f";
    struct kw_request r = {.method = {"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"", 18}};
    char *body = out->end - KW_BODY_MAX;

    memset(in->begin, '"', ROOM);
    for (size_t n = 0; n <= 300; n++) {
        if (n < sizeof hard)
            r.target = at_edge(in, (struct str){hard, n});
        else
            r.target = (struct kw_str){in->end - n, n};
        size_t len = kw_answer_body(d, &r, body);
        assert_int_equal(len, strlen(body));
        assert_int_equal(body[len - 1], '}');
    }
}

static void J5_a_body_stays_in_its_buffer(void **state)
{
    struct edge in, out;
    struct kw_decision d = {.status = 403, .proved = true, .rate = {UINT32_MAX, UINT32_MAX, 0, 0}};

    (void)state;
    edge_make(&in);
    edge_make(&out);
    memset(d.request_id, 'f',
           sizeof d.request_id); /* not terminated: nobody who made one by hand has to be trusted */
    for (int why = 0; why < KW_N_REASONS; why++) {
        d.reason = (enum kw_reason)why;
        body_at_edge(&in, &out, &d);
    }
    edge_clear(&out);
    edge_clear(&in);
}

static void J5_headers_stay_in_their_buffers(void **state)
{
    struct kw_limit_state most = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX};
    struct kw_decision d = {.rate = most, .quota = most};
    struct edge out;

    (void)state;
    edge_make(&out);
    char *header = out.end - KW_LIMIT_HEADER_MAX, *set = out.end - KW_PERMISSIONS_MAX;
    size_t n = kw_answer_ratelimit_policy(&d, header);
    assert_int_equal(n, strlen(header));
    n = kw_answer_ratelimit(&d, header);
    assert_int_equal(n, strlen(header));
    for (unsigned permissions = 0; permissions < 64; permissions++) {
        n = kw_permissions_text(permissions == 63 ? UINT32_MAX : permissions, set);
        assert_int_equal(n, strlen(set));
    }
    edge_clear(&out);
}

/* Tables asked for what is not in them. */
static void J5_names_of_what_there_is_none(void **state)
{
    static const int numbers[] = {-1, KW_N_REASONS, 1000, INT32_MAX, INT32_MIN};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        int n = numbers[i];
        assert_string_equal(kw_reason_name((enum kw_reason)n), "unavailable");
        assert_int_equal(kw_reason_status((enum kw_reason)n), 503);
        assert_non_null(kw_reason_message((enum kw_reason)n));
        assert_string_equal(kw_err_name((enum kw_err)n), "unknown");
        assert_non_null(kw_strerror((enum kw_err)n));
        assert_string_equal(kw_environment_name((enum kw_environment)n), "");
    }
}

int main(void)
{
    SUITE_ROWS(J5_nothing_behind_the_end_is_read, samples);
    SUITE_TEST(J5_the_longest_paths_end_at_the_edge);
    SUITE_ROWS(J5_redaction_stays_in_its_buffer, samples);
    SUITE_TEST(J5_a_body_stays_in_its_buffer);
    SUITE_TEST(J5_headers_stay_in_their_buffers);
    SUITE_TEST(J5_names_of_what_there_is_none);
    return suite_run("engine/hostile_bytes");
}
