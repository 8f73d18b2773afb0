/* mailer.c - see mailer.h. The thread owns the job that it took; the jobs that wait are everybody's, under the lock; `wake` is
 * how anybody tells the thread that there is one more, or that it is to stop. */
#include "notify/mailer.h"

#include <curl/curl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "crypto/random.h"
#include "notify/message.h"

enum { TRIES = 6, FIRST_RETRY_US = 2 * 1000 * 1000, TIMES = 5 };

/* Each kind has room of its own: what strangers ask for, and what a server will not take now, leave room for fresh letters. */
enum kind { LETTER, QUESTION, RETRY, N_KINDS };
enum { MAX_LETTERS = 64, MAX_ASKED = 32, MAX_RETRIES = 256, MAX_OF_ACCOUNT = 16 };
static const unsigned max_of_kind[N_KINDS] = {MAX_LETTERS, MAX_ASKED, MAX_RETRIES};

struct job {
    struct letter letter;
    struct mailer_question question; /* write NULL: the letter is written */
    uint64_t due_us;                 /* boot clock */
    unsigned tries;
};

struct mailer {
    pthread_mutex_t lock; /* around the jobs, and what is counted of them */
    int wake;             /* an eventfd */
    atomic_bool stopping; /* alone in what it says: the strictest order costs nothing here */
    bool joined;
    pthread_t thread;
    struct smtp_server server;
    uint64_t first_retry_us;
    mailer_deliver *deliver;
    void *ctx;
    struct mailer_counts counts; /* but for `waiting` */
    unsigned n;
    struct job jobs[MAX_LETTERS + MAX_ASKED + MAX_RETRIES];
};

static void job_wipe(struct job *j)
{
    explicit_bzero(j, sizeof *j);
}

static void wake(const struct mailer *m)
{
    ssize_t n =
        write(m->wake, &(uint64_t){1}, sizeof(uint64_t)); /* can only fail when it is awake anyway */
    (void)n;
}

/* ---- the queue ---- */

static enum kind kind_of(const struct job *j)
{
    return j->question.write != NULL ? QUESTION : j->tries > 0 ? RETRY : LETTER;
}

/* Under the lock. A question has no account yet: those who ask are counted one by one, before they come here. */
static bool has_room(const struct mailer *m, const struct job *job)
{
    enum kind kind = kind_of(job);
    unsigned n = 0, n_of_account = 0;

    for (unsigned i = 0; i < m->n; i++) {
        if (kind_of(&m->jobs[i]) != kind)
            continue;
        n++;
        n_of_account += strcmp(m->jobs[i].letter.account, job->letter.account) == 0;
    }
    return n < max_of_kind[kind] && (kind == QUESTION || n_of_account < MAX_OF_ACCOUNT);
}

static enum kw_err put(struct mailer *m, const struct job *job)
{
    pthread_mutex_lock(&m->lock);
    enum kw_err err = atomic_load(&m->stopping) ? KW_EUNAVAILABLE
                      : has_room(m, job)        ? KW_OK
                                                : KW_EBUSY;
    if (err == KW_OK)
        m->jobs[m->n++] = *job;
    pthread_mutex_unlock(&m->lock);
    if (err == KW_OK)
        wake(m);
    return err;
}

/* Under the lock: the job that is due first; m->n: there is none. */
static unsigned first_due(const struct mailer *m)
{
    unsigned first = 0;

    for (unsigned i = 1; i < m->n; i++)
        if (m->jobs[i].due_us < m->jobs[first].due_us)
            first = i;
    return first;
}

static void take_out(struct mailer *m, unsigned i, struct job *out)
{
    *out = m->jobs[i];
    m->n--;
    memmove(&m->jobs[i], &m->jobs[i + 1], (m->n - i) * sizeof m->jobs[0]);
    job_wipe(&m->jobs[m->n]);
}

