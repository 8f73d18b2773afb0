/* spend.c - what a key may spend, tampered with in vain; and what it has reserved, ended once, summed, and told once. */
#include "store/spend.h"

#include <stdio.h>

#include "store/room.h"
#include "suite.h"

static const char key_id[] = "1Q2mK4T9xJ1aBd", other_key[] = "2Q2mK4T9xJ1aBd",
                  narrow[] = "NGN 2 - - 100.00 -\n", wide[] = "NGN 2 - - 900.00 -\n";

struct scene {
    struct room room;
    struct store *store;
};

static void make(struct scene *s)
{
    room_make(&s->room);
    s->store = room_open(&s->room);
    room_key(s->store, key_id);
    room_key(s->store, other_key);
}

static void clear(struct scene *s)
{
    store_close(s->store);
    room_clear(&s->room);
}

static enum kw_err load(struct scene *s)
{
    struct buf content = BUF_MAX(4000);

    enum kw_err err = room_load(s->store, &content, s->room.why);
    buf_deinit(&content);
    return err;
}

/* ---- rules ---- */

static enum kw_err put(struct scene *s, uint32_t slot, const char *document, uint32_t *version)
{
    TRY(store_begin(s->store, STR("uid:0"), 1764460800000));
    TRY(store_put_spend_rules(s->store, slot, str_from(document), version));
    return store_commit(s->store);
}

static void assert_rules(struct scene *s, uint32_t slot, const char *want, uint32_t want_version)
{
    struct buf document = BUF_MAX(SPEND_DOCUMENT_MAX);
    uint32_t version;

    assert_ok(store_spend_rules(s->store, slot, &version, &document));
    assert_str(buf_view(&document), str_from(want));
    assert_int_equal(version, want_version);
    buf_deinit(&document);
}

static void rules_are_those_that_were_put_last(void **state)
{
    struct scene s;
    uint32_t version = 0;

    (void)state;
    make(&s);
    assert_rules(&s, 1, "", 0);
    assert_ok(put(&s, 1, wide, &version));
    assert_int_equal(version, 1);
    assert_ok(put(&s, 1, narrow, &version));
    assert_rules(&s, 1, narrow, 2);
    assert_rules(&s, 2, "", 0);
    version = 1; /* somebody had read them before the second change */
    assert_err(put(&s, 1, wide, &version), KW_ECONFLICT);
    version = 0;
    assert_err(put(&s, 9, wide, &version), KW_ENOTFOUND);
    version = 2;
    assert_ok(put(&s, 1, "", &version)); /* without limits again */
    store_close(s.store);
    s.store = room_open(&s.room);
    assert_rules(&s, 1, "", 3);
    assert_ok(load(&s));
    clear(&s);
}

static const struct edit {
    const char *why, *sql;
    int n;
} edits[] = {
    {"the document", "UPDATE spend_rules SET document = 'NGN 2 - - 900.00 -' || char(10)", 1},
    {"no limits", "UPDATE spend_rules SET document = ''", 1},
    {"the key", "UPDATE spend_rules SET key = '2Q2mK4T9xJ1aBd'", 1},
    {"the account", "UPDATE spend_rules SET account = 'other'", 1},
    {"the version", "UPDATE spend_rules SET version = 1", 1},
    {"the seal", "UPDATE spend_rules SET seal = zeroblob(32)", 1},
    {"torn out", "DELETE FROM spend_rules", 1},
    {"the row of another key", "UPDATE spend_rules SET slot = 2", 1},
    {"an old row put back",
     "UPDATE spend_rules SET (version, document, seal) = "
     "(SELECT version, document, seal FROM aside.spend_rules)",
     1},
    {"its entries torn out", "DELETE FROM change_log WHERE kind = 'spend_rules'", 2},
};

static void narrow_with_a_copy_aside(struct scene *s)
{
    char aside[PATH_MAX];
    uint32_t version = 0;

    assert_ok(put(s, 1, wide, &version));
    store_close(s->store);
    snprintf(aside, sizeof aside, "%s", folder_file(&s->room.folder, "aside.db"));
    room_copy(s->room.database, aside);
    s->store = room_open(&s->room);
    assert_ok(put(s, 1, narrow, &version));
    room_account(s->store, "other");
    room_account(s->store, "last"); /* head is not at the rules' entry */
    store_close(s->store);
}

