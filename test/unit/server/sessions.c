/* sessions.c - who is signed in stays so for a while, and who is not never is. */
#include "server/sessions.h"

#include <pthread.h>

#include "suite.h"

#define PROVED(epoch) ((struct session_renewal){epoch, true})

static const int64_t start = 1700000000000;
static const uint8_t source[16] = {[10] = 0xff, [11] = 0xff, 10, 0, 0, 1};

static struct sessions *fresh(unsigned max, unsigned max_of_member)
{
    struct sessions *t;

    assert_ok(sessions_new(&(struct sessions_limits){max, max_of_member}, &t));
    return t;
}

static struct str begin(struct sessions *t, uint32_t slot, int64_t now_ms,
                        char text[SESSION_TEXT_LEN + 1], struct session *out)
{
    const struct session_start who = {
        .member_slot = slot,
        .member = STR("member00000001"),
        .account = STR("acme"),
        .epoch = 3,
        .source = source,
        .agent = STR("Firefox\n\xc3\xa9"),
    };

    assert_ok(sessions_begin(t, &who, now_ms, text, out));
    return (struct str){text, SESSION_TEXT_LEN};
}

static enum kw_err find(struct sessions *t, struct str text, int64_t now_ms)
{
    struct session s;

    return sessions_find(t, text, now_ms, &s);
}

static void a_session_is_found_by_its_text(void **state)
{
    AUTO(sessions_freep) struct sessions *t = fresh(0, 0);
    char text[SESSION_TEXT_LEN + 1];
    struct session began, s;
    struct str cookie = begin(t, 7, start, text, &began);

    (void)state;
    assert_ok(sessions_find(t, cookie, start + 5, &s));
    assert_int_equal(s.member_slot, 7);
    assert_int_equal(s.epoch, 3);
    assert_string_equal(s.member, "member00000001");
    assert_string_equal(s.account, "acme");
    assert_string_equal(s.agent, "Firefox???");
    assert_memory_equal(s.source, source, sizeof source);
    assert_true(s.created_ms == start && s.stepped_up_ms == start && s.seen_ms == start + 5);
    assert_string_equal(s.id, began.id);
    assert_int_equal(strlen(s.id), KW_KEY_ID_LEN);
    assert_true(session_csrf_is(&s, str_from(began.csrf)));
    assert_false(session_csrf_is(&s, cookie));
    assert_false(session_csrf_is(&s, STR("")));
    assert_false(session_csrf_is(&(struct session){0}, STR("")));
}

static void F1_a_text_that_was_there_before_is_never_valid(void **state)
{
    AUTO(sessions_freep) struct sessions *t = fresh(0, 0);
    char text[SESSION_TEXT_LEN + 1] = "0123456789012345678901234567890123456789012",
                                 before[sizeof text];

    (void)state;
    memcpy(before, text, sizeof text);
    assert_err(find(t, str_from(before), start), KW_ENOTFOUND);
    begin(t, 7, start, text, NULL);
    assert_string_not_equal(text, before);
    assert_err(find(t, str_from(before), start), KW_ENOTFOUND);
    assert_err(find(t, (struct str){NULL, 0}, start), KW_ENOTFOUND);
    assert_err(find(t, (struct str){text, SESSION_TEXT_LEN - 1}, start), KW_ENOTFOUND);
    assert_err(find(t, (struct str){text, SESSION_TEXT_LEN + 1}, start), KW_ENOTFOUND);
}

static void F1_a_renewed_session_has_another_text_and_the_old_one_is_dead(void **state)
{
    AUTO(sessions_freep) struct sessions *t = fresh(0, 0);
    char text[SESSION_TEXT_LEN + 1], renewed[SESSION_TEXT_LEN + 1];
    struct session before, after;
    struct str cookie = begin(t, 7, start, text, &before);

    (void)state;
    assert_ok(sessions_renew(t, cookie, PROVED(4), start + 60000, renewed, &after));
    assert_err(find(t, cookie, start + 60000), KW_ENOTFOUND);
    assert_err(sessions_renew(t, cookie, PROVED(4), start + 60000, text, NULL), KW_ENOTFOUND);
    assert_ok(find(t, str_from(renewed), start + 60000));
    assert_string_equal(after.id, before.id);
    assert_string_not_equal(after.csrf, before.csrf);
    assert_true(after.epoch == 4 && after.stepped_up_ms == start + 60000 && after.created_ms == start);
    assert_int_equal(sessions_count(t, start + 60000), 1);
}