/* Takes the job that is due; else how long there is to wait for the first one, as poll wants it. */
static bool take_due(struct mailer *m, struct job *out, int *wait_ms)
{
    uint64_t now_us = clock_boot_us();

    pthread_mutex_lock(&m->lock);
    unsigned i = first_due(m);
    bool is_due = i < m->n && m->jobs[i].due_us <= now_us;
    uint64_t left_ms = is_due || i == m->n ? 0 : (m->jobs[i].due_us - now_us) / 1000 + 1;
    *wait_ms = i == m->n ? -1 : left_ms > INT_MAX ? INT_MAX : (int)left_ms;
    if (is_due)
        take_out(m, i, out);
    pthread_mutex_unlock(&m->lock);
    return is_due;
}

/* Waits for a job. False: it is time to stop. */
static bool next(struct mailer *m, struct job *out)
{
    struct pollfd woken = {.fd = m->wake, .events = POLLIN};
    uint64_t times; /* how often it was woken */
    ssize_t slept = 0;
    int wait_ms;

    (void)slept;
    while (!atomic_load(&m->stopping)) {
        if (take_due(m, out, &wait_ms))
            return true;
        if (poll(&woken, 1, wait_ms) > 0)
            slept = read(m->wake, &times, sizeof times);
    }
    return false;
}

/* ---- one job ---- */

static void count(struct mailer *m, uint64_t *of)
{
    pthread_mutex_lock(&m->lock);
    ++*of;
    pthread_mutex_unlock(&m->lock);
}

static void question_free(struct mailer_question *q)
{
    if (q->free != NULL)
        q->free(q->ctx);
    *q = (struct mailer_question){.write = NULL};
}

static enum kw_err deliver(struct mailer *m, const struct letter *l, char why[SMTP_WHY_MAX])
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(MESSAGE_MAX);
    char id[MESSAGE_ID_LEN + 1] = "";

    TRY(random_base62(id, MESSAGE_ID_LEN));
    const struct message_head head = {.from = m->server.from, .id = id, .now_ms = clock_wall_ms()};
    message_print(l, &head, &text);
    enum kw_err err =
        text.failed ? KW_ENOMEM : m->deliver(m->ctx, l->to, buf_view(&text), &m->stopping, why);
    if (text.p != NULL)
        explicit_bzero(text.p, text.cap);
    return err;
}

static const char *way_out(const struct letter *l)
{
    return l->has_link ? ". A new link is made with `keyward members link`" : "";
}

static void give_up_one(struct mailer *m, const struct job *j, const char *why)
{
    count(m, &m->counts.given_up);
    log_error("the mail to %s is given up: %s%s", j->letter.to, why, way_out(&j->letter));
}

/* Puts it back for later, or gives it up. */
static void failed(struct mailer *m, struct job *j, enum kw_err err, const char *why)
{
    uint64_t wait_us = m->first_retry_us;

    if (why[0] == '\0')
        why = kw_strerror(err);
    if (err == KW_EINVAL || ++j->tries >= TRIES) {
        give_up_one(m, j, why);
        return;
    }
    for (unsigned i = 1; i < j->tries; i++)
        wait_us *= TIMES;
    log_warn("the mail to %s was not sent, and will be tried again in %llu s: %s", j->letter.to,
             (unsigned long long)(wait_us / 1000000), why);
    j->due_us = clock_boot_us() + wait_us;
    err = put(m, j);
    if (err == KW_OK)
        count(m, &m->counts.again);
    else if (err == KW_EBUSY)
        give_up_one(m, j, "too many of its account wait to be tried again");
}

static void handle(struct mailer *m, struct job *j)
{
    char why[SMTP_WHY_MAX] = "";
    enum kw_err err = KW_OK;

    if (j->question.write != NULL) {
        err = j->question.write(j->question.ctx, &j->letter);
        question_free(&j->question);
        if (err != KW_OK) /* whoever was asked has said why */
            return;
    }
    err = deliver(m, &j->letter, why);
    if (err == KW_OK) {
        count(m, &m->counts.sent);
        log_info("mail was sent to %s", j->letter.to);
    } else if (!atomic_load(&m->stopping)) {
        failed(m, j, err, why);
    }
}

