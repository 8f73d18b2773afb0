/* detect.c - each detector finds what it is there for, once, and says nothing of what is usual. */
#include "watch/detect.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/warning.h"
#include "suite.h"

enum { HOUR = 3600, DAY = 86400, FOUND_MAX = 64, SAVED_MAX = 4000 };

#define KEY "7Q2mK4T9xJ1aB0"

/* A Monday, 00:00. */
static const int64_t monday_s = (int64_t)20780 * DAY;

struct row {
    enum detect_table t;
    uint32_t no;
    size_t n;
    uint8_t image[512];
};

struct bench {
    struct detect *d;
    struct detect_options o;
    struct finding found[FOUND_MAX];
    size_t n;
    enum kw_err err;
    struct thresholds chosen; /* of the account "acme" */
    const char *most;         /* that a key may spend at once */
    struct row saved[SAVED_MAX];
    size_t n_saved;
};

/* ---- what is given to it ---- */

static enum kw_err found(void *ctx, const struct finding *f)
{
    struct bench *b = ctx;

    TRY(b->err);
    if (b->n < FOUND_MAX)
        b->found[b->n++] = *f;
    return KW_OK;
}

static const struct thresholds *chosen(void *ctx, struct str account)
{
    struct bench *b = ctx;

    return str_eq(account, STR("acme")) ? &b->chosen : thresholds_default();
}

static bool most(void *ctx, struct str key_id, struct str currency, struct amount *out)
{
    const struct bench *b = ctx;

    (void)key_id;
    (void)currency;
    if (b->most == NULL)
        return false;
    assert_ok(amount_parse(str_from(b->most), 2, out));
    return true;
}

/* The first byte of an IPv4 address is its country and its AS. */
static bool find_place(void *ctx, const struct address *a, struct located *out)
{
    (void)ctx;
    *out = (struct located){.country = {(char)('A' + a->b[12] % 26), 'Z'}, .as_number = a->b[12]};
    return true;
}

static enum kw_err load(void *ctx, enum detect_table t, uint32_t no)
{
    struct bench *b = ctx;

    for (size_t i = b->n_saved; i-- > 0;)
        if (b->saved[i].t == t && b->saved[i].no == no)
            return detect_put(b->d, t, no, (struct str){(char *)b->saved[i].image, b->saved[i].n});
    return KW_OK;
}

static enum kw_err save(void *ctx, enum detect_table t, uint32_t no, struct str image)
{
    struct bench *b = ctx;

    assert_true(b->n_saved < SAVED_MAX && image.n <= sizeof b->saved[0].image);
    struct row *row = &b->saved[b->n_saved++];
    *row = (struct row){t, no, image.n, {0}};
    memcpy(row->image, image.p, image.n);
    return KW_OK;
}

static struct bench *begin(void)
{
    struct bench *b = calloc(1, sizeof *b);

    assert_non_null(b);
    b->chosen = *thresholds_default();
    b->o = (struct detect_options){
        .ctx = b, .found = found, .load = load, .thresholds = chosen, .spend_most = most};
    assert_ok(detect_new(&b->o, &b->d));
    return b;
}

static void end(struct bench *b)
{
    detect_free(b->d);
    free(b);
}

static void restart(struct bench *b)
{
    b->n_saved = 0;
    assert_ok(detect_each_changed(b->d, save, b));
    detect_forget(b->d);
    for (size_t i = 0; i < b->n_saved; i++)
        if (detect_table_size(b->saved[i].t) > 0)
            assert_ok(load(b, b->saved[i].t, b->saved[i].no));
}

/* ---- what comes ---- */

static const struct detect_who acme = {.key = 7, .account = STR_INIT("acme")};
static const struct detect_who nobody = {.key = 0};

static struct event attempt(enum kw_reason why, const char *source)
{
    struct event e = {.kind = EVENT_DECISION,
                      .count = 1,
                      .account = STR("acme"),
                      .credential = CREDENTIAL_KEY,
                      .environment = KW_PRODUCTION,
                      .method = STR("GET"),
                      .path = STR("/wallet/me"),
                      .route_class = KW_CLASS_READ,
                      .reason = why,
                      .status = (uint16_t)kw_reason_status(why),
                      .flags = EVENT_PROVED | EVENT_TLS};

