/* report_letter.h - the letter with which an account's report of the week is sent. */
#ifndef NOTIFY_REPORT_LETTER_H
#define NOTIFY_REPORT_LETTER_H

#include "notify/letter.h"

struct report_news { /* borrows */
    const char *account;
    int64_t from_ms, to_ms;
    int64_t allowed, denied, signed_in, sign_ins_refused, alerts, alerts_open;
    int64_t overdue, due_soon, expiring, unused; /* keys */
    const char *url; /* where it is looked at; empty: the dashboard's address is not known */
};

/* To whoever is filled in already: to, name, account. */
void report_letter(const struct report_news *news, struct letter *l);

#endif
