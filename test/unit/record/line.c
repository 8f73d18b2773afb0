/* line.c - one record is one line, whatever a stranger has put into it. */
#include "record/line.h"

#include <stdlib.h>

#include "core/warning.h"
#include "record/explain.h"
#include "rig.h"

static const int64_t moment = RIG_NOON + 123456;

static struct str line_of(const struct record_entry *e, struct buf *out)
{
    *out = BUF_MAX(1 << 16);
    line_json(e, out);
    assert_false(out->failed);
    return buf_view(out);
}

static void assert_has(struct str text, const char *part)
{
    if (memmem(text.p, text.n, part, strlen(part)) == NULL)
        fail_msg("no %s in %.*s", part, (int)text.n, text.p);
}

static void assert_has_not(struct str text, const char *part)
{
    if (memmem(text.p, text.n, part, strlen(part)) != NULL)
        fail_msg("%s in %.*s", part, (int)text.n, text.p);
}

static void an_event_has_all_its_members(void **state)
{
    struct record_entry e = {
        .kind = RECORD_EVENT, .batch = 7, .number = 3, .event = rig_event(moment, "7Q2mK4T9xJ1aBd")};
    struct buf out;

    (void)state;
    memset(e.event.request_id, 0xab, EVENT_REQUEST_ID);
    e.event.ring = 42;
    e.event.position = 9;
    assert_str(
        line_of(&e, &out),
        STR("{\"time\":\"2026-11-24T12:00:00.123Z\",\"kind\":\"decision\",\"reason\":\"allowed\","
            "\"status\":200,\"verdict\":\"allow\","
            "\"request_id\":\"abababababababababababababababab\",\"key_id\":\"7Q2mK4T9xJ1aBd\","
            "\"proved\":true,\"credential\":\"key\",\"account\":\"acme\","
            "\"environment\":\"production\",\"source\":\"192.0.2.1\",\"agent\":\"curl/7.88.1\","
            "\"method\":\"GET\",\"path\":\"/wallet/me\",\"class\":\"read\",\"route\":5,"
            "\"policy_version\":2,\"key_version\":3,\"generation\":1,\"tls\":true,"
            "\"loopback\":false,\"browser\":false,\"old_secret\":false,\"latency_ns\":411,"
            "\"ring\":\"000000000000002a\",\"position\":9,\"count\":1,\"batch\":7,\"record\":3}"
            "\n"));
    buf_deinit(&out);
}

static void a_change_has_its_summary(void **state)
{
    struct record_entry e = {.kind = RECORD_CHANGE,
                             .batch = 7,
                             .number = 3,
                             .change = {.n = 12,
                                        .kind = CHANGE_KEY,
                                        .object = 4,
                                        .version = 2,
                                        .time_ms = moment / 1000,
                                        .actor = STR("uid:0"),
                                        .id = STR("7Q2mK4T9xJ1aBd"),
                                        .account = STR("acme"),
                                        .summary = STR("{\"state\":\"revoked\"}")}};
    struct buf out;

    (void)state;
    assert_str(line_of(&e, &out),
               STR("{\"time\":\"2026-11-24T12:00:00.123Z\",\"kind\":\"change\",\"change\":12,"
                   "\"object_kind\":\"key\",\"object\":4,\"object_id\":\"7Q2mK4T9xJ1aBd\","
                   "\"account\":\"acme\",\"version\":2,\"actor\":\"uid:0\","
                   "\"summary\":{\"state\":\"revoked\"},\"batch\":7,\"record\":3}\n"));
    buf_deinit(&out);
}

