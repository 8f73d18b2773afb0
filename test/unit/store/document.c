/* document.c - documents are sealed and logged as all else, whatever their kind. */
#include "store/room.h"
#include "suite.h"

enum { TEXT_MAX = 1 << 16 };

static struct document sample(const char *id)
{
    struct document d = {.kind = DOCUMENT_ALERT,
                         .account = "acme",
                         .key = "7Q2mK4T9xJ1aBd",
                         .subject = "usage_spike 7Q2mK4T9xJ1aBd",
                         .state = "open",
                         .created_ms = 1000,
                         .text = STR_INIT("{\"severity\":\"high\"}")};

    memcpy(d.id, id, KW_KEY_ID_LEN);
    return d;
}

static enum kw_err put(struct store *s, struct document *d)
{
    assert_ok(store_begin(s, STR("watch"), 1));
    enum kw_err err = store_put_document(s, d);
    if (err == KW_OK)
        err = store_commit(s);
    store_rollback(s);
    return err;
}

static void what_was_put_is_found_again(void **state)
{
    struct buf text = BUF_MAX(TEXT_MAX);
    struct document d = sample("1Q2mK4T9xJ1aA1"), found;
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_ok(put(s, &d));
    memcpy(d.state, "resolved", sizeof "resolved");
    assert_ok(put(s, &d));
    store_close(s);
    s = room_open(&r);
    assert_ok(store_document(s, DOCUMENT_ALERT, str_from(d.id), "acme", &text, &found));
    assert_int_equal(found.version, 2);
    assert_string_equal(found.state, "resolved");
    assert_string_equal(found.subject, d.subject);
    assert_string_equal(found.key, d.key);
    assert_int_equal(found.created_ms, 1000);
    assert_true(str_eq(found.text, STR("{\"severity\":\"high\"}")));
    store_close(s);
    buf_deinit(&text);
    room_clear(&r);
}

static void it_is_not_found_as_anything_else(void **state)
{
    struct buf text = BUF_MAX(TEXT_MAX);
    struct document d = sample("1Q2mK4T9xJ1aA1"), found;
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_ok(put(s, &d));
    struct str id = str_from(d.id);
    assert_err(store_document(s, DOCUMENT_WEBHOOK, id, NULL, &text, &found), KW_ENOTFOUND);
    assert_err(store_document(s, DOCUMENT_ALERT, id, "other", &text, &found), KW_ENOTFOUND);
    assert_err(store_document(s, DOCUMENT_ALERT, STR("2Q2mK4T9xJ1aA1"), NULL, &text, &found),
               KW_ENOTFOUND);
    store_close(s);
    buf_deinit(&text);
    room_clear(&r);
}

static void one_id_is_put_once(void **state)
{
    struct document d = sample("1Q2mK4T9xJ1aA1"), same = d, older = d;
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_ok(put(s, &d));
    assert_err(put(s, &same), KW_EEXISTS);
    same.kind = DOCUMENT_REPORT; /* ids are each kind's own */
    assert_ok(put(s, &same));
    older = d;
    assert_ok(put(s, &d));
    assert_err(put(s, &older), KW_ECONFLICT);
    older.slot = 9;
    assert_err(put(s, &older), KW_ECONFLICT);
    store_close(s);
    room_clear(&r);
}

static void whose_it_is_never_changes(void **state)
{
    struct document d = sample("1Q2mK4T9xJ1aA1"), other;
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_ok(put(s, &d));
    other = d;
    memcpy(other.account, "evil", sizeof "evil");
    assert_err(put(s, &other), KW_EDAMAGED);
    other = d;
    other.kind = DOCUMENT_WEBHOOK;
    assert_err(put(s, &other), KW_EDAMAGED);
    store_close(s);
    room_clear(&r);
}

/* ---- lists ---- */

static enum kw_err list(void *ctx, const struct document *d)
{
    buf_printf(ctx, "%.2s ", d->id + KW_KEY_ID_LEN - 2);
    return KW_OK;
}

static void make_four(struct store *s)
{
    static const char *const ids[] = {"1Q2mK4T9xJ1aA1", "1Q2mK4T9xJ1aA2", "1Q2mK4T9xJ1aA3",
                                      "1Q2mK4T9xJ1aA4"};

    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        struct document d = sample(ids[i]);
        if (i == 1)
            memcpy(d.account, "other", sizeof "other");
        if (i == 2) {
            d.key[0] = '\0';
            memcpy(d.subject, "source_failures 192.0.2.7", sizeof "source_failures 192.0.2.7");
        }
        memcpy(d.state, i == 3 ? "resolved" : "open", i == 3 ? sizeof "resolved" : sizeof "open");
        assert_ok(put(s, &d));
    }
}

