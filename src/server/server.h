/* server.h - what all calls of one `keyward serve` share. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "notify/mailer.h"
#include "server/alert_mail.h"
#include "server/alerter.h"
#include "server/chosen.h"
#include "server/config.h"
#include "server/counting.h"
#include "server/decider.h"
#include "server/heartbeat.h"
#include "server/key_uses.h"
#include "server/leak_desk.h"
#include "server/minter.h"
#include "server/people.h"
#include "server/recording.h"
#include "server/reporter.h"
#include "server/retaining.h"
#include "server/spender.h"
#include "server/tally.h"
#include "server/uses.h"
#include "server/warner.h"
#include "server/webhooks.h"
#include "server/worker.h"
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