static void an_account_is_told_nothing_that_counts_what_others_have(void **state)
{
    static const char *const counts[] = {
        "\"ring\":", "\"position\":", "\"batch\":", "\"record\":", "\"change\":", "\"object\":"};
    const struct record_entry entries[] = {
        {RECORD_EVENT, 7, 3, .event = rig_event(moment, "7Q2mK4T9xJ1aBd")},
        {RECORD_CHANGE, 7, 3, .change = {.n = 12, .kind = CHANGE_KEY, .object = 4, .version = 2}},
        {RECORD_SIGN_IN, 7, 3, .sign_in = {.time_us = moment}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(entries); i++) {
        struct buf out = BUF_MAX(1 << 16);
        line_json_of_account(&entries[i], &out);
        assert_has(buf_view(&out), "{\"time\":\"");
        assert_has(buf_view(&out), "}\n");
        for (size_t j = 0; j < COUNT_OF(counts); j++)
            assert_has_not(buf_view(&out), counts[j]);
        buf_deinit(&out);
    }
}

/* What is no object, or could break the line, is shown as the text it is. */
static void a_summary_can_not_break_the_line(void **state)
{
    static const char *const summaries[] = {"", "[]", "{\n}", "}{", "{\"a\":\"\x1b[2J\"}"};
    struct buf out;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(summaries); i++) {
        struct record_entry e = {RECORD_CHANGE, 1, 1, .change = {.summary = str_from(summaries[i])}};
        struct str line = line_of(&e, &out);
        assert_has(line, "\"summary\":\"");
        assert_ptr_equal(memchr(line.p, '\n', line.n), line.p + line.n - 1);
        assert_null(memchr(line.p, 0x1b, line.n));
        buf_deinit(&out);
    }
}

/* U+202E as bytes: as a string it would turn this very line around. */
static const char right_to_left[] = {'\xe2', '\x80', '\xae'};