    memcpy(e.key_id, KEY, sizeof e.key_id);
    assert_ok(address_parse(str_from(source), &e.source));
    return e;
}

static void comes(struct bench *b, const struct detect_who *who, const struct event *e, int64_t s)
{
    assert_ok(detect_event(b->d, who, e, (monday_s + s) * 1000000));
}

static void use(struct bench *b, int64_t s, const char *source)
{
    const struct event e = attempt(KW_WHY_ALLOWED, source);

    comes(b, &acme, &e, s);
}

static void denied(struct bench *b, int64_t s, enum kw_reason why, const struct detect_who *who)
{
    struct event e = attempt(why, "192.0.2.7");

    if (who == &nobody)
        e.flags = EVENT_TLS;
    comes(b, who, &e, s);
}

static void move_money(struct bench *b, int64_t s)
{
    struct event e = attempt(KW_WHY_ALLOWED, "192.0.2.7");

    e.route_class = KW_CLASS_TRANSACT;
    comes(b, &acme, &e, s);
}

/* Twice an hour, day and night. */
static void live(struct bench *b, int64_t from_day, int64_t days)
{
    for (int64_t s = from_day * DAY; s < (from_day + days) * DAY; s += HOUR / 2)
        use(b, s, "192.0.2.7");
}

/* ---- what was found ---- */

static const struct finding *only(const struct bench *b, enum detector which)
{
    size_t at = 0, n = 0;

    for (size_t i = 0; i < b->n; i++)
        if (b->found[i].detector == which) {
            at = i;
            n++;
        }
    assert_int_equal(n, 1);
    return &b->found[at];
}

static int64_t number(const struct finding *f, const char *name)
{
    for (size_t i = 0; i < f->n_facts; i++)
        if (strcmp(f->facts[i].name, name) == 0)
            return f->facts[i].number;
    fail_msg("no fact %s", name);
    return 0;
}

static const char *text(const struct finding *f, const char *name)
{
    for (size_t i = 0; i < f->n_facts; i++)
        if (strcmp(f->facts[i].name, name) == 0)
            return f->facts[i].text;
    return "";
}

/* ---- places ---- */

static void a_network_that_is_new_to_a_key_is_told_of_once(void **state)
{
    struct bench *b = begin();

    (void)state;
    live(b, 0, 8);
    assert_int_equal(b->n, 0);
    use(b, 8 * DAY, "203.0.113.9");
    use(b, 8 * DAY + 1, "203.0.113.10");
    const struct finding *f = only(b, DETECT_NEW_NETWORK);
    assert_string_equal(f->subject, KEY);
    assert_string_equal(f->key_id, KEY);
    assert_string_equal(f->account, "acme");
    assert_string_equal(text(f, "network"), "203.0.113.0/24");
    assert_int_equal(f->found_us, (monday_s + 8 * DAY) * 1000000);
    end(b);
}

static void a_young_key_and_one_that_roams_say_nothing_by_it(void **state)
{
    struct bench *b = begin();
    char source[32];

    (void)state;
    for (int day = 0; day < 40; day++) {
        snprintf(source, sizeof source, "10.0.%d.1", day);
        live(b, day, 1);
        use(b, (int64_t)day * DAY + HOUR, source);
    }
    assert_int_equal(b->n, 0);
    end(b);
}

static void a_new_country_is_told_of_instead_of_its_network(void **state)
{
    struct bench *b = begin();

    (void)state;
    detect_free(b->d);
    b->o.locator.find = find_place;
    assert_ok(detect_new(&b->o, &b->d));
    live(b, 0, 8);
    use(b, 8 * DAY, "203.0.113.9");
    use(b, 8 * DAY, "203.0.113.9");
    assert_int_equal(b->n, 1);
    assert_string_equal(text(only(b, DETECT_NEW_COUNTRY), "country"), "VZ");
    use(b, 8 * DAY, "203.9.9.9"); /* the same AS */
    use(b, 8 * DAY, "192.9.9.9"); /* as it always was */
    assert_int_equal(b->n, 1);
    end(b);
}

