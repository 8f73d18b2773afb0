/* metrics_watch.c - see metrics_watch.h. Alerts, what waits for webhooks and mail, and how far counting has come. */
#include "api/metrics_watch.h"

#include "server/watch_state.h"

static const char *const outcomes[TALLY_STATES] = {
    [OUTBOX_PENDING] = "again", [OUTBOX_DELIVERED] = "delivered", [OUTBOX_FAILED] = "failed"};

/* ---- alerts ---- */

static void write_raised(struct exposition *x, const struct tally *t)
{
    exposition_begin(x, "keyward_alerts_total", "counter", "Alerts raised since the start.");
    for (enum detector d = 0; d < N_DETECTORS; d++)
        for (enum severity s = 0; s < N_SEVERITIES; s++) {
            const struct label labels[] = {
                {"detector", detector_word(d)}, {"severity", severity_word(s)}, {NULL, NULL}};
            exposition_number(x, labels, tally_read(&t->alerts[d][s]));
        }
}

static void write_open(struct exposition *x, const struct tally *t)
{
    exposition_begin(x, "keyward_alerts_open", "gauge", "Alerts that nobody has acknowledged yet.");
    for (enum severity s = 0; s < N_SEVERITIES; s++)
        exposition_number(x, (struct label[]){{"severity", severity_word(s)}, {NULL, NULL}},
                          tally_read(&t->alerts_open[s]));
}

/* ---- told ---- */

static void write_sent_one(struct exposition *x, const char *what, const char *outcome, uint64_t n)
{
    exposition_number(x, (const struct label[]){{"what", what}, {"outcome", outcome}, {NULL, NULL}},
                      n);
}

static void write_sent(struct exposition *x, const struct tally *t, const struct mailer_counts *links)
{
    exposition_begin(
        x, "keyward_notices_total", "counter",
        "Tries since the start to send something, by what became of them: delivered, to be "
        "tried again, or failed for good.");
    for (size_t i = 0; i < TALLY_STATES; i++)
        write_sent_one(x, "webhook", outcomes[i], tally_read(&t->deliveries[i]));
    for (size_t i = 0; i < TALLY_STATES; i++)
        write_sent_one(x, "letter", outcomes[i], tally_read(&t->letters[i]));
    write_sent_one(x, "link", "again", links->again);
    write_sent_one(x, "link", "delivered", links->sent);
    write_sent_one(x, "link", "failed", links->given_up);
}

static void write_of(struct exposition *x, const char *what, uint64_t n)
{
    exposition_number(x, (const struct label[]){{"what", what}, {NULL, NULL}}, n);
}

static void write_waiting(struct exposition *x, const struct watch_state *w)
{
    const struct outbox_backlog *d = &w->backlog.deliveries, *l = &w->backlog.letters;

    exposition_begin(x, "keyward_notices_waiting", "gauge",
                     "How many wait to be sent, or to be tried again.");
    write_of(x, "webhook", d->waiting);
    write_of(x, "letter", l->waiting);
    write_of(x, "link", w->links.waiting);
    exposition_begin(x, "keyward_notices_oldest_seconds", "gauge",
                     "How long ago that was which the oldest of them tells; 0: none waits.");
    exposition_seconds(x, (const struct label[]){{"what", "webhook"}, {NULL, NULL}},
                       (uint64_t)w->deliveries_ms * 1000);
    exposition_seconds(x, (const struct label[]){{"what", "letter"}, {NULL, NULL}},
                       (uint64_t)w->letters_ms * 1000);
    exposition_begin(
        x, "keyward_notices_given_up", "gauge",
        "How many were given up because too many waited, of those whom outbox.db knows.");
    write_of(x, "webhook", d->given_up);
    write_of(x, "letter", l->given_up);
}

static void write_off(struct exposition *x, const struct tally *t)
{
    exposition_begin(
        x, "keyward_webhooks_off_total", "counter",
        "Webhooks that were switched off since the start, because nothing arrived there.");
    for (enum webhook_why why = WEBHOOK_FAILING; why < N_WEBHOOK_WHYS; why++)
        exposition_number(x, (struct label[]){{"why", webhook_why_word(why)}, {NULL, NULL}},
                          tally_read(&t->webhooks_off[why]));
    exposition_begin(x, "keyward_reports_total", "counter",
                     "Weekly reports of accounts written since the start.");
    exposition_number(x, NULL, tally_read(&t->reports));
}

/* ---- counted ---- */

static void write_counting(struct exposition *x, const struct counting_state *c)
{
    exposition_begin(
        x, "keyward_usage_lag_seconds", "gauge",
        "How long ago all was counted, and looked at by the detectors, that was on the "
        "record then.");
    exposition_seconds(x, NULL, c->lag_us);
    exposition_begin(x, "keyward_usage_waiting_batches", "gauge",
                     "Batches of the record that are not counted yet.");
    exposition_number(x, NULL, c->batches);
    exposition_begin(
        x, "keyward_location_made_time_seconds", "gauge",
        "When the older of the files was made that tell places, since 1970; 0: there is none.");
    exposition_number(x, NULL, c->located_s);
}

static void write_files(struct exposition *x, const struct watch_state *w)
{
    exposition_begin(x, "keyward_file_unavailable", "gauge",
                     "1 while the file cannot be used; it is tried again.");
    for (enum watch_file f = 0; f < N_WATCH_FILES; f++)
        exposition_number(x, (struct label[]){{"file", watch_file_word(f)}, {NULL, NULL}},
                          w->files[f].is_unavailable);
    exposition_begin(x, "keyward_file_damaged", "gauge",
                     "1 while one that did not hold lies beside it, moved aside.");
    for (enum watch_file f = 0; f < N_WATCH_FILES; f++)
        exposition_number(x, (struct label[]){{"file", watch_file_word(f)}, {NULL, NULL}},
                          w->files[f].is_damaged);
}

void metrics_watch(struct exposition *x, const struct server *s)
{
    struct watch_state w;

    watch_state(s, &w);
    write_raised(x, s->tally);
    write_open(x, s->tally);
    write_sent(x, s->tally, &w.links);
    write_waiting(x, &w);
    write_off(x, s->tally);
    write_counting(x, &w.counting);
    write_files(x, &w);
}
