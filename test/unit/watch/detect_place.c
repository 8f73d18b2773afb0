/* detect_place.c - where a key lives is known by its network, by whose that is and by its country, and each survives the others. */
#include "detect_kit.h"

#include <stdio.h>

enum { SANDBOX_DAYS = 8 };

/* ---- location files ---- */

static bool has_no_file, thinks_otherwise;

static struct bench *begin_with(bool (*find)(void *, const struct address *, struct located *))
{
    struct bench *b = det_begin();

    has_no_file = thinks_otherwise = false;
    b->o.locator.find = find;
    detect_free(b->d);
    assert_ok(detect_new(&b->o, &b->d));
    return b;
}

/* Each /8 is another operator; all are in one country. */
static bool find_operator(void *ctx, const struct address *a, struct located *out)
{
    (void)ctx;
    *out = (struct located){.country = "NG", .as_number = a->b[12]};
    return !has_no_file;
}

/* One operator for all, in two countries. */
static bool find_country(void *ctx, const struct address *a, struct located *out)
{
    (void)ctx;
    *out = (struct located){.country = "NG", .as_number = 16509};
    if (a->b[12] != 192 || thinks_otherwise)
        memcpy(out->country, "RU", 2);
    return !has_no_file;
}

static void a_location_file_that_comes_or_goes_makes_no_network_new(void **state)
{
    (void)state;
    for (int is_first = 0; is_first < 2; is_first++) {
        struct bench *b = begin_with(find_operator);
        has_no_file = is_first == 0;
        det_live(b, 0, 20);
        has_no_file = is_first == 1;
        det_live(b, 20, 2);
        assert_int_equal(b->n, 0);
        det_use(b, 22 * DAY, "203.0.113.9");
        det_only(b, DETECT_NEW_NETWORK);
        det_end(b);
    }
}

static void what_a_file_teaches_of_known_networks_counts_as_nothing_new(void **state)
{
    struct bench *b = begin_with(find_operator);
    char source[32];

    (void)state;
    has_no_file = true;
    for (int i = 0; i < 20 * 24; i++) {
        snprintf(source, sizeof source, "%d.0.2.7", 10 + i % 5);
        det_use(b, i * HOUR, source);
    }
    has_no_file = false;
    for (int i = 0; i < 5; i++) {
        snprintf(source, sizeof source, "%d.0.2.7", 10 + i);
        det_use(b, 20 * DAY + i, source);
    }
    det_use(b, 21 * DAY, "10.9.9.9"); /* of a known operator */
    assert_int_equal(b->n, 0);
    det_use(b, 21 * DAY, "203.0.113.9");
    det_only(b, DETECT_NEW_NETWORK);
    det_end(b);
}

/* ---- countries ---- */

static void another_country_of_the_same_operator_is_told_of(void **state)
{
    struct bench *b = begin_with(find_country);

    (void)state;
    det_live(b, 0, 20);
    det_use(b, 20 * DAY, "203.0.113.9");
    assert_string_equal(det_text(det_only(b, DETECT_NEW_COUNTRY), "country"), "RU");
    det_end(b);
}

static void known_networks_teach_their_country_when_a_file_comes(void **state)
{
    struct bench *b = begin_with(find_country);

    (void)state;
    has_no_file = true;
    det_live(b, 0, 20);
    has_no_file = false;
    det_use(b, 20 * DAY, "203.0.113.9"); /* a thief, before the owner: that is no home */
    assert_int_equal(det_count(b, DETECT_NEW_COUNTRY), 0);
    det_live(b, 21, 10);
    det_use(b, 40 * DAY, "203.1.1.9");
    assert_string_equal(det_text(det_only(b, DETECT_NEW_COUNTRY), "country"), "RU");
    det_use(b, 41 * DAY, "192.9.9.9");
    assert_int_equal(det_count(b, DETECT_NEW_COUNTRY), 1);
    det_end(b);
}

static void a_file_that_thinks_otherwise_of_a_known_network_makes_no_alarm(void **state)
{
    struct bench *b = begin_with(find_country);

    (void)state;
    det_live(b, 0, 20);
    thinks_otherwise = true;
    det_use(b, 20 * DAY, "192.0.2.9");
    assert_int_equal(b->n, 0);
    det_end(b);
}

/* ---- homes ---- */

static const struct detect_who other_key = {.key = 8, .account = STR_INIT("acme")},
                               sandbox_key = {.key = 9, .account = STR_INIT("acme")};

static struct event attempt_in(enum kw_environment environment, enum kw_reason why, const char *source)
{
    struct event e = det_attempt(why, source);

    e.environment = environment;
    return e;
}

/* Each day a sandbox key comes from there. */
static void live_in_sandbox(struct bench *b, int64_t from_day, const char *source)
{
    const struct event e = attempt_in(KW_SANDBOX, KW_WHY_ALLOWED, source);

    for (int64_t day = from_day; day < from_day + SANDBOX_DAYS; day++)
        det_comes(b, &sandbox_key, &e, day * DAY + DAY - 1);
}