static void a_production_key_where_only_sandbox_keys_lived_is_told_of(void **state)
{
    struct bench *b = begin();
    const struct detect_who sandbox_key = {.key = 8, .account = STR("acme")};

    (void)state;
    for (int64_t day = 0; day < 8; day++) {
        struct event e = attempt(KW_WHY_ALLOWED, "198.51.100.3");
        e.environment = KW_SANDBOX;
        live(b, day, 1);
        comes(b, &sandbox_key, &e, day * DAY + DAY - 1);
    }
    assert_int_equal(b->n, 0);
    use(b, 8 * DAY, "198.51.100.4");
    assert_int_equal(b->n, 1);
    assert_int_equal(number(only(b, DETECT_SANDBOX_PLACE), "sandboxDays"), 8);
    end(b);
}

/* ---- how much ---- */

static void ten_times_as_much_is_told_of_and_so_is_money(void **state)
{
    struct bench *b = begin();

    (void)state;
    for (int64_t s = 0; s < 14 * DAY; s += 10) {
        use(b, s, "192.0.2.7");
        if (s % 20 == 0)
            move_money(b, s);
    }
    assert_int_equal(b->n, 0);
    for (int64_t s = 0; s < 60; s++) {
        move_money(b, 14 * DAY + s);
        move_money(b, 14 * DAY + s);
    }
    assert_int_equal(b->n, 2);
    assert_int_equal(number(only(b, DETECT_TRANSACT_BURST), "usual"), 3);
    assert_int_equal(number(only(b, DETECT_USAGE_SPIKE), "usual"), 9);
    end(b);
}

static void money_at_an_hour_at_which_it_never_moved_is_told_of(void **state)
{
    struct bench *b = begin();

    (void)state;
    for (int64_t day = 0; day < 15; day++) {
        live(b, day, 1);
        for (int64_t hour = 9; hour < 17; hour++)
            move_money(b, day * DAY + hour * HOUR);
    }
    assert_int_equal(b->n, 0);
    move_money(b, 15 * DAY + 8 * HOUR); /* a little early */
    assert_int_equal(b->n, 0);
    move_money(b, 15 * DAY + 2 * HOUR);
    move_money(b, 15 * DAY + 2 * HOUR + 1);
    assert_int_equal(number(only(b, DETECT_ODD_HOURS), "hour"), 2);
    end(b);
}

/* ---- how ---- */

static void refusals_one_after_the_other_are_told_of(void **state)
{
    struct bench *b = begin();

    (void)state;
    for (int64_t s = 0; s < 19; s++)
        denied(b, s, KW_WHY_PERMISSION_DENIED, &acme);
    assert_int_equal(b->n, 0);
    for (int64_t s = 19; s < 1000; s++)
        denied(b, s, KW_WHY_PERMISSION_DENIED, &acme);
    const struct finding *f = only(b, DETECT_DENIALS);
    assert_int_equal(f->began_us, monday_s * 1000000);
    assert_string_equal(text(f, "reason"), "permission_denied");
    end(b);
}

static void a_key_that_slept_for_long_is_told_of_when_it_wakes(void **state)
{
    struct bench *b = begin();

    (void)state;
    live(b, 0, 2);
    use(b, 31 * DAY, "192.0.2.7");
    assert_int_equal(b->n, 0);
    use(b, 61 * DAY, "192.0.2.7");
    use(b, 61 * DAY + 1, "192.0.2.7");
    assert_int_equal(number(only(b, DETECT_DORMANT), "days"), 30);
    end(b);
}

static void D11_an_old_secret_is_told_of_once_a_day(void **state)
{
    struct bench *b = begin();

    (void)state;
    for (int64_t s = 0; s < 3 * DAY; s += HOUR) {
        struct event e = attempt(KW_WHY_SECRET_ROTATED, "192.0.2.7");
        e.flags = EVENT_TLS;
        e.generation = 4;
        comes(b, &acme, &e, s);
    }
    assert_int_equal(number(only(b, DETECT_OLD_SECRET), "generation"), 4);
    end(b);
}

static void a_browser_and_a_token_used_twice_are_told_of(void **state)
{
    struct bench *b = begin();
    struct event e = attempt(KW_WHY_ALLOWED, "192.0.2.7");

    (void)state;
    e.flags |= EVENT_BROWSER;
    e.agent = STR("Mozilla/5.0");
    comes(b, &acme, &e, 0);
    comes(b, &acme, &e, DAY);
    assert_string_equal(text(only(b, DETECT_BROWSER), "agent"), "Mozilla/5.0");
    e = attempt(KW_WHY_TOKEN_REUSED, "192.0.2.7");
    e.flags = EVENT_TLS;
    comes(b, &acme, &e, DAY);
    only(b, DETECT_TOKEN_REUSE);
    end(b);
}

