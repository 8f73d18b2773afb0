/* report_letter.h - the letter with which an account's report of the week is sent. */
#ifndef NOTIFY_REPORT_LETTER_H
#define NOTIFY_REPORT_LETTER_H

#include "core/advice.h"
#include "notify/letter.h"

enum { REPORT_ADVISED_NAMED = 8 };

struct report_advised { /* borrows */
    const char *key;    /* its id */
    unsigned kinds;     /* 1 << enum advice_kind */
};

struct report_news { /* borrows */
    const char *account;
    int64_t from_ms, to_ms;
    int64_t allowed, denied, signed_in, sign_ins_refused, alerts, alerts_open;
    int64_t overdue, due_soon, expiring, unused; /* keys */
    int64_t advised,
        looked; /* keys as well: of so many; of the former the first are named. -1: not known */
    const struct report_advised *named;
    size_t n_named;  /* at most REPORT_ADVISED_NAMED */
    const char *url; /* where it is looked at; empty: the dashboard's address is not known */
};

/* To whoever is filled in already: to, name, account. */
void report_letter(const struct report_news *news, struct letter *l);

#endif
