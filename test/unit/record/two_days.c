/* two_days.c - see two_days.h. */
#include "two_days.h"

static const int64_t second_us = 1000000, day_us = (int64_t)86400 * 1000000;

int64_t days_time(uint32_t i)
{
    return RIG_NOON + (i / (DAYS_EVENTS / 2)) * day_us + i * second_us;
}

static struct event days_event(uint32_t i)
{
    static char accounts[4][6] = {"acme0", "acme1", "acme2", "acme3"};
    char key[15] = "7Q2mK4T9xJ1aB0";

    key[13] = (char)('0' + i % 10);
    struct event e = rig_event(days_time(i), key);
    e.account = str_from(accounts[i % 4]);
    e.source.b[14] = 7;
    e.source.b[15] = (uint8_t)(i % 100);
    e.reason = i % 50 == 0 ? KW_WHY_PERMISSION_DENIED : KW_WHY_ALLOWED;
    e.status = i % 50 == 0 ? 403 : 200;
    e.environment = i % 3 == 0 ? KW_PRODUCTION : KW_SANDBOX;
    memset(e.request_id, 0, sizeof e.request_id);
    memcpy(e.request_id, &(uint32_t){i + 1}, 4);
    e.route = i;
    return e;
}

static void append(struct segments *s, uint32_t batch)
{
    static uint8_t bytes[DAYS_PER_BATCH + 1][CHANGE_MAX];
    struct record records[DAYS_PER_BATCH + 1];
    uint32_t first = batch * DAYS_PER_BATCH;
    struct record_change c = {.n = batch + 1,
                              .kind = CHANGE_KEY,
                              .object = batch,
                              .version = 1,
                              .time_ms = days_time(first + DAYS_PER_BATCH - 1) / 1000,
                              .actor = batch % 2 == 0 ? STR("uid:0") : STR("member:5fGh2kLm9pQr3s"),
                              .account = STR("acme0"),
                              .summary = STR("{\"state\":\"active\"}")};
    char key[15] = "7Q2mK4T9xJ1aB0";

    for (uint32_t k = 0; k < DAYS_PER_BATCH; k++) {
        struct event e = days_event(first + k);
        records[k] = (struct record){RECORD_EVENT, {(char *)bytes[k], event_encode(&e, bytes[k])}};
    }
    key[13] = (char)('0' + batch % 10);
    c.id = (struct str){key, 14};
    uint8_t *last = bytes[DAYS_PER_BATCH];
    records[DAYS_PER_BATCH] = (struct record){RECORD_CHANGE, {(char *)last, change_encode(&c, last)}};
    struct batch_head head = {.time_us = days_time(first + DAYS_PER_BATCH - 1),
                              .change_seq = batch + 1};
    assert_ok(segments_append(s, &head, records, DAYS_PER_BATCH + 1));
}

void days_write(const struct rig *r, uint32_t from, uint32_t to)
{
    struct segments *s;

    assert_ok(segments_open(&(struct segment_options){r->audit, r->signer, {0}}, &s));
    for (uint32_t batch = from; batch < to; batch++)
        append(s, batch);
    segments_close(s);
}

void days_init(struct rig *r)
{
    rig_init(r);
    days_write(r, 0, DAYS_BATCHES);
}

enum kw_err days_keep(void *ctx, const struct record_entry *e)
{
    struct days_found *found = ctx;

    if (e->kind == RECORD_CHANGE) {
        assert_true(found->n_changes < DAYS_BATCHES);
        found->change[found->n_changes++] = e->change.n;
        return KW_OK;
    }
    assert_true(found->n < DAYS_EVENTS);
    assert_int_equal(e->batch, e->event.route / DAYS_PER_BATCH + 1);
    assert_int_equal(e->number, e->event.route % DAYS_PER_BATCH + 1);
    found->i[found->n++] = e->event.route;
    return found->n == found->stop_after ? KW_ECONFLICT : KW_OK;
}