static void warnings_of_a_rotation_are_findings(void **state)
{
    struct bench *b = begin();

    (void)state;
    for (enum warning w = WARNING_DUE_7; w <= WARNING_OLD_SECRET; w++) {
        struct event e = warning_event(w, 0);
        memcpy(e.key_id, KEY, sizeof e.key_id);
        if (w != WARNING_DUE_1)
            comes(b, &acme, &e, DAY);
    }
    assert_int_equal(b->n, 2);
    assert_int_equal(number(only(b, DETECT_ROTATION_DUE), "days"), 7);
    only(b, DETECT_ROTATION_OVERDUE);
    end(b);
}

static void a_leak_is_told_of_only_where_the_key_works(void **state)
{
    struct bench *b = begin();
    struct leak l = {.what = LEAK_FROZE_TRANSACT,
                     .key = STR(KEY),
                     .account = STR("acme"),
                     .environment = KW_PRODUCTION,
                     .url = STR("https://paste.example/x1")};

    (void)state;
    assert_ok(detect_leak(b->d, &l, monday_s * 1000000));
    l.what = LEAK_UNKNOWN_KEY;
    assert_ok(detect_leak(b->d, &l, monday_s * 1000000));
    const struct finding *f = only(b, DETECT_LEAK);
    assert_string_equal(f->subject, KEY);
    assert_string_equal(text(f, "what"), "froze_transact");
    end(b);
}

/* ---- strangers ---- */

static void guesses_at_a_key_are_of_the_key_and_of_their_source(void **state)
{
    struct bench *b = begin();

    (void)state;
    for (int64_t s = 0; s < 100; s++) {
        struct event e = attempt(KW_WHY_WRONG_SECRET, "192.0.2.7");
        e.flags = EVENT_TLS;
        e.account = (struct str){NULL, 0};
        comes(b, &acme, &e, s);
    }
    assert_int_equal(b->n, 2);
    assert_string_equal(only(b, DETECT_KEY_FAILURES)->account, "acme");
    const struct finding *f = only(b, DETECT_SOURCE_FAILURES);
    assert_string_equal(f->subject, "192.0.2.7");
    assert_string_equal(f->account, "");
    assert_string_equal(f->key_id, "");
    end(b);
}

static void a_summary_counts_with_all_that_it_stands_for(void **state)
{
    struct bench *b = begin();
    struct event e = attempt(KW_WHY_UNKNOWN_KEY, "2001:db8:1:2:3::4");

    (void)state;
    e.kind = EVENT_SUMMARY;
    e.count = 30;
    e.flags = 0;
    comes(b, &nobody, &e, 0);
    assert_string_equal(only(b, DETECT_SOURCE_FAILURES)->subject, "2001:db8:1:2::");
    end(b);
}

static void C16_D12_a_key_over_plain_http_or_in_a_url_is_told_of(void **state)
{
    struct bench *b = begin();

    (void)state;
    for (int64_t s = 0; s < 100; s++) {
        denied(b, s, KW_WHY_TLS_REQUIRED, &nobody);
        denied(b, s, KW_WHY_CREDENTIAL_IN_URL, &nobody);
    }
    assert_string_equal(only(b, DETECT_PLAIN_HTTP)->subject, "192.0.2.7");
    assert_string_equal(text(only(b, DETECT_IN_URL), "path"), "/wallet/me");
    end(b);
}

static void strangers_cannot_fill_the_list_nor_push_out_who_does_more(void **state)
{
    struct bench *b = begin();

    (void)state;
    for (uint32_t i = 0; i < 100000; i++) {
        struct event e = attempt(KW_WHY_TLS_REQUIRED, "192.0.2.7");
        e.flags = 0;
        e.source.b[12] = (uint8_t)(i >> 16);
        e.source.b[13] = (uint8_t)(i >> 8);
        e.source.b[14] = (uint8_t)i;
        comes(b, &nobody, &e, 0);
        if (i % 4000 == 0)
            denied(b, 0, KW_WHY_UNKNOWN_KEY, &nobody);
    }
    assert_true(b->n <= 61);
    for (int i = 0; i < 5; i++)
        denied(b, 0, KW_WHY_UNKNOWN_KEY, &nobody);
    only(b, DETECT_SOURCE_FAILURES);
    end(b);
}

