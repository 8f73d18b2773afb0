/* kit.c - see kit.h. */
#include "kit.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static uint64_t durable(void *ctx)
{
    const struct kit *k = ctx;

    return k->durable;
}

static int64_t now_us(void *ctx)
{
    const struct kit *k = ctx;

    return k->now_us;
}

/* Keys that begin with 7 are of acme, with 8 of nobody; there are no others. */
static enum kw_err owner(void *ctx, struct str key_id, char account[KW_ACCOUNT_MAX + 1])
{
    struct kit *k = ctx;

    k->n_owner++;
    TRY(k->owner_fails);
    if (key_id.p[0] != '7' && key_id.p[0] != '8')
        return KW_ENOTFOUND;
    snprintf(account, KW_ACCOUNT_MAX + 1, "%s", key_id.p[0] == '7' ? "acme" : "");
    return KW_OK;
}

static enum kw_err policy(void *ctx, uint32_t version, struct buf *document)
{
    struct kit *k = ctx;

    k->n_policy++;
    TRY(k->policy_fails);
    if (version > KIT_POLICIES)
        return KW_ENOTFOUND;
    if (version == KIT_BROKEN)
        buf_printf(document, "read GET /1\nno line at all\n");
    for (int i = 1; i <= KIT_ROUTES && version != KIT_BROKEN; i++)
        buf_printf(document, "read GET /%d\n", version == KIT_REVERSED ? KIT_ROUTES + 1 - i : i);
    return document->failed ? KW_ENOMEM : KW_OK;
}

static bool knows_countries(void *ctx)
{
    const struct kit *k = ctx;

    return !k->is_without_countries;
}

static bool find_place(void *ctx, const struct address *a, struct located *out)
{
    (void)ctx;
    *out = (struct located){.country = ""};
    if (a->b[12] == 192 || a->b[12] == 193)
        snprintf(out->country, sizeof out->country, "%s", a->b[12] == 192 ? "CH" : "DE");
    return out->country[0] != '\0';
}

static enum kw_err generation(void *ctx, struct str key_id, uint32_t *out)
{
    struct kit *k = ctx;

    (void)key_id;
    k->n_generation++;
    *out = k->generation;
    return KW_OK;
}

static void open_record(struct kit *k)
{
    const struct segment_options o = {.audit_dir = k->rig.audit, .signer = k->rig.signer};

    assert_ok(segments_open(&o, &k->segments));
}

struct round_options kit_options(struct kit *k)
{
    return (struct round_options){.file = k->file,
                                  .audit_dir = k->rig.audit,
                                  .ctx = k,
                                  .durable = durable,
                                  .now_us = now_us,
                                  .owner = owner,
                                  .policy = policy,
                                  .knows_countries = knows_countries,
                                  .locator = {NULL, find_place},
                                  .generation = k->generation == 0 ? NULL : generation};
}

static void open_rounds(struct kit *k)
{
    const struct round_options o = kit_options(k);

    assert_ok(rounds_new(&o, &k->rounds));
}

void kit_init(struct kit *k)
{
    *k = (struct kit){.now_us = RIG_NOON};
    rig_init(&k->rig);
    snprintf(k->file, sizeof k->file, "%s", folder_file(&k->rig.folder, "usage.db"));
    open_record(k);
    open_rounds(k);
}

void kit_deinit(struct kit *k)
{
    rounds_free(k->rounds);
    segments_close(k->segments);
    rig_deinit(&k->rig);
}

void kit_restart(struct kit *k)
{
    rounds_free(k->rounds);
    open_rounds(k);
}

void kit_write(struct kit *k, int64_t time_us, const struct event *events, uint32_t n)
{
    static uint8_t bytes[BATCH_RECORDS_MAX][EVENT_MAX];
    static struct record records[BATCH_RECORDS_MAX];
    const struct batch_head head = {.time_us = time_us};

    for (uint32_t i = 0; i < n; i++)
        records[i] = (struct record){RECORD_EVENT,
                                     {(const char *)bytes[i], event_encode(&events[i], bytes[i])}};
    assert_ok(segments_append(k->segments, &head, records, n));
    k->durable = segments_last(k->segments)->number;
}

void kit_replace_record(struct kit *k)
{
    char gone[PATH_MAX];

    snprintf(gone, sizeof gone, "%s", folder_file(&k->rig.folder, "audit-gone"));
    segments_close(k->segments);
    assert_int_equal(rename(k->rig.audit, gone), 0);
    assert_int_equal(mkdir(k->rig.audit, 0700), 0);
    open_record(k);
}

struct round_result kit_count(struct kit *k)
{
    struct round_result result;

    do
        assert_ok(rounds_run(k->rounds, &result));
    while (result.more);
    return result;
}

struct ask_answer kit_ask(const struct kit *k, const struct ask *q)
{
    struct ask_answer a;

    assert_ok(ask_usage(k->file, q, &a));
    return a;
}

struct ask_answer kit_ask_day(const struct kit *k, int64_t us, const char *key, const char *account)
{
    const struct ask q = {.key_id = str_from(key),
                          .account = str_from(account),
                          .step = STEP_DAY,
                          .first = step_at(STEP_DAY, us / 1000),
                          .n = 1};

    return kit_ask(k, &q);
}

int kit_number(const struct kit *k, const char *sql)
{
    sqlite3 *conn;
    sqlite3_stmt *st;

    assert_int_equal(sqlite3_open_v2(k->file, &conn, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(conn, sql, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int n = sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(conn);
    return n;
}

void kit_script(const struct kit *k, const char *sql)
{
    sqlite3 *conn;

    assert_int_equal(sqlite3_open(k->file, &conn), SQLITE_OK);
    assert_int_equal(sqlite3_exec(conn, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(conn);
}