static void F11_the_fifth_wrong_proof_ends_a_session_and_a_right_one_forgives(void **state)
{
    AUTO(sessions_freep) struct sessions *t = fresh(0, 0);
    char text[SESSION_TEXT_LEN + 1], renewed[SESSION_TEXT_LEN + 1];
    struct str cookie = begin(t, 7, start, text, NULL);

    (void)state;
    for (int i = 1; i < SESSION_WRONG_MAX; i++)
        assert_false(sessions_wrong(t, cookie));
    assert_ok(sessions_renew(t, cookie, PROVED(3), start, renewed, NULL));
    cookie = str_from(renewed);
    for (int i = 1; i < SESSION_WRONG_MAX; i++)
        assert_false(sessions_wrong(t, cookie));
    assert_ok(find(t, cookie, start));
    assert_true(sessions_wrong(t, cookie));
    assert_err(find(t, cookie, start), KW_ENOTFOUND);
    assert_true(sessions_wrong(t, cookie));
}

static void a_renewed_session_is_fresh_only_when_all_was_proved(void **state)
{
    AUTO(sessions_freep) struct sessions *t = fresh(0, 0);
    char text[SESSION_TEXT_LEN + 1], renewed[SESSION_TEXT_LEN + 1];
    struct session after;
    struct str cookie = begin(t, 7, start, text, NULL);

    (void)state;
    assert_ok(sessions_renew(t, cookie, (struct session_renewal){4, false}, start + 60000, renewed,
                             &after));
    assert_true(after.epoch == 4 && after.stepped_up_ms == start && after.seen_ms == start + 60000);
    assert_ok(sessions_renew(t, str_from(renewed), PROVED(4), start + 70000, text, &after));
    assert_true(after.stepped_up_ms == start + 70000);
}

static void F3_ended_sessions_are_not_found_again(void **state)
{
    AUTO(sessions_freep) struct sessions *t = fresh(0, 0);
    char one[SESSION_TEXT_LEN + 1], two[SESSION_TEXT_LEN + 1], three[SESSION_TEXT_LEN + 1],
        other[SESSION_TEXT_LEN + 1];
    struct session s;

    (void)state;
    begin(t, 7, start, one, NULL);
    begin(t, 7, start, two, &s);
    begin(t, 7, start, three, NULL);
    begin(t, 8, start, other, NULL);
    assert_int_equal(sessions_end(t, str_from(one)), 1);
    assert_int_equal(sessions_end(t, str_from(one)), 0);
    assert_err(find(t, str_from(one), start), KW_ENOTFOUND);
    assert_int_equal(sessions_end_id(t, 8, str_from(s.id)), 0); /* not his */
    assert_ok(find(t, str_from(two), start));
    assert_int_equal(sessions_end_id(t, 7, str_from(s.id)), 1);
    assert_err(find(t, str_from(two), start), KW_ENOTFOUND);
    assert_int_equal(sessions_end_member(t, 7), 1);
    assert_err(find(t, str_from(three), start), KW_ENOTFOUND);
    assert_ok(find(t, str_from(other), start));
}

static void a_session_ends_when_nobody_uses_it(void **state)
{
    AUTO(sessions_freep) struct sessions *t = fresh(0, 0);
    char text[SESSION_TEXT_LEN + 1];
    struct str cookie = begin(t, 7, start, text, NULL);

    (void)state;
    assert_ok(find(t, cookie, start + SESSION_IDLE_MS - 1));
    assert_ok(find(t, cookie, start + INT64_C(2) * (SESSION_IDLE_MS - 1)));
    assert_ok(find(t, cookie, start)); /* a clock that goes back: it was seen later all the same */
    assert_err(find(t, cookie, start + INT64_C(3) * SESSION_IDLE_MS), KW_ENOTFOUND);
    assert_err(find(t, cookie, start), KW_ENOTFOUND); /* for good */
}

static void a_session_ends_after_twelve_hours_however_it_is_used(void **state)
{
    AUTO(sessions_freep) struct sessions *t = fresh(0, 0);
    char text[SESSION_TEXT_LEN + 1];
    struct str cookie = begin(t, 7, start, text, NULL);

    (void)state;
    for (int64_t at = 0; at < SESSION_LONGEST_MS; at += 60000)
        assert_ok(sessions_renew(t, cookie, PROVED(3), start + at, text, NULL));
    assert_err(find(t, cookie, start + SESSION_LONGEST_MS), KW_ENOTFOUND);
}

