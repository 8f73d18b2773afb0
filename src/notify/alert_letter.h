/* alert_letter.h - letters about what the watch has found: one alert, or those of a day. */
#ifndef NOTIFY_ALERT_LETTER_H
#define NOTIFY_ALERT_LETTER_H

#include "core/alert.h"
#include "core/finding.h"
#include "notify/letter.h"

struct alert_news { /* borrows */
    const struct finding *finding;
    enum severity severity;
    enum alert_action taken; /* from the key; ALERT_NOTIFY: nothing */
    const char *name;        /* of what it is about; empty: it has none */
    const char *url; /* where it is looked at; empty: the dashboard's address is not known */
};

/* A letter about one alert, to whoever is filled in already: to, name, account. */
void alert_letter(const struct alert_news *news, struct letter *l);

/* A letter about several, of which the first are named, and all are counted: a digest of what can wait. `url` is where all
 * of them are. */
enum { ALERT_DIGEST_NAMED = 20 };
void alert_digest(const struct alert_news *news, size_t n, size_t n_all, const char *url,
                  struct letter *l);

#endif
