/* report_letter.c - see report_letter.h. */
#include "notify/report_letter.h"

#include <stdio.h>

#include "core/moment.h"
#include "notify/writing.h"

static void number(struct writing *w, const char *name, int64_t n)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)n);
    writing_row(w, name, text);
}

void report_letter(const struct report_news *news, struct letter *l)
{
    char from[MOMENT_LEN + 1], to[MOMENT_LEN + 1], sentence[200];
    struct writing w;

    moment_print(news->from_ms, from);
    moment_print(news->to_ms, to);
    snprintf(l->subject, sizeof l->subject, "[Keyward] The week of %s", news->account);
    snprintf(sentence, sizeof sentence, "This is the account %s from %.10s to %.10s.",
             news->account, from, to);
    writing_begin(&w);
    writing_greet(&w, l);
    writing_paragraph(&w, sentence);
    writing_rows_begin(&w);
    number(&w, "allowed", news->allowed);
    number(&w, "denied", news->denied);
    number(&w, "sign-ins", news->signed_in);
    number(&w, "refused", news->sign_ins_refused);
    number(&w, "alerts", news->alerts);
    number(&w, "not resolved", news->alerts_open);
    number(&w, "keys overdue", news->overdue);
    number(&w, "due soon", news->due_soon);
    number(&w, "expiring", news->expiring);
    number(&w, "unused", news->unused);
    writing_rows_end(&w);
    writing_link(&w, "Look through it, and say that you have:", news->url);
    writing_end(&w, l);
}