static void a_member_has_so_many_and_the_oldest_ends(void **state)
{
    AUTO(sessions_freep) struct sessions *t = fresh(0, 0);
    char text[21][SESSION_TEXT_LEN + 1], other[SESSION_TEXT_LEN + 1];

    (void)state;
    begin(t, 8, start, other, NULL);
    for (size_t i = 0; i < COUNT_OF(text); i++)
        begin(t, 7, start, text[i], NULL);
    assert_err(find(t, str_from(text[0]), start), KW_ENOTFOUND);
    for (size_t i = 1; i < COUNT_OF(text); i++)
        assert_ok(find(t, str_from(text[i]), start));
    assert_ok(find(t, str_from(other), start));
}

static void there_are_so_many_and_the_oldest_ends(void **state)
{
    AUTO(sessions_freep) struct sessions *t = fresh(3, 0);
    char text[4][SESSION_TEXT_LEN + 1];

    (void)state;
    for (uint32_t i = 0; i < 4; i++)
        begin(t, i, start, text[i], NULL);
    assert_err(find(t, str_from(text[0]), start), KW_ENOTFOUND);
    for (size_t i = 1; i < 4; i++)
        assert_ok(find(t, str_from(text[i]), start));
    assert_int_equal(sessions_count(t, start), 3);
    assert_int_equal(sessions_count(t, start + SESSION_IDLE_MS), 0);
}

static void remember(void *ctx, const struct session *s)
{
    unsigned *n = ctx;

    assert_int_equal(s->member_slot, 7);
    assert_string_equal(s->csrf, "");
    ++*n;
}

static void a_list_is_of_one_member_and_without_secrets(void **state)
{
    AUTO(sessions_freep) struct sessions *t = fresh(0, 0);
    char text[SESSION_TEXT_LEN + 1];
    unsigned n = 0;

    (void)state;
    begin(t, 7, start - SESSION_IDLE_MS, text, NULL); /* over */
    begin(t, 7, start, text, NULL);
    begin(t, 7, start, text, NULL);
    begin(t, 8, start, text, NULL);
    sessions_list(t, 7, start, remember, &n);
    assert_int_equal(n, 2);
}

static void ids_that_are_too_long_are_refused(void **state)
{
    AUTO(sessions_freep) struct sessions *t = fresh(0, 0);
    char text[SESSION_TEXT_LEN + 1];
    struct session_start who = {.member = STR("member000000012"), .source = source};

    (void)state;
    assert_err(sessions_begin(t, &who, start, text, NULL), KW_ERANGE);
    assert_int_equal(sessions_count(t, start), 0);
}

static void *live(void *arg)
{
    struct sessions *t = arg;
    char text[SESSION_TEXT_LEN + 1];
    unsigned n = 0;

    for (uint32_t i = 0; i < 200; i++) {
        struct str cookie = begin(t, 7, start + i, text, NULL);
        ignore(find(t, cookie, start + i)); /* others may have pushed it out, or ended it */
        ignore(sessions_renew(t, cookie, PROVED(3), start + i, text, NULL));
        if (i % 3 == 0)
            sessions_end(t, cookie);
        sessions_list(t, 7, start, remember, &n);
        if (i % 50 == 49)
            sessions_end_member(t, 7);
    }
    return NULL;
}

static void threads_share_a_table(void **state)
{
    AUTO(sessions_freep) struct sessions *t = fresh(16, 8);
    pthread_t threads[4];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, live, t), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        pthread_join(threads[i], NULL);
    assert_true(sessions_count(t, start) <= 8);
    sessions_end_member(t, 7);
    assert_int_equal(sessions_count(t, start), 0);
}

int main(void)
{
    SUITE_TEST(a_session_is_found_by_its_text);
    SUITE_TEST(F1_a_text_that_was_there_before_is_never_valid);
    SUITE_TEST(F1_a_renewed_session_has_another_text_and_the_old_one_is_dead);
    SUITE_TEST(a_renewed_session_is_fresh_only_when_all_was_proved);
    SUITE_TEST(F11_the_fifth_wrong_proof_ends_a_session_and_a_right_one_forgives);
    SUITE_TEST(F3_ended_sessions_are_not_found_again);
    SUITE_TEST(a_session_ends_when_nobody_uses_it);
    SUITE_TEST(a_session_ends_after_twelve_hours_however_it_is_used);
    SUITE_TEST(a_member_has_so_many_and_the_oldest_ends);
    SUITE_TEST(there_are_so_many_and_the_oldest_ends);
    SUITE_TEST(a_list_is_of_one_member_and_without_secrets);
    SUITE_TEST(ids_that_are_too_long_are_refused);
    SUITE_TEST(threads_share_a_table);
    return suite_run("server/sessions");
}
