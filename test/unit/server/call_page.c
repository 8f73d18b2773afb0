/* call_page.c - a page and its policy carry the same nonce, another one each time. */
#include "server/call.h"

#include "suite.h"

static void call_deinit(struct call *c)
{
    json_decref(c->answer);
    buf_deinit(&c->text);
}

static void assert_policy_ends_with(const struct call *c, struct str nonce)
{
    struct str policy = str_from(c->policy);

    assert_true(policy.n > nonce.n);
    assert_str(((struct str){policy.p + policy.n - nonce.n, nonce.n}), nonce);
}

static void page_and_policy_carry_one_nonce(void **state)
{
    AUTO(call_deinit) struct call c = {.status = 0}, other = {.status = 0};

    (void)state;
    assert_ok(call_answer_page(&c, STR("{nonce}{nonce}"), "a 'nonce-x'; b {nonce}"));
    assert_int_equal(c.status, 200);
    assert_string_equal(c.text_type, "text/html; charset=utf-8");
    struct str text = buf_view(&c.text), nonce = {text.p, CALL_NONCE_LEN};
    assert_int_equal(text.n, 2 * CALL_NONCE_LEN);
    assert_memory_equal(text.p, text.p + CALL_NONCE_LEN, CALL_NONCE_LEN);
    assert_policy_ends_with(&c, nonce);
    assert_true(str_starts(str_from(c.policy), STR("a 'nonce-x'; b ")));

    assert_ok(call_answer_page(&other, STR("{nonce}"), "{nonce}"));
    assert_memory_not_equal(other.text.p, nonce.p, CALL_NONCE_LEN);
}

static void a_text_without_a_place_stays_as_it_is(void **state)
{
    AUTO(call_deinit) struct call c = {.status = 0};

    (void)state;
    assert_ok(call_answer_page(&c, STR("{nonce {Nonce} {nonc"), "none"));
    assert_str(buf_view(&c.text), STR("{nonce {Nonce} {nonc"));
    assert_string_equal(c.policy, "none");
}

/* One that was cut off would let in more than was meant, or end in the middle of a word. */
static void a_policy_that_is_too_long_is_no_answer(void **state)
{
    AUTO(call_deinit) struct call c = {.status = 0};
    char policy[CALL_POLICY_MAX + 1];

    (void)state;
    memset(policy, 'x', sizeof policy);
    policy[CALL_POLICY_MAX] = '\0';
    assert_err(call_answer_page(&c, STR("page"), policy), KW_ERANGE);
    assert_string_equal(c.policy, "");
    assert_false(call_is_answered(&c));
}

int main(void)
{
    SUITE_TEST(page_and_policy_carry_one_nonce);
    SUITE_TEST(a_text_without_a_place_stays_as_it_is);
    SUITE_TEST(a_policy_that_is_too_long_is_no_answer);
    return suite_run("server/call_page");
}
