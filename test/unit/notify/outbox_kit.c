/* outbox_kit.c - see outbox_kit.h. */
#include "notify/outbox_kit.h"

#include <sqlite3.h>
#include <stdio.h>

void kit_open(struct kit *k)
{
    folder_make(&k->folder);
    snprintf(k->path, sizeof k->path, "%s", folder_file(&k->folder, "outbox.db"));
    assert_ok(outbox_open(k->path, &k->o));
}

void kit_close(struct kit *k)
{
    outbox_close(k->o);
    folder_remove(&k->folder);
}

struct outbox_event kit_event(const char *id)
{
    return (struct outbox_event){.id = str_from(id),
                                 .type = STR("key.created"),
                                 .account = STR("acme"),
                                 .created_ms = NOON,
                                 .body = KIT_BODY};
}

void kit_put(struct kit *k, const char *id, uint32_t webhook, int64_t now_ms)
{
    struct outbox_event e = kit_event(id);

    assert_ok(outbox_begin(k->o));
    assert_ok(outbox_put(k->o, &e, webhook, now_ms));
    assert_ok(outbox_commit(k->o));
}

struct outbox_delivery kit_next(struct kit *k, uint32_t webhook)
{
    AUTO(buf_deinit) struct buf body = BUF_MAX(OUTBOX_BODY_MAX);
    struct outbox_delivery d;

    assert_ok(outbox_next(k->o, webhook, &body, &d));
    assert_str(buf_view(&body), KIT_BODY);
    return d;
}

bool kit_none_waits(struct kit *k, uint32_t webhook)
{
    AUTO(buf_deinit) struct buf body = BUF_MAX(OUTBOX_BODY_MAX);
    struct outbox_delivery d;
    int64_t ms;

    enum kw_err err = outbox_next(k->o, webhook, &body, &d);
    assert_err(outbox_due(k->o, webhook, &ms), err);
    return err == KW_ENOTFOUND;
}

static enum kw_err take(void *ctx, const struct outbox_delivery *d)
{
    *(struct outbox_delivery *)ctx = *d;
    return KW_OK;
}

struct outbox_delivery kit_numbered(struct kit *k, uint64_t no)
{
    static const uint32_t webhooks[] = {A, B, LETTERS};
    struct outbox_delivery d = {.no = 0};

    for (size_t i = 0; i < COUNT_OF(webhooks) && d.no != no; i++)
        assert_ok(outbox_list(k->o, webhooks[i], no + 1, 1, take, &d));
    assert_int_equal(d.no, no);
    return d;
}

struct outbox_health kit_tried(struct kit *k, uint64_t no, int64_t time_ms, enum outbox_state state,
                               int64_t next_ms)
{
    struct outbox_try t = {.time_ms = time_ms, .status = 500, .took_ms = 12, .error = "no"};
    struct outbox_health h = {.pending = 0};

    const struct outbox_delivery d = kit_numbered(k, no);
    assert_ok(outbox_tried(k->o, &d, &t, state, next_ms, &h));
    return h;
}

static enum kw_err count_one(void *ctx, const struct outbox_delivery *d)
{
    unsigned *n = ctx;

    (void)d;
    (*n)++;
    return KW_OK;
}

unsigned kit_count(struct kit *k, uint32_t webhook)
{
    unsigned n = 0;

    assert_ok(outbox_list(k->o, webhook, 0, 5000, count_one, &n));
    return n;
}

/* One number of a file that is looked into from the side. */
int kit_asked(const struct kit *k, const char *text)
{
    sqlite3 *db;
    sqlite3_stmt *st;

    assert_int_equal(sqlite3_open(k->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int n = sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return n;
}