static void rules_that_were_tampered_with_are_found(void **state)
{
    const struct edit *row = *state;
    struct buf document = BUF_MAX(SPEND_DOCUMENT_MAX);
    struct scene s;
    uint32_t version;

    make(&s);
    narrow_with_a_copy_aside(&s);
    room_sql_with(&s.room, "aside.db", row->sql, row->n);
    s.store = room_open(&s.room);
    assert_err(store_spend_rules(s.store, 1, &version, &document), KW_EDAMAGED);
    assert_int_equal(document.n, 0);
    assert_err(load(&s), KW_EDAMAGED);
    buf_deinit(&document);
    clear(&s);
}

/* ---- reservations ---- */

static struct reservation reservation_of(const char *id, const char *reference)
{
    struct reservation r = {.key_slot = 1,
                            .currency = "NGN",
                            .decimals = 2,
                            .amount = {.u = 5},
                            .destination = "bank",
                            .state = SPEND_RESERVED,
                            .reserved_ms = 1000,
                            .expires_ms = 2000};

    snprintf(r.id, sizeof r.id, "%s", id);
    snprintf(r.key, sizeof r.key, "%s", key_id);
    snprintf(r.account, sizeof r.account, "acme");
    snprintf(r.reference, sizeof r.reference, "%s", reference);
    return r;
}

static enum kw_err reserve(struct scene *s, struct reservation *r)
{
    TRY(store_spend_begin(s->store));
    TRY(store_put_reservation(s->store, r));
    return store_spend_commit(s->store);
}

static enum kw_err end(struct scene *s, struct reservation *r)
{
    r->state = SPEND_COMMITTED;
    r->committed = r->amount;
    r->ended_ms = 1500;
    TRY(store_spend_begin(s->store));
    TRY(store_end_reservation(s->store, r));
    return store_spend_commit(s->store);
}

static enum kw_err count(void *ctx, const struct reservation *r)
{
    *(unsigned *)ctx += r->slot != 0;
    return KW_OK;
}

static unsigned due(struct scene *s, int64_t now_ms)
{
    unsigned n = 0;

    assert_ok(store_reservations_due(s->store, now_ms, NULL, 10, count, &n));
    return n;
}

static void a_reservation_is_found_and_ends_once(void **state)
{
    struct reservation r = reservation_of("0000000001Rese", "one"), got, twin;
    struct scene s;

    (void)state;
    make(&s);
    assert_ok(reserve(&s, &r));
    twin = reservation_of("0000000002Rese", "one");
    assert_err(reserve(&s, &twin), KW_EEXISTS);
    assert_ok(store_reservation_by_reference(s.store, 1, STR("one"), &got));
    assert_memory_equal(&got, &r, sizeof got);
    assert_err(store_reservation_by_reference(s.store, 2, STR("one"), &got), KW_ENOTFOUND);
    assert_err(store_reservation(s.store, str_from(r.id), "other", &got), KW_ENOTFOUND);
    assert_int_equal(due(&s, 1999), 0);
    assert_int_equal(due(&s, 2000), 1);
    assert_ok(end(&s, &r));
    assert_err(end(&s, &r), KW_EDAMAGED);
    assert_ok(store_reservation(s.store, str_from(r.id), "acme", &got));
    assert_memory_equal(&got, &r, sizeof got);
    assert_int_equal(due(&s, 9000), 0);
    clear(&s);
}

static void what_ended_long_ago_is_forgotten_and_its_reference_free(void **state)
{
    struct reservation ended = reservation_of("0000000001Rese", "one"),
                       open = reservation_of("0000000002Rese", "two"), got;
    struct scene s;

    (void)state;
    make(&s);
    assert_ok(reserve(&s, &ended));
    assert_ok(reserve(&s, &open));
    assert_ok(end(&s, &ended));
    assert_ok(store_spend_begin(s.store));
    assert_ok(store_drop_reservations(s.store, ended.ended_ms));
    assert_ok(store_spend_commit(s.store));
    assert_err(store_reservation(s.store, str_from(ended.id), NULL, &got), KW_ENOTFOUND);
    assert_ok(store_reservation(s.store, str_from(open.id), NULL, &got));
    ended = reservation_of("0000000003Rese", "one");
    assert_ok(reserve(&s, &ended));
    clear(&s);
}

/* ---- sums ---- */

static void sums_are_kept_by_key_and_currency(void **state)
{
    struct spend_sums sums = {.of[SPEND_PER_DAY] = {7, {.u = 12}}}, got;
    struct scene s;

    (void)state;
    make(&s);
    assert_ok(store_spend_begin(s.store));
    assert_ok(store_save_spend_sums(s.store, 1, STR("NGN"), &sums));
    assert_ok(store_spend_commit(s.store));
    assert_ok(store_spend_sums(s.store, 1, STR("NGN"), &got));
    assert_int_equal(got.of[SPEND_PER_DAY].period, 7);
    assert_int_equal(amount_compare(got.of[SPEND_PER_DAY].amount, (struct amount){.u = 12}), 0);
    assert_ok(store_spend_sums(s.store, 1, STR("USD"), &got));
    assert_int_equal(got.of[SPEND_PER_DAY].period, 0);
    assert_ok(store_spend_sums(s.store, 2, STR("NGN"), &got));
    assert_int_equal(got.of[SPEND_PER_DAY].period, 0);
    clear(&s);
}