static void who_does_not_get_in_is_told_of_by_member_or_source(void **state)
{
    struct bench *b = begin();
    struct sign_in in = {.what = SIGN_IN_FAILED,
                         .why = SIGN_IN_WRONG_PASSWORD,
                         .member = STR("mem_1"),
                         .account = STR("acme")};

    (void)state;
    assert_ok(address_parse(STR("192.0.2.7"), &in.source));
    for (int64_t i = 0; i < 20; i++)
        assert_ok(detect_sign_in(b->d, &in, (monday_s + i) * 1000000));
    assert_string_equal(only(b, DETECT_SIGN_IN_FAILURES)->subject, "mem_1");
    assert_string_equal(b->found[0].account, "acme");
    in.member = (struct str){NULL, 0};
    in.why = SIGN_IN_UNKNOWN_EMAIL;
    for (int64_t i = 0; i < 20; i++)
        assert_ok(detect_sign_in(b->d, &in, (monday_s + i) * 1000000));
    in = (struct sign_in){.what = SIGN_IN_FAILED, .why = SIGN_IN_BUSY, .summed = 500};
    assert_ok(detect_sign_in(b->d, &in, monday_s * 1000000));
    in.what = SIGN_IN_DONE;
    assert_ok(detect_sign_in(b->d, &in, monday_s * 1000000));
    assert_int_equal(b->n, 3);
    assert_string_equal(b->found[1].subject, "192.0.2.7");
    assert_string_equal(b->found[2].subject, "");
    end(b);
}

static void a_management_token_used_twice_is_told_of(void **state)
{
    struct bench *b = begin();
    const struct sign_in in = {
        .what = SIGN_IN_TOKEN_REFUSED, .why = SIGN_IN_TOKEN_REUSED, .token = STR("tok_1")};

    (void)state;
    assert_ok(detect_sign_in(b->d, &in, monday_s * 1000000));
    assert_string_equal(only(b, DETECT_TOKEN_REUSE)->subject, "tok_1");
    end(b);
}

static void what_could_not_be_recorded_is_told_of_and_a_dead_verifier_is_not(void **state)
{
    struct bench *b = begin();
    struct event gap = {.kind = EVENT_GAP, .count = 9};

    (void)state;
    comes(b, &nobody, &gap, 0);
    assert_int_equal(b->n, 0);
    gap.reason = KW_WHY_UNRECORDABLE;
    comes(b, &nobody, &gap, 1);
    comes(b, &nobody, &gap, 2);
    assert_int_equal(number(only(b, DETECT_UNRECORDABLE), "attempts"), 9);
    end(b);
}

static void far_more_refusals_than_usual_are_told_of(void **state)
{
    struct bench *b = begin();
    struct event e = attempt(KW_WHY_MISSING_KEY, "192.0.2.7");

    (void)state;
    e.flags = 0;
    for (int64_t s = 0; s < 8 * DAY; s += 60)
        comes(b, &nobody, &e, s);
    assert_int_equal(b->n, 0);
    e.kind = EVENT_SUMMARY;
    e.count = 400;
    comes(b, &nobody, &e, 8 * DAY);
    assert_string_equal(only(b, DETECT_DENIAL_RATE)->subject, "");
    end(b);
}

/* ---- money ---- */

static void spend(struct bench *b, int64_t s, const char *amount, const char *destination)
{
    struct spend_event e = {.what = SPEND_DID_RESERVE,
                            .environment = KW_PRODUCTION,
                            .key = STR(KEY),
                            .account = STR("acme"),
                            .currency = STR("NGN"),
                            .decimals = 2,
                            .destination = str_from(destination)};

    assert_ok(amount_parse(str_from(amount), 2, &e.amount));
    assert_ok(detect_spend(b->d, &acme, &e, (monday_s + s) * 1000000));
}

