/* report_advice.c - a report says which keys could do with less: all are counted, the first are named. */
#include "alerting/report_advice.h"

#include <stdio.h>
#include <stdlib.h>

#include "suite.h"
#include "sync/house.h"

#define DAY_MS INT64_C(86400000)
#define KEYS   (REPORT_KEYS_NAMED + 3)

struct scene {
    struct house house;
    char usage_file[PATH_MAX];
    struct report_sources from;
    struct grant keys[KEYS];
    int64_t now_ms;
    struct report_advice advice;
};

static void run(struct book *b, const char *sql)
{
    assert_int_equal(sqlite3_exec(b->db.conn, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* Counted since before the keys were made: of the first key a hundred reads, yesterday; of the others nothing. */
static void make_usage(struct scene *s)
{
    AUTO(book_closep) struct book b = {.prepared = {NULL}};
    long long day = s->now_ms / DAY_MS;
    char sql[512];

    assert_ok(book_open(s->usage_file, &b));
    snprintf(sql, sizeof sql,
             "INSERT INTO subjects (no, kind, id, account) VALUES (7, 'key', '%s', 0);"
             "INSERT INTO counts VALUES (%d, %lld, 0, 1, 1, %d, 1), (%d, %lld, 7, 1, %d, %d, 100)",
             s->keys[0].id, STEP_DAY, day - 50, KW_WHY_ALLOWED, STEP_DAY, day - 1, KW_CLASS_READ,
             KW_WHY_ALLOWED);
    run(&b, sql);
}

static void scene_make(struct scene *s)
{
    char text[KEY_MAX];

    memset(s, 0, sizeof *s);
    house_make(&s->house);
    for (unsigned i = 0; i < KEYS; i++)
        s->keys[i] = house_key(&s->house, i, text);
    snprintf(s->usage_file, sizeof s->usage_file, "%s", house_file(&s->house, "usage.db"));
    s->from = (struct report_sources){.sync = s->house.sync, .usage_file = s->usage_file};
    s->now_ms = s->keys[0].created_ms + 40 * DAY_MS;
    make_usage(s);
}

static void scene_clear(struct scene *s)
{
    report_advice_deinit(&s->advice);
    house_clear(&s->house);
}

static struct key_outline outline(const struct grant *g)
{
    struct key_outline k = {
        .state = g->state, .created_ms = g->created_ms, .ends_ms = grant_ends_ms(g)};

    memcpy(k.id, g->id, sizeof k.id);
    return k;
}

static void note_all(struct scene *s)
{
    for (unsigned i = 0; i < KEYS; i++) {
        const struct key_outline k = outline(&s->keys[i]);
        report_advice_note(&s->advice, &k);
    }
}

static void assert_told(struct scene *s, const char *want)
{
    json_t *told = report_advice_out(&s->advice);
    char *text = json_dumps(told, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);

    assert_string_equal(text, want);
    free(text);
    json_decref(told);
}

static void all_are_counted_and_the_first_named_with_what_is_advised(void **state)
{
    char want[1024];
    struct scene s;

    (void)state;
    scene_make(&s);
    assert_ok(report_advice_begin(s.now_ms, s.now_ms, &s.advice));
    note_all(&s);
    assert_ok(report_advice_look(&s.from, &s.advice));
    int n = snprintf(want, sizeof want,
                     "{\"count\":%d,\"keys\":[{\"key\":\"%s\",\"kinds\":[\"smaller_permissions\","
                     "\"expiry\"]}",
                     KEYS, s.keys[0].id);
    for (unsigned i = 1; i < REPORT_KEYS_NAMED; i++)
        n += snprintf(want + n, sizeof want - (size_t)n, ",{\"key\":\"%s\",\"kinds\":[\"unused\"]}",
                      s.keys[i].id);
    snprintf(want + n, sizeof want - (size_t)n, "],\"looked\":%d}", KEYS);
    assert_told(&s, want);
    scene_clear(&s);
}

static void a_key_whose_row_does_not_hold_is_passed_over(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    room_sql(&s.house.room, "UPDATE keys SET permissions = 1 WHERE slot = 1", 1);
    assert_ok(report_advice_begin(s.now_ms, s.now_ms, &s.advice));
    note_all(&s);
    assert_ok(report_advice_look(&s.from, &s.advice));
    assert_int_equal(s.advice.count, KEYS - 1);
    scene_clear(&s);
}

static void nothing_is_known_while_the_record_is_not_counted(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    assert_ok(report_advice_begin(s.now_ms, s.now_ms - DAY_MS, &s.advice));
    note_all(&s);
    assert_int_equal(s.advice.n_ids, 0);
    assert_ok(report_advice_look(&s.from, &s.advice));
    assert_told(&s, "null");
    scene_clear(&s);
}

/* Counted by hand: looking at ten thousand takes too long for a test. */
static void only_so_many_are_looked_at(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    assert_ok(report_advice_begin(s.now_ms, s.now_ms, &s.advice));
    s.advice.n_looked = REPORT_ADVICE_LOOKED_MAX - 2;
    note_all(&s);
    assert_int_equal(s.advice.n_ids, 2);
    s.advice.n_ids = 0;
    s.advice.n_looked = 0;
    for (unsigned i = 0; i < REPORT_ADVICE_PIECE / KEYS + 1; i++)
        note_all(&s);
    assert_int_equal(s.advice.n_ids, REPORT_ADVICE_PIECE);
    scene_clear(&s);
}

static void what_is_dead_or_young_is_not_looked_at(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    assert_ok(report_advice_begin(s.now_ms, s.now_ms, &s.advice));
    const struct key_outline dead[] = {{.state = KEY_REVOKED, .created_ms = 1},
                                       {.state = KEY_ACTIVE, .created_ms = 1, .ends_ms = s.now_ms - 1},
                                       {.state = KEY_ACTIVE, .created_ms = s.now_ms - 13 * DAY_MS}};
    for (size_t i = 0; i < COUNT_OF(dead); i++)
        report_advice_note(&s.advice, &dead[i]);
    assert_int_equal(s.advice.n_ids, 0);
    scene_clear(&s);
}

static bool at_once(void *ctx)
{
    (void)ctx;
    return true;
}

static void it_ends_when_the_program_does(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    s.from.is_over = at_once;
    assert_ok(report_advice_begin(s.now_ms, s.now_ms, &s.advice));
    note_all(&s);
    assert_err(report_advice_look(&s.from, &s.advice), KW_EUNAVAILABLE);
    assert_int_equal(s.advice.count, 0);
    scene_clear(&s);
}

int main(void)
{
    SUITE_TEST(all_are_counted_and_the_first_named_with_what_is_advised);
    SUITE_TEST(a_key_whose_row_does_not_hold_is_passed_over);
    SUITE_TEST(nothing_is_known_while_the_record_is_not_counted);
    SUITE_TEST(only_so_many_are_looked_at);
    SUITE_TEST(what_is_dead_or_young_is_not_looked_at);
    SUITE_TEST(it_ends_when_the_program_does);
    return suite_run("alerting/report_advice");
}