static void *run(void *arg)
{
    struct mailer *m = arg;
    struct job job = {.tries = 0};

    while (next(m, &job)) {
        handle(m, &job);
        job_wipe(&job);
    }
    return NULL;
}

/* ---- made and ended ---- */

static enum kw_err deliver_by_smtp(void *ctx, const char *to, struct str message,
                                   const atomic_bool *stop, char why[SMTP_WHY_MAX])
{
    return smtp_send(ctx, to, message, stop, why);
}

static enum kw_err start(struct mailer *m)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return KW_EUNAVAILABLE;
    m->wake = eventfd(0, EFD_CLOEXEC);
    if (m->wake >= 0) {
        pthread_mutex_init(&m->lock, NULL);
        if (pthread_create(&m->thread, NULL, run, m) == 0)
            return KW_OK;
        pthread_mutex_destroy(&m->lock);
    }
    file_closep(&m->wake);
    curl_global_cleanup();
    return KW_EUNAVAILABLE;
}

enum kw_err mailer_new(const struct mailer_options *options, struct mailer **out)
{
    struct mailer *m = calloc(1, sizeof *m);

    if (m == NULL)
        return KW_ENOMEM;
    m->server = *options->server;
    m->first_retry_us = options->first_retry_us == 0 ? FIRST_RETRY_US : options->first_retry_us;
    m->deliver = options->deliver == NULL ? deliver_by_smtp : options->deliver;
    m->ctx = options->deliver == NULL ? &m->server : options->ctx;
    enum kw_err err = start(m);
    if (err != KW_OK) {
        free(m);
        return err;
    }
    *out = m;
    return KW_OK;
}

/* Its thread has ended; and since `stopping` is looked at under the lock, nothing comes any more. */
static void give_up(struct mailer *m)
{
    unsigned n_letters = 0;

    pthread_mutex_lock(&m->lock);
    unsigned n = m->n;
    m->n = 0;
    pthread_mutex_unlock(&m->lock);
    for (unsigned i = 0; i < n; i++) {
        n_letters += m->jobs[i].question.write == NULL;
        question_free(&m->jobs[i].question);
        job_wipe(&m->jobs[i]);
    }
    if (n_letters > 0)
        log_warn("%u mails that waited are given up: links in them are to be made anew", n_letters);
}

void mailer_stop(struct mailer *m)
{
    atomic_store(&m->stopping, true);
    wake(m);
    if (!m->joined)
        pthread_join(m->thread, NULL);
    m->joined = true;
    give_up(m);
}

void mailer_free(struct mailer *m)
{
    if (m == NULL)
        return;
    mailer_stop(m);
    file_closep(&m->wake);
    pthread_mutex_destroy(&m->lock);
    curl_global_cleanup();
    free(m);
}

void mailer_freep(struct mailer **m)
{
    mailer_free(*m);
}

/* ---- handed over ---- */

enum kw_err mailer_send(struct mailer *m, const struct letter *letter)
{
    struct job job = {.letter = *letter};

    enum kw_err err = put(m, &job);
    job_wipe(&job);
    return err;
}

enum kw_err mailer_ask(struct mailer *m, const struct mailer_question *question)
{
    struct job job = {.question = *question};

    enum kw_err err = put(m, &job);
    if (err != KW_OK)
        question_free(&job.question);
    return err;
}

/* ---- counted ---- */

void mailer_counts(struct mailer *m, struct mailer_counts *out)
{
    pthread_mutex_lock(&m->lock);
    *out = m->counts;
    out->waiting = m->n;
    pthread_mutex_unlock(&m->lock);
}
