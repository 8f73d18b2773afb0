/* health.c - the call that tells how things are. */
#include <unistd.h>

#include <keyward/version.h>

#include "server/call.h"

static const uint64_t late_us = 2000000; /* a verifier begins to look for another keyring then */

enum kw_err health_get(struct call *c)
{
    struct sync_report report;
    struct store_counts counts;
    uint32_t policy;
    AUTO(buf_deinit) struct buf document = BUF_MAX(POLICY_DOCUMENT_MAX);

    TRY(call_no_parameters(c));
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
                       json_pack("{s:s, s:s, s:i, s:o, s:i, s:i, s:i, s:I, s:o, s:I}", "status",
                                 age_us > late_us ? "late" : "ok", "version", KEYWARD_VERSION, "pid",
                                 (int)getpid(), "startedAt", json_out_moment(c->server->started_ms),
                                 "keys", (int)counts.keys, "accounts", (int)counts.accounts,
                                 "policyVersion", (int)policy, "changeSeq", (json_int_t)seq,
                                 "keyring", keyring, "heartbeatAgeMs", (json_int_t)(age_us / 1000)));
}
