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

static void advised(struct writing *w, const struct report_advised *a)
{
    static const char *const words[ADVICE_N_KINDS] = {
        [ADVICE_PERMISSIONS] = "smaller permission",
        [ADVICE_ADDRESSES] = "list of addresses",
        [ADVICE_EXPIRY] = "expiry",
        [ADVICE_UNUSED] = "end, for nobody uses it",
    };
    char text[128] = "";
    size_t n = 0;

    for (unsigned k = 0; k < ADVICE_N_KINDS; k++)
        if ((a->kinds & 1U << k) != 0)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n == 0 ? "" : ", ", words[k]);
    writing_row(w, a->key, text);
}

static void advised_of(struct writing *w, const struct report_news *news)
{
    char text[64];

    if (news->advised < 0)
        return;
    snprintf(text, sizeof text, "%lld of %lld looked at", (long long)news->advised,
             (long long)news->looked);
    writing_row(w, "with advice", text);
}

/* A table of its own: which key it is stands where the other one says what is counted. */
static void advice(struct writing *w, const struct report_news *news)
{
    if (news->n_named == 0)
        return;
    writing_paragraph(w, (int64_t)news->n_named < news->advised
                             ? "Advice for the first of the keys that could do with less:"
                             : "Advice for keys that could do with less:");
    writing_rows_begin(w);
    for (size_t i = 0; i < news->n_named && i < REPORT_ADVISED_NAMED; i++)
        advised(w, &news->named[i]);
    writing_rows_end(w);
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
    advised_of(&w, news);
    writing_rows_end(&w);
    advice(&w, news);
    writing_link(&w, "Look through it, and say that you have:", news->url);
    writing_end(&w, l);
}