static const struct a_string {
    const char *why;
    struct str text;
    const char *want;
} strings[] = {
    {"plain", {"abc", 3}, "\"abc\""},
    {"empty", {NULL, 0}, "\"\""},
    {"quote and backslash", {"a\"b\\", 4}, "\"a\\\"b\\\\\""},
    {"a line feed", {"a\nb", 3}, "\"a\\u000ab\""},
    {"carriage return", {"\r", 1}, "\"\\u000d\""},
    {"NUL", {"a\0b", 3}, "\"a\\u0000b\""},
    {"ESC", {"\x1b[2J", 4}, "\"\\u001b[2J\""},
    {"DEL", {"\x7f", 1}, "\"\\u007f\""},
    {"a C1 control", {"\xc2\x9b", 2}, "\"\\u009b\""},
    {"U+2028", {"\xe2\x80\xa8", 3}, "\"\\u2028\""},
    {"right-to-left override", {right_to_left, 3}, "\"\\u202e\""},
    {"byte order mark", {"\xef\xbb\xbf", 3}, "\"\\ufeff\""},
    {"text that is not ASCII", {"caf\xc3\xa9 \xf0\x9f\x92\xb6", 10}, "\"caf\xc3\xa9 \xf0\x9f\x92\xb6\""},
    {"no UTF-8",
     {"a\xff\xfe"
      "b",
      4},
     "\"a\xef\xbf\xbd\xef\xbf\xbd"
     "b\""},
    {"a cut sequence", {"\xe2\x80", 2}, "\"\xef\xbf\xbd\xef\xbf\xbd\""},
    {"a surrogate", {"\xed\xa0\x80", 3}, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
};

static void I1_a_string_stays_in_its_quotes(void **state)
{
    const struct a_string *row = *state;
    struct buf out = BUF_MAX(1024);

    line_string(row->text, &out);
    assert_str(buf_view(&out), str_from(row->want));
    buf_deinit(&out);
}

/* Through the whole way: event, ring codec, record, line. */
static void I1_an_agent_can_not_forge_a_line(void **state)
{
    static char agent[1 << 20];
    static const char forged[] =
        "x\n{\"kind\":\"decision\",\"verdict\":\"allow\"}\n\x1b[1A\xe2\x80\xa8";
    struct record_entry e = {RECORD_EVENT, 1, 1, .event = rig_event(moment, "7Q2mK4T9xJ1aBd")};
    uint8_t bytes[EVENT_MAX];
    struct buf out;

    (void)state;
    memset(agent, 'A', sizeof agent);
    memcpy(agent, forged, sizeof forged - 1);
    e.event.agent = (struct str){agent, sizeof agent};
    e.event.path = (struct str){agent, sizeof agent};
    size_t n = event_encode(&e.event, bytes);
    assert_ok(event_decode((struct str){(char *)bytes, n}, &e.event));
    struct str line = line_of(&e, &out);
    assert_true(line.n < 2000);
    assert_ptr_equal(memchr(line.p, '\n', line.n), line.p + line.n - 1);
    assert_null(memchr(line.p, 0x1b, line.n));
    assert_has_not(line, "\xe2\x80\xa8");
    assert_has(line, "\\u000a{\\\"kind\\\":");
    buf_deinit(&out);
}

static const struct a_time {
    const char *why;
    int64_t time_us;
    const char *want;
} times[] = {
    {"the epoch", 0, "\"1970-01-01T00:00:00.000Z\""},
    {"just before it", -1, "\"1969-12-31T23:59:59.999Z\""},
    {"a second before it", -1000000, "\"1969-12-31T23:59:59.000Z\""},
    {"noon", RIG_NOON + 999, "\"2026-11-24T12:00:00.000Z\""},
    {"a leap day", (int64_t)1709164800 * 1000000, "\"2024-02-29T00:00:00.000Z\""},
    {"far ahead", INT64_MAX, "\"9999-12-31T23:59:59.999Z\""},
    {"far back", INT64_MIN, "\"0000-01-01T00:00:00.000Z\""},
};

static void times_are_those_of_RFC_3339(void **state)
{
    const struct a_time *row = *state;
    struct buf out = BUF_MAX(64);

    line_time(row->time_us, &out);
    assert_str(buf_view(&out), str_from(row->want));
    buf_deinit(&out);
}

/* ---- a gap, a summary ---- */

static void a_gap_has_a_note_and_no_request(void **state)
{
    struct record_entry e = {RECORD_EVENT, 1, 1,
                             .event = {.kind = EVENT_GAP,
                                       .count = 9,
                                       .time_us = moment,
                                       .status = 503,
                                       .agent = STR("the ring was full")}};
    struct buf out;

    (void)state;
    struct str line = line_of(&e, &out);
    assert_has(line, "\"kind\":\"gap\"");
    assert_has(line, "\"note\":\"the ring was full\"");
    assert_has(line, "\"count\":9");
    assert_has(line, "\"verdict\":\"deny\"");
    assert_has_not(line, "request_id");
    assert_has_not(line, "\"agent\"");
    buf_deinit(&out);
}

static struct record_entry warned(void)
{
    struct record_entry e = {RECORD_EVENT, 1, 1, .event = warning_event(WARNING_OLD_SECRET, moment)};

    memcpy(e.event.key_id, "7Q2mK4T9xJ1aBd", sizeof e.event.key_id);
    e.event.account = STR("acme");
    e.event.environment = KW_SANDBOX;
    e.event.generation = 4;
    return e;
}

static void a_warning_has_its_word_and_nothing_of_an_attempt(void **state)
{
    static const char *const not [] = {"\"request_id\"", "\"verdict\"", "\"reason\"",
                                       "\"source\"",     "\"proved\"",  "\"count\"",
                                       "\"agent\"",      "\"ring\"",    "\"status\""};
    const struct record_entry e = warned();
    struct buf out;

    (void)state;
    struct str line = line_of(&e, &out);
    assert_has(line, "\"kind\":\"warning\",\"what\":\"old_secret_used\"");
    assert_has(line, "\"key_id\":\"7Q2mK4T9xJ1aBd\",\"account\":\"acme\"");
    assert_has(line, "\"environment\":\"sandbox\"");
    assert_has(line, "\"generation\":4");
    for (size_t i = 0; i < COUNT_OF(not ); i++)
        assert_has_not(line, not [i]);
    buf_deinit(&out);
}

static void a_warning_in_words_names_key_and_secret(void **state)
{
    const struct record_entry e = warned();
    struct buf out = BUF_MAX(1 << 16);

    (void)state;
    explain_entry(&e, false, &out);
    assert_str(
        buf_view(&out),
        STR("\"2026-11-24T12:00:00.123Z\": a warning of key \"7Q2mK4T9xJ1aBd\", generation 4 "
            "of its secret: a secret that its rotation has ended is still used\n"));
    buf_deinit(&out);
}

static void whatever_is_not_allowed_is_denied(void **state)
{
    struct record_entry e = {RECORD_EVENT, 1, 1, .event = rig_event(moment, "7Q2mK4T9xJ1aBd")};
    struct buf out;

    (void)state;
    for (enum kw_reason why = 0; why <= KW_WHY_ALLOWED; why++) {
        e.event.reason = why;
        bool is_allowed = why == KW_WHY_ALLOWED || why == KW_WHY_PUBLIC;
        for (int status = 200; status <= 503; status += 303) {
            e.event.status = (uint16_t)status;
            struct str line = line_of(&e, &out);
            assert_has(line, is_allowed && status == 200 ? "\"verdict\":\"allow\""
                                                         : "\"verdict\":\"deny\"");
            buf_deinit(&out);
        }
    }
}

/* ---- in words ---- */

static struct str explained(const struct event *e, struct buf *out)
{
    *out = BUF_MAX(1 << 16);
    explain_event(e, out);
    assert_false(out->failed);
    return buf_view(out);
}

static size_t count_of(struct str text, const char *part)
{
    size_t n = 0;

    for (const char *at = text.p;
         (at = memmem(at, (size_t)(text.p + text.n - at), part, strlen(part))) != NULL; at++)
        n++;
    return n;
}

/* Whatever decided: each step is there once, in order; one decides, those before it passed, those behind were not
 * reached. */
static void every_reason_is_explained(void **state)
{
    struct event e = rig_event(moment, "7Q2mK4T9xJ1aBd");
    struct buf out;

    (void)state;
    for (enum kw_reason why = 0; why <= KW_WHY_ALLOWED; why++) {
        e.reason = why;
        e.status = (uint16_t)kw_reason_status(why);
        struct str text = explained(&e, &out);
        size_t passed = count_of(text, "\n  passed "), skipped = count_of(text, "\n  -  ");
        assert_int_equal(count_of(text, "\n  DENIED ") + count_of(text, "\n  ALLOWED "), 1);
        assert_int_equal(passed + skipped, why == KW_WHY_ALLOWED ? 15 : 14);
        assert_int_equal(count_of(text, "\n  ALLOWED "), kw_reason_status(why) == 200);
        assert_has(text, kw_reason_name(why));
        buf_deinit(&out);
    }
}

static void what_was_only_claimed_is_said_to_be(void **state)
{
    struct event e = rig_stranger(moment, 0xc0000201);
    struct buf out;

    (void)state;
    struct str text = explained(&e, &out);
    assert_has(text, "only claimed");
    assert_has_not(text, "secret matched");
    assert_has(text, "DENIED  secret");
    assert_has(text, "-       permission   not reached");
    buf_deinit(&out);
}

/* Nothing holds that back (engine/use.h), so nothing else was looked at. */
static void a_token_given_up_has_not_passed_what_it_was_not_asked(void **state)
{
    struct event e = rig_event(moment, "7Q2mK4T9xJ1aBd");
    struct buf out;

    (void)state;
    e.credential = CREDENTIAL_TOKEN;
    e.path = STR("/v1/tokens/revoke");
    e.route = 0;
    e.route_class = KW_CLASS_READ;
    struct str text = explained(&e, &out);
    assert_has(text, "passed  route        keyward serve itself was asked");
    assert_has(text, "passed  secret");
    assert_has(text, "-       state        not asked");
    assert_has(text, "-       limits       not asked");
    assert_has(text, "passed  record");
    buf_deinit(&out);
    e.route = 7; /* a request at the gateway with such a path */
    assert_has(explained(&e, &out), "passed  limits");
    buf_deinit(&out);
}

static void I1_an_explanation_is_escaped(void **state)
{
    struct event e = rig_event(moment, "7Q2m\nK4T9x\x1b[2J");
    struct buf out;

    (void)state;
    e.agent = STR("\x1b[2J");
    e.path = STR("/a\nb");
    struct str text = explained(&e, &out);
    assert_null(memchr(text.p, 0x1b, text.n));
    assert_has(text, "/a\\u000ab");
    assert_has(text, "7Q2m\\u000a");
    buf_deinit(&out);
}

int main(void)
{
    SUITE_TEST(an_event_has_all_its_members);
    SUITE_TEST(a_change_has_its_summary);
    SUITE_TEST(an_account_is_told_nothing_that_counts_what_others_have);
    SUITE_TEST(a_summary_can_not_break_the_line);
    SUITE_ROWS(I1_a_string_stays_in_its_quotes, strings);
    SUITE_TEST(I1_an_agent_can_not_forge_a_line);
    SUITE_ROWS(times_are_those_of_RFC_3339, times);
    SUITE_TEST(a_gap_has_a_note_and_no_request);
    SUITE_TEST(a_warning_has_its_word_and_nothing_of_an_attempt);
    SUITE_TEST(a_warning_in_words_names_key_and_secret);
    SUITE_TEST(whatever_is_not_allowed_is_denied);
    SUITE_TEST(every_reason_is_explained);
    SUITE_TEST(what_was_only_claimed_is_said_to_be);
    SUITE_TEST(a_token_given_up_has_not_passed_what_it_was_not_asked);
    SUITE_TEST(I1_an_explanation_is_escaped);
    return suite_run("record/line");
}
