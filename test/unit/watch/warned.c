/* warned.c - what a key was warned of is known from the record, and what is owed is owed once. */
#include "watch/warned.h"

#include "kit.h"

enum { GENERATION = 4 };

static struct event warning(enum warning w, uint32_t generation)
{
    struct event e = warning_event(w, RIG_NOON);

    memcpy(e.key_id, KIT_KEY, sizeof e.key_id);
    e.generation = generation;
    return e;
}

static struct event late(const char key_id[KW_KEY_ID_LEN + 1], uint32_t generation)
{
    struct event e = rig_event(RIG_NOON, key_id);

    e.flags = EVENT_TLS;
    e.reason = KW_WHY_SECRET_ROTATED;
    e.status = 401;
    e.generation = generation;
    return e;
}

static void write(struct kit *k, struct event e)
{
    kit_write(k, RIG_NOON, &e, 1);
    kit_count(k);
}

static bool is_told(const struct kit *k, enum warning w, uint32_t generation)
{
    AUTO(book_closep) struct book b = {.prepared = {NULL}};
    bool told = false;

    assert_ok(book_open_reading(k->file, &b));
    assert_ok(warned_ask(&b, STR(KIT_KEY), generation, w, &told));
    return told;
}

struct owed {
    int n;
    char key_id[KW_KEY_ID_LEN + 1], account[KW_ACCOUNT_MAX + 1]; /* of the last one */
    uint32_t generation;
};

static enum kw_err take(void *ctx, const struct warned_owed *o)
{
    struct owed *owed = ctx;

    owed->n++;
    memcpy(owed->key_id, o->key_id.p, o->key_id.n);
    memset(owed->account, 0, sizeof owed->account);
    memcpy(owed->account, o->account.n == 0 ? "" : o->account.p, o->account.n);
    owed->generation = o->generation;
    return KW_OK;
}

static struct owed owed(const struct kit *k, uint32_t limit)
{
    AUTO(book_closep) struct book b = {.prepared = {NULL}};
    struct owed owed = {.n = 0};

    assert_ok(book_open_reading(k->file, &b));
    assert_ok(warned_owed(&b, limit, take, &owed));
    return owed;
}

static void a_warning_on_the_record_is_known_by_stage_and_generation(void **state)
{
    struct kit k;

    (void)state;
    kit_init(&k);
    write(&k, warning(WARNING_DUE_7, GENERATION));
    assert_true(is_told(&k, WARNING_DUE_7, GENERATION));
    assert_false(is_told(&k, WARNING_DUE_1, GENERATION));
    assert_false(is_told(&k, WARNING_DUE_7, GENERATION + 1));
    assert_int_equal(owed(&k, 9).n, 0);
    kit_deinit(&k);
}

static void a_secret_used_after_its_end_is_owed_until_it_is_warned_of(void **state)
{
    struct kit k;

    (void)state;
    kit_init(&k);
    write(&k, late(KIT_KEY, GENERATION));
    write(&k, late(KIT_KEY, GENERATION));
    struct owed first = owed(&k, 9);
    assert_int_equal(first.n, 1);
    assert_string_equal(first.key_id, KIT_KEY);
    assert_string_equal(first.account, "acme");
    assert_int_equal(first.generation, GENERATION);
    assert_false(is_told(&k, WARNING_OLD_SECRET, GENERATION));
    write(&k, warning(WARNING_OLD_SECRET, GENERATION));
    assert_true(is_told(&k, WARNING_OLD_SECRET, GENERATION));
    write(&k, late(KIT_KEY, GENERATION));
    assert_int_equal(owed(&k, 9).n, 0);
    write(&k, late(KIT_KEY, GENERATION + 1));
    assert_int_equal(owed(&k, 9).n, 1);
    kit_deinit(&k);
}