static uint32_t drop_sums(struct scene *s, uint32_t *slot)
{
    const uint32_t until[SPEND_N_LIMITS] = {0, 100, 10, 2};
    uint32_t n = 0;

    assert_ok(store_spend_begin(s->store));
    assert_ok(store_drop_spend_sums(s->store, until, 2, slot, &n));
    assert_ok(store_spend_commit(s->store));
    return n;
}

static void sums_of_windows_long_over_are_forgotten_by_and_by(void **state)
{
    const struct spend_sums over = {.of = {{0}, {99, {.u = 1}}, {9, {.u = 1}}, {1, {.u = 1}}}},
                            open = {.of = {{0}, {100, {.u = 1}}, {10, {.u = 1}}, {1, {.u = 1}}}};
    struct spend_sums got;
    uint32_t slot = 0;
    struct scene s;

    (void)state;
    make(&s);
    room_key(s.store, "3Q2mK4T9xJ1aBd");
    assert_ok(store_spend_begin(s.store));
    assert_ok(store_save_spend_sums(s.store, 1, STR("NGN"), &over));
    assert_ok(store_save_spend_sums(s.store, 2, STR("NGN"), &open));
    assert_ok(store_save_spend_sums(s.store, 3, STR("NGN"), &over));
    assert_ok(store_save_spend_sums(s.store, 3, STR("USD"), &over));
    assert_ok(store_spend_commit(s.store));
    assert_int_equal(drop_sums(&s, &slot), 4);
    assert_int_equal(slot, 2);
    assert_int_equal(drop_sums(&s, &slot), 6);
    assert_int_equal(slot, 3);
    assert_int_equal(drop_sums(&s, &slot), 0);
    assert_int_equal(slot, 0);
    assert_ok(store_spend_sums(s.store, 2, STR("NGN"), &got));
    assert_int_equal(got.of[SPEND_PER_HOUR].period, 100);
    assert_int_equal(got.of[SPEND_PER_DAY].period, 10);
    assert_int_equal(got.of[SPEND_PER_MONTH].period, 0);
    clear(&s);
}

/* ---- what is to be recorded ---- */

static enum kw_err tell(struct scene *s, const char *reference)
{
    const struct spend_event e = {.what = SPEND_DID_RESERVE,
                                  .key = STR("1Q2mK4T9xJ1aBd"),
                                  .account = STR("acme"),
                                  .reservation = STR("0000000001Rese"),
                                  .reference = str_from(reference),
                                  .currency = STR("NGN"),
                                  .destination = STR("bank"),
                                  .decimals = 2,
                                  .actor = STR("token:1")};

    TRY(store_spend_begin(s->store));
    TRY(store_log_spend(s->store, &e));
    return store_spend_commit(s->store);
}

static enum kw_err note(void *ctx, const struct spend_event *e)
{
    buf_printf(ctx, "%u:%.*s ", (unsigned)e->n, (int)e->reference.n, e->reference.p);
    return KW_OK;
}

static void a_damaged_row_holds_up_none_behind_it(void **state)
{
    struct buf got = BUF_MAX(100);
    struct scene s;

    (void)state;
    make(&s);
    assert_ok(tell(&s, "one"));
    assert_ok(tell(&s, "two"));
    assert_ok(tell(&s, "three"));
    room_sql(&s.room, "UPDATE spend_log SET event = x'00' WHERE n = 2", 1);
    assert_ok(store_spend_log(s.store, 0, 0, note, &got));
    assert_str(buf_view(&got), STR("1:one 3:three "));
    buf_deinit(&got);
    clear(&s);
}

int main(void)
{
    SUITE_TEST(rules_are_those_that_were_put_last);
    SUITE_ROWS(rules_that_were_tampered_with_are_found, edits);
    SUITE_TEST(a_reservation_is_found_and_ends_once);
    SUITE_TEST(what_ended_long_ago_is_forgotten_and_its_reference_free);
    SUITE_TEST(sums_are_kept_by_key_and_currency);
    SUITE_TEST(sums_of_windows_long_over_are_forgotten_by_and_by);
    SUITE_TEST(a_damaged_row_holds_up_none_behind_it);
    return suite_run("store/spend");
}