static void an_amount_far_above_the_usual_is_told_of(void **state)
{
    struct bench *b = begin();

    (void)state;
    for (int64_t i = 0; i < 100; i++)
        spend(b, i * HOUR, i % 10 == 0 ? "950.00" : "100.00", "acct_1");
    spend(b, 100 * HOUR, "1900.00", "acct_1");
    assert_int_equal(b->n, 0);
    spend(b, 101 * HOUR, "9500.00", "acct_1");
    spend(b, 102 * HOUR, "9500.00", "acct_1");
    const struct finding *f = only(b, DETECT_SPEND_AMOUNT);
    assert_string_equal(text(f, "amount"), "9500.00 NGN");
    assert_string_equal(f->subject, KEY);
    end(b);
}

static void a_new_destination_is_told_of_where_they_are_few(void **state)
{
    struct bench *b = begin();

    (void)state;
    for (int64_t i = 0; i < 200; i++)
        spend(b, i * HOUR, "100.00", i % 2 == 0 ? "acct_1" : "acct_2");
    spend(b, 200 * HOUR, "100.00", "acct_9");
    spend(b, 201 * HOUR, "100.00", "acct_9");
    assert_string_equal(text(only(b, DETECT_SPEND_DESTINATION), "destination"), "acct_9");
    end(b);
}

static void amounts_just_under_the_limit_are_told_of_unless_they_are_usual(void **state)
{
    struct bench *b = begin();

    (void)state;
    b->most = "1000.00";
    for (int64_t i = 0; i < 100; i++)
        spend(b, i * HOUR, "300.00", "acct_1");
    for (int64_t i = 0; i < 9; i++)
        spend(b, 100 * HOUR + i * 60, "990.00", "acct_1");
    assert_int_equal(b->n, 1);
    assert_string_equal(text(only(b, DETECT_SPEND_EDGE), "edge"), "900.00 NGN");
    b->most = "300.00";
    struct bench *other = begin();
    other->most = "300.00";
    for (int64_t i = 0; i < 200; i++)
        spend(other, i * HOUR * 2, "300.00", "acct_1");
    assert_int_equal(other->n, 0);
    end(other);
    end(b);
}

/* ---- chosen, saved ---- */

static void who_has_switched_a_detector_off_hears_nothing_of_it(void **state)
{
    struct bench *b = begin();

    (void)state;
    b->chosen.rule[DETECT_BROWSER].is_off = true;
    b->chosen.of[DENIALS_COUNT] = 3;
    struct event e = attempt(KW_WHY_BROWSER_USE, "192.0.2.7");
    e.flags |= EVENT_BROWSER;
    comes(b, &acme, &e, 0);
    assert_int_equal(b->n, 0);
    for (int i = 0; i < 3; i++)
        denied(b, 1, KW_WHY_PERMISSION_DENIED, &acme);
    assert_int_equal(number(only(b, DETECT_DENIALS), "denials"), 3);
    end(b);
}

/* Everything that follows is found alike, whether or not it was saved and put back after each step. */
static void play(struct bench *b, bool is_restarted)
{
    for (int64_t s = 0; s < 9 * DAY; s += HOUR) {
        use(b, s, "192.0.2.7");
        move_money(b, s + 1);
        denied(b, s + 2, KW_WHY_PERMISSION_DENIED, &acme);
        denied(b, s + 3, KW_WHY_UNKNOWN_KEY, &nobody);
        spend(b, s + 4, "100.00", "acct_1");
        if (is_restarted)
            restart(b);
    }
    for (int64_t s = 9 * DAY; s < 9 * DAY + 100; s++) {
        move_money(b, s);
        denied(b, s, KW_WHY_PERMISSION_DENIED, &acme);
        denied(b, s, KW_WHY_UNKNOWN_KEY, &nobody);
        use(b, s, "203.0.113.7");
        spend(b, s, "9999.00", "acct_2");
        if (is_restarted)
            restart(b);
    }
}

static void what_was_saved_goes_on_as_if_nothing_had_been(void **state)
{
    struct bench *one = begin(), *other = begin();

    (void)state;
    play(one, false);
    play(other, true);
    assert_true(one->n >= 6);
    assert_int_equal(one->n, other->n);
    for (size_t i = 0; i < one->n; i++) {
        uint8_t a[FINDING_MAX], b[FINDING_MAX];
        size_t n = finding_encode(&one->found[i], a);
        assert_int_equal(n, finding_encode(&other->found[i], b));
        assert_memory_equal(a, b, n);
    }
    end(one);
    end(other);
}

