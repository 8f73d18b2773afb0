/* mailer.c - every letter is sent, tried again, or given up; full means full, for each kind and each account. */
#include "notify/mailer.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

#include "suite.h"

/* A mail server: refuses the first so many, and waits where it is told to. */
struct post {
    sem_t came, go; /* go: only where is_held */
    _Atomic bool is_held;
    _Atomic unsigned n_refused, n_tries;
    _Atomic int refusal; /* enum kw_err */
    char last[MEMBER_EMAIL_MAX + 1];
};

static enum kw_err deliver(void *ctx, const char *to, struct str message, const atomic_bool *stop,
                           char why[SMTP_WHY_MAX])
{
    struct post *p = ctx;

    (void)stop;
    assert_true(message.n > 100);
    snprintf(p->last, sizeof p->last, "%s", to);
    bool is_refused = p->n_tries++ < p->n_refused, is_held = p->is_held;
    sem_post(&p->came); /* from here on the test may hold the next one */
    if (is_held)
        sem_wait(&p->go);
    snprintf(why, SMTP_WHY_MAX, "not now");
    return is_refused ? (enum kw_err)p->refusal : KW_OK;
}

static struct mailer *open_at(struct post *p)
{
    static const struct smtp_server server = {.from = "keyward@shop.example"};
    struct mailer *m = NULL;

    sem_init(&p->came, 0, 0);
    sem_init(&p->go, 0, 0);
    assert_ok(mailer_new(&(struct mailer_options){&server, 1, deliver, p}, &m));
    return m;
}

static void send_of(struct mailer *m, const char *account, const char *email, enum kw_err want)
{
    struct letter l = {.subject = "A new password", .text = "https://keyward.example.com/accept#x\n"};

    snprintf(l.to, sizeof l.to, "%s", email);
    snprintf(l.account, sizeof l.account, "%s", account);
    assert_err(mailer_send(m, &l), want);
}

static void send_to(struct mailer *m, const char *email, enum kw_err want)
{
    send_of(m, "shop", email, want);
}

static void an_account_whose_letters_nobody_takes_stops_no_mail_of_another(void **state)
{
    static const struct smtp_server server = {.from = "keyward@shop.example"};
    struct post p = {.n_refused = 40, .refusal = KW_EUNAVAILABLE};
    struct mailer *m = NULL;

    (void)state;
    sem_init(&p.came, 0, 0);
    assert_ok(mailer_new(&(struct mailer_options){&server, 3600000000ULL, deliver, &p}, &m));
    for (int i = 0; i < 40;
         i++) { /* each is refused; 16 wait for an hour, and the others are given up */
        send_of(m, "bad", "bad@shop.example", KW_OK);
        sem_wait(&p.came);
    }
    p.is_held = true;
    send_of(m, "good", "good@shop.example", KW_OK);
    sem_wait(&p.came);
    struct mailer_counts n;
    mailer_counts(m, &n);
    assert_int_equal(n.waiting, 16);
    assert_int_equal(n.again, 16);
    assert_int_equal(n.given_up, 24);
    for (int i = 0; i < 17; i++)
        send_of(m, "bad", "bad@shop.example", i < 16 ? KW_OK : KW_EBUSY);
    send_of(m, "good", "good@shop.example", KW_OK);
    p.is_held = false;
    sem_post(&p.go);
    mailer_free(m);
}

static void a_letter_that_cannot_be_sent_is_tried_again(void **state)
{
    struct post p = {.n_refused = 2, .refusal = KW_EUNAVAILABLE};
    struct mailer *m = open_at(&p);

    (void)state;
    send_to(m, "anna@shop.example", KW_OK);
    for (int i = 0; i < 3; i++)
        sem_wait(&p.came);
    mailer_free(m);
    assert_int_equal(p.n_tries, 3);
    assert_string_equal(p.last, "anna@shop.example");
}

