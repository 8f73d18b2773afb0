/* metrics.c - the call that tells numbers to Prometheus. No label holds anything but a word of a closed list: the text has
 * the same number of lines whatever strangers do. */
#include <stdio.h>

#include <keyward/reason.h>
#include <keyward/version.h>

#include "api/api.h"
#include "api/exposition.h"
#include "api/metrics_watch.h"
#include "keyring/format.h"
#include "record/fill.h"

enum { TEXT_MAX = 256 * 1024 };

static const char *const kinds[] = {
    [EVENT_DECISION] = "event", [EVENT_SUMMARY] = "summary", [EVENT_GAP] = "gap"};
static const char *const rings[] = {[RING_PROVED] = "proved", [RING_UNPROVED] = "unproved"};

static void one(struct exposition *x, const char *name, const char *type, const char *help, uint64_t n)
{
    exposition_begin(x, name, type, help);
    exposition_number(x, NULL, n);
}

static void seconds(struct exposition *x, const char *name, const char *help, uint64_t us)
{
    exposition_begin(x, name, "gauge", help);
    exposition_seconds(x, NULL, us);
}

static void write_build(struct exposition *x, const struct server *s)
{
    char keyring_format[12], ring_format[12];

    snprintf(keyring_format, sizeof keyring_format, "%d", KEYRING_FORMAT);
    snprintf(ring_format, sizeof ring_format, "%d", RING_FORMAT);
    const struct label build[] = {{"version", KEYWARD_VERSION},
                                  {"keyring_format", keyring_format},
                                  {"ring_format", ring_format},
                                  {NULL, NULL}};
    exposition_begin(x, "keyward_build_info", "gauge", "Which Keyward this is; always 1.");
    exposition_number(x, build, 1);
    seconds(x, "keyward_start_time_seconds", "When keyward serve started, since 1970.",
            (uint64_t)s->started_ms * 1000);
}

static void write_clock(struct exposition *x, const struct sync_clock *clock)
{
    one(x, "keyward_clock_jumped", "gauge",
        "1 while the wall clock was set by more than 10 s and is not believed.", clock->jumped);
    seconds(x, "keyward_clock_off_seconds",
            "How far the wall clock is from the time by which keys expire, either way.",
            (uint64_t)(clock->ahead_us < 0 ? -clock->ahead_us : clock->ahead_us));
}

static void write_decisions(struct exposition *x, const struct tally *t)
{
    exposition_begin(x, "keyward_decisions_total", "counter",
                     "Attempts put on the record since the start, one by one (event) or counted "
                     "(summary, gap).");
    for (int kind = EVENT_DECISION; kind <= EVENT_GAP; kind++)
        for (enum kw_reason why = 0; (unsigned)why < KW_N_REASONS; why++) {
            const struct label labels[] = {
                {"reason", kw_reason_name(why)}, {"kept", kinds[kind]}, {NULL, NULL}};
            exposition_number(x, labels, tally_read(&t->decisions[kind][why]));
        }
}

static void write_warnings(struct exposition *x, const struct tally *t)
{
    exposition_begin(x, "keyward_warnings_total", "counter",
                     "Warnings put on the record since the start: rotations that come due, secrets "
                     "used after their end.");
    for (enum warning w = WARNING_NONE + 1; w < N_WARNINGS; w++)
        exposition_number(x, (struct label[]){{"what", warning_word(w)}, {NULL, NULL}},
                          tally_read(&t->warnings[w]));
}