static void images_that_are_none_of_ours_are_refused(void **state)
{
    struct bench *b = begin();
    static char image[1024];

    (void)state;
    live(b, 0, 1);
    spend(b, 1, "1.00", "acct_1");
    restart(b);
    for (size_t i = 0; i < b->n_saved; i++) {
        struct row *row = &b->saved[i];
        memcpy(image, row->image, row->n);
        const struct str whole = {image, row->n}, cut = {image, row->n - 1}, none = {image, 3};
        assert_ok(detect_put(b->d, row->t, row->no, whole));
        assert_err(detect_put(b->d, row->t, row->no, cut), KW_EDAMAGED);
        assert_err(detect_put(b->d, row->t, row->no, none), KW_EDAMAGED);
        image[0]++;
        assert_err(detect_put(b->d, row->t, row->no, whole), KW_EFORMAT);
        image[0]--;
        uint32_t size = detect_table_size(row->t);
        assert_err(detect_put(b->d, row->t, size, whole), KW_EDAMAGED);
        if (row->t == DETECT_SPENDS) {
            memset(image + 8, 'X', 12);
            assert_err(detect_put(b->d, row->t, row->no, whole), KW_EDAMAGED);
        }
    }
    assert_err(detect_put(b->d, DETECT_N_TABLES, 1, (struct str){image, 8}), KW_EDAMAGED);
    end(b);
}

static void an_error_of_who_is_told_is_returned(void **state)
{
    struct bench *b = begin();
    struct event e = attempt(KW_WHY_ALLOWED, "192.0.2.7");

    (void)state;
    b->err = KW_EFULL;
    e.flags |= EVENT_BROWSER;
    assert_err(detect_event(b->d, &acme, &e, monday_s * 1000000), KW_EFULL);
    end(b);
}

int main(void)
{
    SUITE_TEST(a_network_that_is_new_to_a_key_is_told_of_once);
    SUITE_TEST(a_young_key_and_one_that_roams_say_nothing_by_it);
    SUITE_TEST(a_new_country_is_told_of_instead_of_its_network);
    SUITE_TEST(a_production_key_where_only_sandbox_keys_lived_is_told_of);
    SUITE_TEST(ten_times_as_much_is_told_of_and_so_is_money);
    SUITE_TEST(money_at_an_hour_at_which_it_never_moved_is_told_of);
    SUITE_TEST(refusals_one_after_the_other_are_told_of);
    SUITE_TEST(a_key_that_slept_for_long_is_told_of_when_it_wakes);
    SUITE_TEST(D11_an_old_secret_is_told_of_once_a_day);
    SUITE_TEST(a_browser_and_a_token_used_twice_are_told_of);
    SUITE_TEST(warnings_of_a_rotation_are_findings);
    SUITE_TEST(a_leak_is_told_of_only_where_the_key_works);
    SUITE_TEST(guesses_at_a_key_are_of_the_key_and_of_their_source);
    SUITE_TEST(a_summary_counts_with_all_that_it_stands_for);
    SUITE_TEST(C16_D12_a_key_over_plain_http_or_in_a_url_is_told_of);
    SUITE_TEST(strangers_cannot_fill_the_list_nor_push_out_who_does_more);
    SUITE_TEST(who_does_not_get_in_is_told_of_by_member_or_source);
    SUITE_TEST(a_management_token_used_twice_is_told_of);
    SUITE_TEST(what_could_not_be_recorded_is_told_of_and_a_dead_verifier_is_not);
    SUITE_TEST(far_more_refusals_than_usual_are_told_of);
    SUITE_TEST(an_amount_far_above_the_usual_is_told_of);
    SUITE_TEST(a_new_destination_is_told_of_where_they_are_few);
    SUITE_TEST(amounts_just_under_the_limit_are_told_of_unless_they_are_usual);
    SUITE_TEST(who_has_switched_a_detector_off_hears_nothing_of_it);
    SUITE_TEST(what_was_saved_goes_on_as_if_nothing_had_been);
    SUITE_TEST(images_that_are_none_of_ours_are_refused);
    SUITE_TEST(an_error_of_who_is_told_is_returned);
    return suite_run("watch/detect");
}
