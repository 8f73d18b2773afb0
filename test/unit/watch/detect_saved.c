/* detect_saved.c - what a key spends; what an account has chosen; and what was saved goes on as if nothing had been. */
#include "detect_kit.h"

/* ---- money ---- */

static void an_amount_far_above_the_usual_is_told_of(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    for (int64_t i = 0; i < 100; i++)
        det_spend(b, i * HOUR, i % 10 == 0 ? "950.00" : "100.00", "acct_1");
    det_spend(b, 100 * HOUR, "1900.00", "acct_1");
    assert_int_equal(b->n, 0);
    det_spend(b, 101 * HOUR, "9500.00", "acct_1");
    det_spend(b, 102 * HOUR, "9500.00", "acct_1");
    const struct finding *f = det_only(b, DETECT_SPEND_AMOUNT);
    assert_string_equal(det_text(f, "amount"), "9500.00 NGN");
    assert_string_equal(det_text(f, "usual"), "959.23 NGN"); /* no digit that the currency has not got */
    assert_string_equal(f->subject, KEY);
    det_end(b);
}

/* So many of 100.00, so many hours apart, behind one of 1000.00; whether `text` is then found. */
static bool is_far(int64_t n, int64_t hours, const char *text)
{
    struct bench *b = det_begin();

    det_spend(b, 0, "1000.00", "acct_1");
    for (int64_t i = 1; i < n; i++)
        det_spend(b, i * hours * HOUR, "100.00", "acct_1");
    det_spend(b, n * hours * HOUR, text, "acct_1");
    bool is_found = b->n == 1 && b->found[0].detector == DETECT_SPEND_AMOUNT;
    det_end(b);
    return is_found;
}

static void the_largest_of_few_amounts_must_be_exceeded_by_more(void **state)
{
    (void)state;
    assert_false(is_far(49, 1, "9000.00"));
    assert_false(is_far(60, 1, "7400.00"));
    assert_true(is_far(60, 1, "8100.00"));
    assert_true(is_far(100, 1, "7400.00"));
}

static void what_is_usual_of_amounts_fades_by_days_and_by_amounts(void **state)
{
    (void)state;
    assert_false(is_far(499, 6, "6700.00"));
    assert_true(is_far(1502, 6, "6700.00"));
}

static void a_new_destination_is_told_of_where_they_are_few(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    for (int64_t i = 0; i < 200; i++)
        det_spend(b, i * HOUR, "100.00", i % 2 == 0 ? "acct_1" : "acct_2");
    det_spend(b, 200 * HOUR, "100.00", "acct_9");
    det_spend(b, 201 * HOUR, "100.00", "acct_9");
    assert_string_equal(det_text(det_only(b, DETECT_SPEND_DESTINATION), "destination"), "acct_9");
    det_end(b);
}

static void amounts_just_under_the_limit_are_told_of_unless_they_are_usual(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    b->most = "1000.00";
    for (int64_t i = 0; i < 100; i++)
        det_spend(b, i * HOUR, "300.00", "acct_1");
    for (int64_t i = 0; i < 9; i++)
        det_spend(b, 100 * HOUR + i * 60, "990.00", "acct_1");
    assert_int_equal(b->n, 1);
    assert_string_equal(det_text(det_only(b, DETECT_SPEND_EDGE), "edge"), "900.00 NGN");
    b->most = "300.00";
    struct bench *other = det_begin();
    other->most = "300.00";
    for (int64_t i = 0; i < 200; i++)
        det_spend(other, i * HOUR * 2, "300.00", "acct_1");
    assert_int_equal(other->n, 0);
    det_end(other);
    det_end(b);
}

/* ---- chosen, saved ---- */

static void who_has_switched_a_detector_off_hears_nothing_of_it(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    b->chosen.rule[DETECT_BROWSER].is_off = true;
    b->chosen.of[DENIALS_COUNT] = 3;
    struct event e = det_attempt(KW_WHY_BROWSER_USE, "192.0.2.7");
    e.flags |= EVENT_BROWSER;
    det_comes(b, &det_acme, &e, 0);
    assert_int_equal(b->n, 0);
    for (int i = 0; i < 3; i++)
        det_denied(b, 1, KW_WHY_PERMISSION_DENIED, &det_acme);
    assert_int_equal(det_number(det_only(b, DETECT_DENIALS), "denials"), 3);
    det_end(b);
}

/* Everything that follows is found alike, whether or not it was saved and put back after each step. */
static void play(struct bench *b, bool is_restarted)
{
    for (int64_t s = 0; s < 9 * DAY; s += HOUR) {
        det_use(b, s, "192.0.2.7");
        det_move_money(b, s + 1);
        det_denied(b, s + 2, KW_WHY_PERMISSION_DENIED, &det_acme);
        det_denied(b, s + 3, KW_WHY_UNKNOWN_KEY, &det_nobody);
        det_spend(b, s + 4, "100.00", "acct_1");
        if (is_restarted)
            det_restart(b);
    }
    for (int64_t s = 9 * DAY; s < 9 * DAY + 100; s++) {
        det_move_money(b, s);
        det_denied(b, s, KW_WHY_PERMISSION_DENIED, &det_acme);
        det_denied(b, s, KW_WHY_UNKNOWN_KEY, &det_nobody);
        det_use(b, s, "203.0.113.7");
        det_spend(b, s, "9999.00", "acct_2");
        if (is_restarted)
            det_restart(b);
    }
}

static void what_was_saved_goes_on_as_if_nothing_had_been(void **state)
{
    struct bench *one = det_begin(), *other = det_begin();

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
    det_end(one);
    det_end(other);
}

static void images_that_are_none_of_ours_are_refused(void **state)
{
    struct bench *b = det_begin();
    static char image[1024];

    (void)state;
    det_live(b, 0, 1);
    det_spend(b, 1, "1.00", "acct_1");
    det_restart(b);
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
            memset(image + 60, 'X', 12); /* its first currency */
            assert_err(detect_put(b->d, row->t, row->no, whole), KW_EDAMAGED);
        }
    }
    assert_err(detect_put(b->d, DETECT_N_TABLES, 1, (struct str){image, 8}), KW_EDAMAGED);
    det_end(b);
}

static void an_error_of_who_is_told_is_returned(void **state)
{
    struct bench *b = det_begin();
    struct event e = det_attempt(KW_WHY_ALLOWED, "192.0.2.7");

    (void)state;
    b->err = KW_EFULL;
    e.flags |= EVENT_BROWSER;
    assert_err(detect_event(b->d, &det_acme, &e, DET_MONDAY_S * 1000000), KW_EFULL);
    det_end(b);
}

int main(void)
{
    SUITE_TEST(an_amount_far_above_the_usual_is_told_of);
    SUITE_TEST(the_largest_of_few_amounts_must_be_exceeded_by_more);
    SUITE_TEST(what_is_usual_of_amounts_fades_by_days_and_by_amounts);
    SUITE_TEST(a_new_destination_is_told_of_where_they_are_few);
    SUITE_TEST(amounts_just_under_the_limit_are_told_of_unless_they_are_usual);
    SUITE_TEST(who_has_switched_a_detector_off_hears_nothing_of_it);
    SUITE_TEST(what_was_saved_goes_on_as_if_nothing_had_been);
    SUITE_TEST(images_that_are_none_of_ours_are_refused);
    SUITE_TEST(an_error_of_who_is_told_is_returned);
    return suite_run("watch/detect_saved");
}