static void write_rings(struct exposition *x, const struct server *s)
{
    struct ring_fill fill;

    ring_fill(s->config->run_dir, &fill);
    one(x, "keyward_rings", "gauge", "Ring files, in use or spare.", fill.n_rings);
    exposition_begin(x, "keyward_ring_fill_ratio", "gauge",
                     "How full the fullest ring is. A full ring of proved attempts refuses.");
    for (int ring = 0; ring < 2; ring++)
        exposition_ratio(x, (struct label[]){{"ring", rings[ring]}, {NULL, NULL}},
                         fill.kind[ring].fullest_waiting, fill.kind[ring].fullest_slots);
    exposition_begin(x, "keyward_ring_waiting", "gauge",
                     "Attempts not yet on the record, in all rings.");
    for (int ring = 0; ring < 2; ring++)
        exposition_number(x, (struct label[]){{"ring", rings[ring]}, {NULL, NULL}},
                          fill.kind[ring].waiting);
    exposition_begin(x, "keyward_ring_slots", "gauge", "Places in all rings.");
    for (int ring = 0; ring < 2; ring++)
        exposition_number(x, (struct label[]){{"ring", rings[ring]}, {NULL, NULL}},
                          fill.kind[ring].slots);
    seconds(x, "keyward_record_lag_seconds",
            "How old the oldest attempt can be that is not yet on the record.",
            recording_lag_us(s->recording));
}

static void write_keyring(struct exposition *x, const struct sync_stats *st)
{
    one(x, "keyward_keyring_keys", "gauge", "Keys in the keyring, of any state.", st->keys);
    one(x, "keyward_keyring_keys_max", "gauge", "Keys it has room for before it is made larger.",
        st->keys_max);
    one(x, "keyward_keyring_accounts", "gauge", "Accounts in the keyring.", st->accounts);
    one(x, "keyward_keyring_accounts_max", "gauge",
        "Accounts it has room for before it is made larger.", st->accounts_max);
    one(x, "keyward_keyring_bytes", "gauge", "Size of the keyring's file.", st->bytes);
    one(x, "keyward_policy_version", "gauge", "Version of the route policy in force; 0: none.",
        st->policy_version);
}

static void write_changes(struct exposition *x, const struct sync_stats *st)
{
    one(x, "keyward_change_seq", "gauge", "Number of the newest change that is saved.",
        st->change_seq);
    one(x, "keyward_published_change_seq", "gauge", "Number of the newest change in the keyring.",
        st->published_seq);
    seconds(x, "keyward_publish_lag_seconds",
            "For how long something has been saved that is not in the keyring; 0: in step.",
            st->behind_us);
    one(x, "keyward_changes_unsaved", "gauge",
        "Revocations and the like in force and not yet saved.", st->n_unsaved);
    one(x, "keyward_seals_failed_total", "counter",
        "Rows read that did not carry their own seal: somebody wrote to the database.",
        st->seals_failed);
}

static void write_revocations(struct exposition *x, const struct tally *t)
{
    uint64_t counts[TALLY_BOUNDS + 1];

    for (size_t i = 0; i < COUNT_OF(counts); i++)
        counts[i] = tally_read(&t->revocations[i]);
    exposition_begin(
        x, "keyward_revocation_seconds", "histogram",
        "From the arrival of a revoke call until no decision allows the key any more.");
    exposition_histogram(x, tally_bounds_us, counts, TALLY_BOUNDS, tally_read(&t->revocations_us));
}

enum kw_err metrics_get(struct call *c)
{
    const struct server *s = c->server;
    struct exposition x = {.out = &c->text};
    struct sync_stats st;
    struct sync_clock clock;

    TRY(call_no_parameters(c));
    c->text = BUF_MAX(TEXT_MAX);
    sync_stats(s->sync, &st);
    write_build(&x, s);
    seconds(&x, "keyward_heartbeat_age_seconds", "Since the last sign of life in the keyring.",
            heartbeat_age_us(s->heartbeat));
    sync_clock(s->sync, &clock);
    write_clock(&x, &clock);
    write_decisions(&x, s->tally);
    write_warnings(&x, s->tally);
    write_rings(&x, s);
    write_keyring(&x, &st);
    write_changes(&x, &st);
    write_revocations(&x, s->tally);
    metrics_watch(&x, s);
    return call_answer_text(c, 200, EXPOSITION_TYPE);
}