static void a_home_of_sandbox_keys_stays_one_when_a_location_file_goes(void **state)
{
    struct bench *b = begin_with(find_operator);

    (void)state;
    live_in_sandbox(b, 0, "198.51.100.3");
    det_live(b, SANDBOX_DAYS, 10);
    has_no_file = true;
    det_use(b, 18 * DAY, "198.51.100.4");
    assert_int_equal(det_number(det_only(b, DETECT_SANDBOX_PLACE), "sandboxDays"), SANDBOX_DAYS);
    det_end(b);
}

static void a_production_key_that_is_refused_in_the_sandbox_makes_no_home(void **state)
{
    struct bench *b = det_begin();
    const struct event wrong = attempt_in(KW_SANDBOX, KW_WHY_ENVIRONMENT_MISMATCH, "198.51.100.9"),
                       disabled = attempt_in(KW_SANDBOX, KW_WHY_KEY_DISABLED, "198.51.100.9");

    (void)state;
    det_live(b, 0, 12);
    for (int64_t day = 0; day < 12; day++) {
        det_comes(b, &other_key, &wrong, day * DAY);
        det_comes(b, &other_key, &disabled, day * DAY);
    }
    b->n = 0;
    det_use(b, 12 * DAY, "198.51.100.9");
    assert_int_equal(det_count(b, DETECT_SANDBOX_PLACE), 0);
    det_end(b);
}

static void a_sandbox_key_that_is_refused_in_production_hides_no_home(void **state)
{
    struct bench *b = det_begin();
    const struct event wrong = attempt_in(KW_PRODUCTION, KW_WHY_ENVIRONMENT_MISMATCH, "198.51.100.3");

    (void)state;
    live_in_sandbox(b, 0, "198.51.100.3");
    det_comes(b, &(struct detect_who){.key = 11, .account = STR("acme")}, &wrong, SANDBOX_DAYS * DAY);
    det_live(b, SANDBOX_DAYS, 10);
    det_use(b, 18 * DAY, "198.51.100.4");
    det_only(b, DETECT_SANDBOX_PLACE);
    det_end(b);
}

/* The other key lives elsewhere, and comes to where KEY lives, and a sandbox key did. */
static void come_home(struct bench *b)
{
    const struct event e = det_attempt(KW_WHY_ALLOWED, "203.0.113.9"),
                       there = det_attempt(KW_WHY_ALLOWED, "192.0.2.7");

    live_in_sandbox(b, 20, "192.0.2.7");
    for (int64_t s = 18 * DAY; s < 29 * DAY; s += HOUR)
        det_comes(b, &other_key, &e, s);
    b->n = 0;
    det_comes(b, &other_key, &there, 29 * DAY);
}

static void the_many_networks_of_other_accounts_forget_no_home_of_this_one(void **state)
{
    struct bench *b = det_begin();
    struct event e = det_attempt(KW_WHY_ALLOWED, "192.0.2.7");
    char account[16];

    (void)state;
    det_live(b, 0, 2);
    for (uint32_t i = 0; i < 20000; i++) {
        snprintf(account, sizeof account, "a%u", i % 40);
        const struct detect_who who = {.key = 100 + i % 40, .account = str_from(account)};
        e.source.b[12] = (uint8_t)(10 + (i >> 16));
        e.source.b[13] = (uint8_t)(i >> 8);
        e.source.b[14] = (uint8_t)i;
        det_comes(b, &who, &e, 3 * DAY);
    }
    come_home(b);
    assert_int_equal(det_count(b, DETECT_SANDBOX_PLACE), 0);
    det_end(b);
}

static void where_a_production_key_comes_each_day_is_its_home_again(void **state)
{
    struct bench *b = det_begin();
    struct event e = det_attempt(KW_WHY_ALLOWED, "192.0.2.7");
    const struct detect_who third = {.key = 10, .account = STR("acme")};

    (void)state;
    det_live(b, 0, 2);
    for (uint32_t i = 0; i < 60000; i++) {
        e.source.b[12] = (uint8_t)(10 + (i >> 16));
        e.source.b[13] = (uint8_t)(i >> 8);
        e.source.b[14] = (uint8_t)i;
        det_comes(b, &third, &e, 3 * DAY);
    }
    det_live(b, 4, 16);
    come_home(b);
    assert_int_equal(det_count(b, DETECT_SANDBOX_PLACE), 0);
    det_end(b);
}

int main(void)
{
    SUITE_TEST(a_location_file_that_comes_or_goes_makes_no_network_new);
    SUITE_TEST(what_a_file_teaches_of_known_networks_counts_as_nothing_new);
    SUITE_TEST(another_country_of_the_same_operator_is_told_of);
    SUITE_TEST(known_networks_teach_their_country_when_a_file_comes);
    SUITE_TEST(a_file_that_thinks_otherwise_of_a_known_network_makes_no_alarm);
    SUITE_TEST(a_home_of_sandbox_keys_stays_one_when_a_location_file_goes);
    SUITE_TEST(a_production_key_that_is_refused_in_the_sandbox_makes_no_home);
    SUITE_TEST(a_sandbox_key_that_is_refused_in_production_hides_no_home);
    SUITE_TEST(the_many_networks_of_other_accounts_forget_no_home_of_this_one);
    SUITE_TEST(where_a_production_key_comes_each_day_is_its_home_again);
    return suite_run("watch/detect_place");
}
