/* server.h - what all calls of one `keyward serve` share. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "alerting/alert_mail.h"
#include "alerting/alerter.h"
#include "alerting/reporter.h"
#include "alerting/webhooks.h"
#include "config/config.h"
#include "jobs/chosen.h"
#include "jobs/counting.h"
#include "jobs/decider.h"
#include "jobs/heartbeat.h"
#include "jobs/key_uses.h"
#include "jobs/leak_desk.h"
#include "jobs/minter.h"
#include "jobs/recording.h"
#include "jobs/retaining.h"
#include "jobs/spender.h"
#include "jobs/tally.h"
#include "jobs/uses.h"
#include "jobs/warner.h"
#include "jobs/worker.h"
#include "notify/mailer.h"
#include "server/people.h"
#include "sync/sync.h"

struct server { /* borrows all of it; read only once the first call can come */
    const struct config *config;
    struct sync *sync;
    struct heartbeat *heartbeat;
    struct recording *recording;
    struct chosen *chosen;
    struct counting *counting;
    struct retaining *retaining;
    struct alerter *alerter;
    struct warner *warner;
    struct webhooks *webhooks;
    struct report_sources report_sources;
    struct reporter *reporter;
    struct alert_mail *alert_mail; /* NULL: this installation sends no mail */
    struct decider *decider;
    struct tally *tally;
    struct people *people;
    struct uses *uses;
    struct key_uses *key_uses;
    struct worker *worker;
    struct leak_desk *leaks;
    struct minter *minter;
    struct spender *spender;
    struct mailer *mailer; /* NULL: this installation sends no mail */
    int64_t started_ms;
};

#endif