static void it_is_given_up_in_the_end_and_at_once_where_it_is_refused_for_good(void **state)
{
    struct post p = {.n_refused = 1000, .refusal = KW_EUNAVAILABLE};
    struct mailer *m = open_at(&p);

    (void)state;
    send_to(m, "a@shop.example", KW_OK);
    for (int i = 0; i < 6; i++)
        sem_wait(&p.came);
    p.refusal = KW_EINVAL;
    send_to(m, "b@shop.example", KW_OK);
    sem_wait(&p.came);
    p.n_refused = 0;
    send_to(m, "c@shop.example", KW_OK);
    sem_wait(&p.came);
    mailer_stop(m); /* what is on its way ends before */
    struct mailer_counts n;
    mailer_counts(m, &n);
    mailer_free(m);
    assert_int_equal(n.again, 5);
    assert_int_equal(n.given_up, 2);
    assert_int_equal(n.sent, 1);
    assert_int_equal(n.waiting, 0);
    assert_int_equal(p.n_tries, 8);
    assert_string_equal(p.last, "c@shop.example");
}

/* ---- questions ---- */

struct question {
    _Atomic unsigned n_written, n_freed;
    _Atomic int answer; /* enum kw_err */
};

static enum kw_err write_letter(void *ctx, struct letter *out)
{
    struct question *q = ctx;

    q->n_written++;
    snprintf(out->to, sizeof out->to, "asked@shop.example");
    return (enum kw_err)q->answer;
}

static void freed(void *ctx)
{
    struct question *q = ctx;

    q->n_freed++;
}

static enum kw_err ask(struct mailer *m, struct question *q)
{
    return mailer_ask(m, &(struct mailer_question){write_letter, freed, q});
}

static void
a_letter_is_written_once_however_often_it_is_tried_and_not_sent_where_there_is_none(void **state)
{
    struct question none = {.answer = KW_ENOTFOUND}, one = {.answer = KW_OK};
    struct post p = {.n_refused = 2, .refusal = KW_EUNAVAILABLE};
    struct mailer *m = open_at(&p);

    (void)state;
    assert_ok(ask(m, &none));
    assert_ok(ask(m, &one));
    for (int i = 0; i < 3; i++)
        sem_wait(&p.came);
    mailer_free(m);
    assert_string_equal(p.last, "asked@shop.example");
    assert_true(none.n_written == 1 && none.n_freed == 1 && one.n_written == 1 && one.n_freed == 1);
}

static void *stop(void *m)
{
    mailer_stop(m);
    return NULL;
}

static void
those_who_ask_and_those_who_send_have_room_of_their_own_and_what_waits_at_the_end_is_given_up(void **state)
{
    struct post p = {.is_held = true};
    struct mailer *m = open_at(&p);
    struct question q = {.answer = KW_OK};

    (void)state;
    send_to(m, "held@shop.example", KW_OK);
    sem_wait(&p.came); /* in hand */
    for (int i = 0; i < 32; i++)
        assert_ok(ask(m, &q));
    assert_err(ask(m, &q), KW_EBUSY);
    assert_int_equal(q.n_freed, 1);
    for (int i = 0; i < 64; i++)
        send_of(m, (char[]){(char)('a' + i % 4), '\0'}, "more@shop.example", KW_OK);
    send_to(m, "more@shop.example", KW_EBUSY);
    pthread_t ending;
    assert_int_equal(pthread_create(&ending, NULL, stop, m), 0);
    while (mailer_send(m, &(struct letter){.to = "x@shop.example"}) != KW_EUNAVAILABLE)
        ;
    sem_post(&p.go);
    pthread_join(ending, NULL);
    assert_err(ask(m, &q), KW_EUNAVAILABLE);
    mailer_free(m);
    assert_int_equal(p.n_tries, 1);
    assert_int_equal(q.n_written, 0);
    assert_int_equal(q.n_freed, 34);
}

int main(void)
{
    SUITE_TEST(an_account_whose_letters_nobody_takes_stops_no_mail_of_another);
    SUITE_TEST(a_letter_that_cannot_be_sent_is_tried_again);
    SUITE_TEST(it_is_given_up_in_the_end_and_at_once_where_it_is_refused_for_good);
    SUITE_TEST(a_letter_is_written_once_however_often_it_is_tried_and_not_sent_where_there_is_none);
    SUITE_TEST(
        those_who_ask_and_those_who_send_have_room_of_their_own_and_what_waits_at_the_end_is_given_up);
    return suite_run("notify/mailer");
}
