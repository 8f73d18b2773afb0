/* watch_state.h - how counting, and telling others, are doing now: for /metrics and /v1/health. */
#ifndef SERVER_WATCH_STATE_H
#define SERVER_WATCH_STATE_H

#include "server/server.h"

enum watch_file { WATCH_USAGE, WATCH_OUTBOX, N_WATCH_FILES };
const char *watch_file_word(enum watch_file f); /* "usage", "outbox" */

struct watch_file_state {
    bool is_unavailable; /* it cannot be used at the moment, and is tried again */
    bool is_damaged;     /* one that did not hold lies beside it, until somebody has looked */
};

struct watch_state {
    struct watch_file_state files[N_WATCH_FILES];
    struct counting_state counting;
    struct webhooks_backlog backlog;
    struct mailer_counts links;        /* letters with links; zero where no mail is sent */
    int64_t deliveries_ms, letters_ms; /* how old the oldest event is that waits; 0: none does */
};

/* Waits for nobody, whatever the disk does not answer. */
void watch_state(const struct server *s, struct watch_state *out);

#endif