static void lists_are_of_what_was_asked_for_the_newest_first(void **state)
{
    static const struct {
        struct store_document_filter f;
        const char *want;
    } rows[] = {
        {{.kind = DOCUMENT_ALERT}, "A4 A3 A2 A1 "},
        {{.kind = DOCUMENT_WEBHOOK}, ""},
        {{.kind = DOCUMENT_ALERT, .limit = 2}, "A4 A3 "},
        {{.kind = DOCUMENT_ALERT, .before_slot = 3}, "A2 A1 "},
        {{.kind = DOCUMENT_ALERT, .account = STR_INIT("other")}, "A2 "},
        {{.kind = DOCUMENT_ALERT, .state = STR_INIT("open")}, "A3 A2 A1 "},
        {{.kind = DOCUMENT_ALERT, .state = STR_INIT("open"), .account = STR_INIT("acme")}, "A3 A1 "},
        {{.kind = DOCUMENT_ALERT, .key = STR_INIT("7Q2mK4T9xJ1aBd")}, "A4 A2 A1 "},
        {{.kind = DOCUMENT_ALERT, .key = STR_INIT("7Q2mK4T9xJ1aBd"), .state = STR_INIT("open")},
         "A2 A1 "},
        {{.kind = DOCUMENT_ALERT, .subject = STR_INIT("source_failures 192.0.2.7")}, "A3 "},
    };
    struct room r;
    uint64_t n = 0;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    make_four(s);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buf got = BUF_MAX(100);
        assert_ok(store_documents(s, &rows[i].f, list, &got));
        buf_printf(&got, "%s", "");
        assert_true(str_eq(buf_view(&got), str_from(rows[i].want)));
        buf_deinit(&got);
    }
    assert_ok(store_document_count(s, DOCUMENT_ALERT, STR("open"), (struct str){0}, &n));
    assert_int_equal(n, 3);
    assert_ok(store_document_count(s, DOCUMENT_ALERT, STR("open"), STR("acme"), &n));
    assert_int_equal(n, 2);
    store_close(s);
    room_clear(&r);
}

/* ---- tampered with ---- */

static const struct row {
    const char *why, *sql;
} tampered[] = {
    {"an alert resolved", "UPDATE documents SET state = 'resolved'"},
    {"another text", "UPDATE documents SET document = '{}'"},
    {"another owner", "UPDATE documents SET account = 'evil'"},
    {"torn out", "DELETE FROM documents"},
    {"an older row put back", "UPDATE documents SET version = 1, seal = (SELECT seal FROM "
                              "change_log WHERE kind = 'document' "
                              "AND version = 1), state = 'open'"},
};

static void I3_a_document_that_was_tampered_with_is_not_believed(void **state)
{
    const struct row *row = *state;
    struct document d = sample("1Q2mK4T9xJ1aA1"), found;
    struct buf text = BUF_MAX(TEXT_MAX), all = BUF_MAX(TEXT_MAX);
    struct room r;

    room_make(&r);
    struct store *s = room_open(&r);
    assert_ok(put(s, &d));
    memcpy(d.state, "muted", sizeof "muted");
    assert_ok(put(s, &d));
    store_close(s);
    room_sql(&r, row->sql, 1);
    s = room_open(&r);
    enum kw_err err = store_document(s, DOCUMENT_ALERT, str_from(d.id), NULL, &text, &found);
    assert_true(err == KW_EDAMAGED || err == KW_ENOTFOUND);
    assert_err(room_load(s, &all, r.why), KW_EDAMAGED);
    assert_non_null(strstr(r.why, "is not as Keyward wrote it"));
    store_close(s);
    buf_deinit(&text);
    buf_deinit(&all);
    room_clear(&r);
}

static enum kw_err note_id(void *ctx, const struct document *d)
{
    struct buf *all = ctx;

    buf_printf(all, "%s ", d->id);
    return KW_OK;
}

static void who_counts_what_does_not_hold_gets_all_else(void **state)
{
    struct document a = sample("1Q2mK4T9xJ1aA1"), b = sample("2Q2mK4T9xJ1aA1"),
                    c = sample("3Q2mK4T9xJ1aA1");
    struct store_document_filter f = {.kind = DOCUMENT_ALERT};
    struct buf all = BUF_MAX(TEXT_MAX);
    uint32_t n = 0;
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_ok(put(s, &a));
    assert_ok(put(s, &b));
    assert_ok(put(s, &c));
    room_sql(&r, "UPDATE documents SET state = 'resolved' WHERE id = '2Q2mK4T9xJ1aA1'", 1);
    assert_err(store_documents(s, &f, note_id, &all), KW_EDAMAGED);
    buf_clear(&all);
    f.n_damaged = &n;
    assert_ok(store_documents(s, &f, note_id, &all));
    assert_str(buf_view(&all), STR("3Q2mK4T9xJ1aA1 1Q2mK4T9xJ1aA1 "));
    assert_int_equal(n, 1);
    store_close(s);
    buf_deinit(&all);
    room_clear(&r);
}

int main(void)
{
    SUITE_TEST(what_was_put_is_found_again);
    SUITE_TEST(it_is_not_found_as_anything_else);
    SUITE_TEST(one_id_is_put_once);
    SUITE_TEST(whose_it_is_never_changes);
    SUITE_TEST(lists_are_of_what_was_asked_for_the_newest_first);
    SUITE_TEST(who_counts_what_does_not_hold_gets_all_else);
    SUITE_ROWS(I3_a_document_that_was_tampered_with_is_not_believed, tampered);
    return suite_run("store/document");
}
