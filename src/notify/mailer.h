/* mailer.h - one thread that sends letters, and the few that may wait for it. */
#ifndef NOTIFY_MAILER_H
#define NOTIFY_MAILER_H

#include "notify/letter.h"
#include "notify/smtp.h"

/* Nobody who answers a call waits for a mail server. A letter that cannot be delivered now is tried again, after 2 s, 10 s,
 * 50 s, and so on, five times as long each; with the sixth time, after about half an hour, it is given up. The log says so,
 * with the address, never the letter. What waits is in memory alone: the end of the process is the end of it, and links are
 * made anew. What is tried again waits in room of its own, 256 letters and 16 of one account, and is given up where that is full.
 *
 * Threads   Any may hand over. `write` and `free` of a question are called in the mailer's own thread, or in the one that
 *           stops it; no lock is held then.
 * Memory    Letters are copied, and wiped when they have been sent or given up. */
struct mailer;

/* How a message is delivered; smtp_send, but in tests. */
typedef enum kw_err mailer_deliver(void *ctx, const char *to, struct str message,
                                   const atomic_bool *stop, char why[SMTP_WHY_MAX]);

struct mailer_options {
    const struct smtp_server *server; /* copied */
    uint64_t first_retry_us;          /* 0: 2 s */
    mailer_deliver *deliver;          /* NULL: smtp_send */
    void *ctx;
};

/* KW_ENOMEM, KW_EUNAVAILABLE. */
enum kw_err mailer_new(const struct mailer_options *options, struct mailer **out) MUST_USE;

/* Breaks off what is being sent, gives up what waits, and accepts nothing from here on. */
void mailer_stop(struct mailer *m);
void mailer_free(struct mailer *m); /* stops it; no other thread may still hand over. Takes NULL. */
void mailer_freep(struct mailer **m);

/* Sends a letter soon. KW_EBUSY: 64 wait, or 16 of its account; KW_EUNAVAILABLE: it has stopped. */
enum kw_err mailer_send(struct mailer *m, const struct letter *letter) MUST_USE;

/* The same of a letter that is yet to be written, by slow work that whoever asked for it must not wait for: a letter is sent
 * if `write` returns KW_OK. `free` is called once, also where this returns an error, which it does where 32 wait: strangers
 * who ask and those who send leave room for each other. */
struct mailer_question {
    enum kw_err (*write)(void *ctx, struct letter *out);
    void (*free)(void *ctx);
    void *ctx;
};
enum kw_err mailer_ask(struct mailer *m, const struct mailer_question *question) MUST_USE;

/* For people: what became of letters since it was made, and how many wait, with what is yet to be written. Any thread. */
struct mailer_counts {
    uint64_t sent, again, given_up; /* again: not now, to be tried once more */
    unsigned waiting;
};
void mailer_counts(struct mailer *m, struct mailer_counts *out);

#endif