static int rows(const struct kit *k, const char *sql)
{
    AUTO(book_closep) struct book b = {.prepared = {NULL}};
    sqlite3_stmt *st;

    assert_ok(book_open_reading(k->file, &b));
    assert_int_equal(sqlite3_prepare_v2(b.db.conn, sql, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int n = sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    return n;
}

/* A verifier that says whatever it likes. */
static void a_generation_that_the_row_has_not_fills_nothing_and_forgets_nothing(void **state)
{
    struct kit k;

    (void)state;
    kit_init(&k);
    k.generation = GENERATION;
    kit_restart(&k);
    write(&k, warning(WARNING_DUE_7, GENERATION));
    write(&k, late(KIT_KEY, GENERATION - 1)); /* rotated meanwhile */
    for (uint32_t i = 0; i < 50; i++)
        write(&k, late(KIT_KEY, UINT32_MAX - i));
    write(&k, late(KIT_KEY, GENERATION - 2));
    assert_true(is_told(&k, WARNING_DUE_7, GENERATION));
    assert_int_equal(rows(&k, "SELECT count(*) FROM warned"), 2);
    assert_int_equal(rows(&k, "SELECT count(*) FROM stragglers"), 1);
    kit_deinit(&k);
}

static void what_a_row_says_is_asked_for_once_and_again_when_it_is_rotated(void **state)
{
    struct kit k;

    (void)state;
    kit_init(&k);
    k.generation = GENERATION;
    kit_restart(&k);
    for (int i = 0; i < 5; i++)
        write(&k, late(KIT_KEY, GENERATION));
    assert_int_equal(k.n_generation, 1);
    k.generation++;
    write(&k, late(KIT_KEY, GENERATION + 1));
    assert_int_equal(k.n_generation, 2);
    assert_int_equal(owed(&k, 9).n, 2);
    kit_deinit(&k);
}

static void the_old_secret_inside_the_overlap_is_not_owed(void **state)
{
    struct event allowed = rig_event(RIG_NOON, KIT_KEY), refused = allowed;
    struct kit k;

    (void)state;
    allowed.flags |= EVENT_OLD_SECRET;
    refused.flags |= EVENT_OLD_SECRET;
    refused.reason = KW_WHY_PERMISSION_DENIED;
    refused.status = 403;
    kit_init(&k);
    write(&k, allowed);
    write(&k, refused);
    assert_int_equal(owed(&k, 9).n, 0);
    kit_deinit(&k);
}

static void what_is_owed_is_given_for_each_key_and_to_a_limit(void **state)
{
    struct kit k;

    (void)state;
    kit_init(&k);
    write(&k, late(KIT_KEY, GENERATION));
    write(&k, late(KIT_OTHER, GENERATION));
    write(&k, late("9Q2mK4T9xJ1aB0", GENERATION)); /* nobody's key */
    assert_int_equal(owed(&k, 9).n, 2);
    assert_string_equal(owed(&k, 9).account, ""); /* of a key that is nobody's */
    assert_int_equal(owed(&k, 1).n, 1);
    kit_deinit(&k);
}

/* The file is derived: counted anew it says the same. */
static void a_lost_file_loses_no_warning(void **state)
{
    struct kit k;

    (void)state;
    kit_init(&k);
    write(&k, warning(WARNING_OVERDUE, GENERATION));
    write(&k, late(KIT_KEY, GENERATION));
    rounds_doubt(k.rounds);
    kit_count(&k);
    assert_true(is_told(&k, WARNING_OVERDUE, GENERATION));
    assert_int_equal(owed(&k, 9).n, 1);
    kit_deinit(&k);
}

static void earlier_generations_make_room(void **state)
{
    struct kit k;

    (void)state;
    kit_init(&k);
    for (uint32_t g = GENERATION; g < GENERATION + 3; g++)
        write(&k, warning(WARNING_OVERDUE, g));
    assert_false(is_told(&k, WARNING_OVERDUE, GENERATION));
    assert_true(is_told(&k, WARNING_OVERDUE, GENERATION + 1));
    assert_true(is_told(&k, WARNING_OVERDUE, GENERATION + 2));
    kit_deinit(&k);
}

/* It is no traffic. */
static void a_warning_counts_no_attempt(void **state)
{
    struct kit k;

    (void)state;
    kit_init(&k);
    write(&k, warning(WARNING_OVERDUE, GENERATION));
    struct ask_answer all = kit_ask_day(&k, RIG_NOON, NULL, NULL);
    assert_int_equal(all.all.allowed + all.all.denied, 0);
    kit_deinit(&k);
}

/* A token of the old secret is not that secret: it has ended with it, and nobody else has to hear of it. */
static void a_token_that_comes_late_owes_nothing(void **state)
{
    struct kit k;

    (void)state;
    kit_init(&k);
    struct event e = late(KIT_KEY, GENERATION);
    e.credential = CREDENTIAL_TOKEN;
    write(&k, e);
    assert_int_equal(owed(&k, 10).n, 0);
    write(&k, late(KIT_KEY, GENERATION));
    assert_int_equal(owed(&k, 10).n, 1);
    kit_deinit(&k);
}

int main(void)
{
    SUITE_TEST(a_generation_that_the_row_has_not_fills_nothing_and_forgets_nothing);
    SUITE_TEST(what_a_row_says_is_asked_for_once_and_again_when_it_is_rotated);
    SUITE_TEST(a_token_that_comes_late_owes_nothing);
    SUITE_TEST(a_warning_on_the_record_is_known_by_stage_and_generation);
    SUITE_TEST(a_secret_used_after_its_end_is_owed_until_it_is_warned_of);
    SUITE_TEST(the_old_secret_inside_the_overlap_is_not_owed);
    SUITE_TEST(what_is_owed_is_given_for_each_key_and_to_a_limit);
    SUITE_TEST(a_lost_file_loses_no_warning);
    SUITE_TEST(earlier_generations_make_room);
    SUITE_TEST(a_warning_counts_no_attempt);
    return suite_run("watch/warned");
}
