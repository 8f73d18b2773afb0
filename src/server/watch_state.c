/* watch_state.c - see watch_state.h. */
#include "server/watch_state.h"

#include <stdio.h>
#include <unistd.h>

const char *watch_file_word(enum watch_file f)
{
    return f == WATCH_USAGE ? "usage" : "outbox";
}

static bool is_damaged(const char *file)
{
    char path[CONFIG_PATH_MAX + 64];

    snprintf(path, sizeof path, "%s.damaged", file);
    return access(path, F_OK) == 0;
}

static int64_t age_ms(const struct server *s, const struct outbox_backlog *b)
{
    int64_t now_ms = sync_now_us(s->sync) / 1000;

    return b->oldest_ms == 0 || b->oldest_ms > now_ms ? 0 : now_ms - b->oldest_ms;
}

void watch_state(const struct server *s, struct watch_state *out)
{
    struct config_paths paths;

    *out = (struct watch_state){.deliveries_ms = 0};
    config_paths_of(s->config, &paths);
    counting_state(s->counting, &out->counting);
    webhooks_backlog(s->webhooks, &out->backlog);
    if (s->mailer != NULL)
        mailer_counts(s->mailer, &out->links);
    out->files[WATCH_USAGE].is_unavailable = out->counting.is_stuck;
    out->files[WATCH_USAGE].is_damaged = is_damaged(paths.usage);
    out->files[WATCH_OUTBOX].is_unavailable = !out->backlog.is_open;
    out->files[WATCH_OUTBOX].is_damaged = is_damaged(paths.outbox);
    out->deliveries_ms = age_ms(s, &out->backlog.deliveries);
    out->letters_ms = age_ms(s, &out->backlog.letters);
}
