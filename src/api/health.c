/* health.c - the call that tells how things are: administrators all of it, anybody else whether. */
#include <unistd.h>

#include <keyward/version.h>

#include "api/api.h"
#include "server/watch_state.h"

static const uint64_t late_us = 2000000; /* a verifier begins to look for another keyring then */

static const char *status_of(uint64_t age_us)
{
    return age_us > late_us ? "late" : "ok";
}

static json_t *file_out(const struct watch_file_state *f)
{
    return json_pack("{s:b, s:b}", "available", !f->is_unavailable, "damaged", f->is_damaged);
}

static json_t *watch_out(const struct call *c)
{
    struct watch_state w;

    watch_state(c->server, &w);
    return json_pack("{s:o, s:o, s:I, s:I, s:I, s:I, s:I}", "usage",
                     file_out(&w.files[WATCH_USAGE]), "outbox", file_out(&w.files[WATCH_OUTBOX]),
                     "usageLagMs", (json_int_t)(w.counting.lag_us / 1000), "deliveriesWaiting",
                     (json_int_t)w.backlog.deliveries.waiting, "oldestDeliveryMs",
                     (json_int_t)w.deliveries_ms, "lettersWaiting",
                     (json_int_t)w.backlog.letters.waiting + (json_int_t)w.links.waiting,
                     "oldestLetterMs", (json_int_t)w.letters_ms);
}

static enum kw_err answer_all(struct call *c)
{
    struct sync_report report;
    struct store_counts counts;
    uint32_t policy;
    AUTO(buf_deinit) struct buf document = BUF_MAX(POLICY_DOCUMENT_MAX);

    sync_report(c->server->sync, &report);
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_counts(store, &counts);
    if (err == KW_OK)
        err = store_policy(store, &policy, &document);
    uint64_t seq = store_change_seq(store);
    sync_unlock(c->server->sync);
    TRY(err);
    uint64_t age_us = heartbeat_age_us(c->server->heartbeat);
    json_t *keyring = json_pack("{s:s, s:i, s:I}", "start", report.rebuilt ? "rebuilt" : "adopted",
                                "keys", (int)report.n_keys, "tookUs", (json_int_t)report.took_us);
    return call_answer(c, 200,
                       json_pack("{s:s, s:s, s:i, s:o, s:i, s:i, s:i, s:I, s:o, s:I, s:o}",
                                 "status", status_of(age_us), "version", KEYWARD_VERSION, "pid",
                                 (int)getpid(), "startedAt", json_out_moment(c->server->started_ms),
                                 "keys", (int)counts.keys, "accounts", (int)counts.accounts,
                                 "policyVersion", (int)policy, "changeSeq", (json_int_t)seq,
                                 "keyring", keyring, "heartbeatAgeMs", (json_int_t)(age_us / 1000),
                                 "watch", watch_out(c)));
}

/* Neither version nor numbers for strangers; and no lock, so that they cannot make others wait. */
enum kw_err health_get(struct call *c)
{
    TRY(call_no_parameters(c));
    if (!c->is_public)
        return answer_all(c);
    return call_answer(
        c, 200, json_pack("{s:s}", "status", status_of(heartbeat_age_us(c->server->heartbeat))));
}
