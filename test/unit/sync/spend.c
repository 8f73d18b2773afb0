/* spend.c - what a key may spend: never more than its rules say, by the key as it is, given back in time, whatever the disk does. */
#include "sync/spend.h"

#include <stdio.h>

#include "store/faulty.h"
#include "suite.h"
#include "sync/house.h"

enum { MANY = 64 };

static const char rules_of_two[] = "NGN 2 60.00 - 100.00 -\n=bank\n";

struct trial {
    struct house house;
    struct grant key;
    unsigned n_asked; /* each has an id and a reference of its own */
};

static void limit(struct trial *t, const char *document)
{
    uint32_t version = 0;

    assert_ok(sync_put_spend_rules(t->house.sync, STR("uid:0"), t->key.slot, str_from(document),
                                   &version));
    assert_int_equal(version, 1);
}

static void open_trial(struct trial *t)
{
    char text[KEY_MAX];

    *t = (struct trial){.n_asked = 0};
    house_make(&t->house);
    t->key = house_key(&t->house, 1, text);
}

static void close_trial(struct trial *t)
{
    house_clear(&t->house);
}

static struct amount of(const char *text)
{
    struct amount a;

    assert_ok(amount_parse(str_from(text), AMOUNT_DECIMALS_MAX, &a));
    return a;
}

static struct spend_item reserve(struct trial *t, const char *amount)
{
    struct spend_item i = {.step = SPEND_STEP_RESERVE, .actor = STR("token:1"), .life_s = 900};

    t->n_asked++;
    snprintf(i.r.id, sizeof i.r.id, "%010uRese", t->n_asked);
    snprintf(i.r.key, sizeof i.r.key, "%s", t->key.id);
    snprintf(i.r.reference, sizeof i.r.reference, "payout %u", t->n_asked);
    snprintf(i.r.currency, sizeof i.r.currency, "NGN");
    snprintf(i.r.destination, sizeof i.r.destination, "bank");
    i.r.amount = of(amount);
    return i;
}

static struct spend_item step_of(const struct spend_item *before, enum spend_step step)
{
    struct spend_item i = {.step = step, .actor = STR("token:1")};

    snprintf(i.r.id, sizeof i.r.id, "%s", before->r.id);
    return i;
}

static enum spend_why ask(struct trial *t, struct spend_item *i)
{
    struct spend_item *const one[] = {i};

    sync_spend(t->house.sync, one, 1);
    assert_ok(i->err);
    return i->why;
}

static struct spend_item reserved(struct trial *t, const char *amount)
{
    struct spend_item i = reserve(t, amount);

    assert_int_equal(ask(t, &i), SPEND_NO_REASON);
    assert_int_equal(i.r.state, SPEND_RESERVED);
    return i;
}

static struct spend_item reserved_for_no_time(struct trial *t, const char *amount)
{
    struct spend_item i = reserve(t, amount);

    i.life_s = 0;
    assert_int_equal(ask(t, &i), SPEND_NO_REASON);
    return i;
}

static void assert_refused(struct trial *t, const char *amount, enum spend_why want)
{
    struct spend_item i = reserve(t, amount);

    assert_int_equal(ask(t, &i), want);
}

/* ---- limits ---- */

static void what_is_reserved_counts_until_it_is_given_back(void **state)
{
    struct trial t;

    (void)state;
    open_trial(&t);
    limit(&t, rules_of_two);
    struct spend_item first = reserved(&t, "60.00"), second = reserved(&t, "40.00");
    assert_refused(&t, "0.01", SPEND_WHY_PER_DAY);
    struct spend_item released = step_of(&first, SPEND_STEP_RELEASE);
    assert_int_equal(ask(&t, &released), SPEND_NO_REASON);
    assert_refused(&t, "60.01", SPEND_WHY_PER_TRANSACTION);
    reserved(&t, "60.00");
    struct spend_item less = step_of(&second, SPEND_STEP_COMMIT);
    less.r.committed = of("15.00");
    assert_int_equal(ask(&t, &less), SPEND_NO_REASON);
    reserved(&t, "25.00");
    assert_refused(&t, "0.01", SPEND_WHY_PER_DAY);
    close_trial(&t);
}

static void many_at_once_do_not_pass_a_limit(void **state)
{
    struct spend_item items[MANY], *all[MANY];
    unsigned n_let = 0;
    struct trial t;

    (void)state;
    open_trial(&t);
    limit(&t, rules_of_two);
    for (unsigned i = 0; i < MANY; i++) {
        items[i] = reserve(&t, "3.00");
        all[i] = &items[i];
    }
    sync_spend(t.house.sync, all, MANY);
    for (unsigned i = 0; i < MANY; i++) {
        assert_ok(items[i].err);
        n_let += items[i].why == SPEND_NO_REASON;
        assert_int_equal(items[i].why, i < 33 ? SPEND_NO_REASON : SPEND_WHY_PER_DAY);
    }
    assert_int_equal(n_let, 33);
    close_trial(&t);
}

static void the_same_asked_again_is_the_same_reservation(void **state)
{
    struct trial t;

    (void)state;
    open_trial(&t);
    limit(&t, rules_of_two);
    struct spend_item first = reserved(&t, "60.00"), again = first, other = first;
    again.why = other.why = SPEND_NO_REASON;
    snprintf(again.r.id, sizeof again.r.id, "0000000000Othr");
    assert_int_equal(ask(&t, &again), SPEND_NO_REASON);
    assert_true(again.is_replay);
    assert_string_equal(again.r.id, first.r.id);
    other.r.amount = of("1.00");
    assert_int_equal(ask(&t, &other), SPEND_WHY_REFERENCE);
    reserved(&t, "40.00"); /* it had been counted once */
    close_trial(&t);
}

static void what_was_not_committed_in_time_is_given_back_and_cannot_be(void **state)
{
    struct trial t;

    (void)state;
    open_trial(&t);
    limit(&t, rules_of_two);
    struct spend_item late = reserved_for_no_time(&t, "60.00");
    assert_ok(sync_tend_spends(t.house.sync));
    struct spend_item commit = step_of(&late, SPEND_STEP_COMMIT);
    assert_int_equal(ask(&t, &commit), SPEND_WHY_EXPIRED);
    assert_int_equal(commit.r.state, SPEND_EXPIRED);
    reserved(&t, "60.00");
    reserved(&t, "40.00");
    close_trial(&t);
}

/* No seal is on them: who writes the database may damage one, and that is all he does by it. */
static void a_damaged_reservation_that_is_due_holds_up_no_other(void **state)
{
    struct trial t;

    (void)state;
    open_trial(&t);
    limit(&t, rules_of_two);
    struct spend_item damaged = reserved(&t, "10.00"), whole = reserved(&t, "60.00");
    room_sql(&t.house.room, "UPDATE reservations SET expires_ms = slot", 2);
    room_sql(&t.house.room, "UPDATE reservations SET amount = 'much' WHERE slot = 1", 1);
    assert_ok(sync_tend_spends(t.house.sync));
    reserved(&t, "60.00"); /* as much has been given back */
    struct spend_item commit = step_of(&whole, SPEND_STEP_COMMIT);
    assert_int_equal(ask(&t, &commit), SPEND_WHY_EXPIRED);
    struct spend_item release = step_of(&damaged, SPEND_STEP_RELEASE), *const one[] = {&release};
    sync_spend(t.house.sync, one, 1);
    assert_err(release.err, KW_EDAMAGED);
    close_trial(&t);
}

static void damaged_sums_of_one_key_hold_up_no_other(void **state)
{
    char text[KEY_MAX];
    struct trial t;

    (void)state;
    open_trial(&t);
    limit(&t, rules_of_two);
    struct spend_item open = reserved(&t, "20.00");
    reserved_for_no_time(&t, "10.00");
    room_sql(&t.house.room, "UPDATE spend_used SET amount = 'nothing'", 3);
    struct spend_item release = step_of(&open, SPEND_STEP_RELEASE), more = reserve(&t, "1.00");
    t.key = house_key(&t.house, 2, text);
    struct spend_item other = reserve(&t, "60.00"), *const all[] = {&release, &more, &other};
    sync_spend(t.house.sync, all, COUNT_OF(all));
    assert_err(release.err, KW_EDAMAGED);
    assert_err(more.err, KW_EDAMAGED);
    assert_ok(other.err);
    assert_int_equal(other.r.state, SPEND_RESERVED);
    assert_ok(sync_tend_spends(t.house.sync));
    close_trial(&t);
}

/* ---- the key ---- */

static const struct standing {
    const char *why;
    enum key_state state;
    enum freeze frozen;
    unsigned permissions;
    enum spend_why want;
} standings[] = {
    {"it is as it was", KEY_ACTIVE, FREEZE_NOTHING, KW_FULL_ACCESS, SPEND_NO_REASON},
    {"it is disabled", KEY_DISABLED, FREEZE_NOTHING, KW_FULL_ACCESS, SPEND_WHY_KEY_DISABLED},
    {"it is revoked", KEY_REVOKED, FREEZE_NOTHING, KW_FULL_ACCESS, SPEND_WHY_KEY_REVOKED},
    {"its transactions are frozen", KEY_ACTIVE, FREEZE_TRANSACT, KW_FULL_ACCESS, SPEND_WHY_FROZEN},
    {"all of it is frozen", KEY_ACTIVE, FREEZE_ALL, KW_FULL_ACCESS, SPEND_WHY_FROZEN},
    {"it only reads", KEY_ACTIVE, FREEZE_NOTHING, KW_READ_ONLY, SPEND_WHY_PERMISSION},
};

static void a_key_without_rules_spends_by_how_it_stands(void **state)
{
    const struct standing *row = *state;
    struct trial t;

    open_trial(&t);
    t.key.state = row->state;
    t.key.frozen = row->frozen;
    t.key.permissions = row->permissions;
    if (row->want != SPEND_NO_REASON)
        assert_ok(house_change(&t.house, &t.key));
    struct spend_item i = reserve(&t, "999999.99");
    assert_int_equal(ask(&t, &i), row->want);
    assert_false(i.r.limited);
    close_trial(&t);
}

/* In force and not saved: the gateway knows it, and so does the money. */
static void X3_a_revocation_that_waits_for_the_disk_holds_here_as_well(void **state)
{
    struct trial t;

    (void)state;
    open_trial(&t);
    sqlite3 *held = house_lock_database(&t.house);
    t.key.state = KEY_REVOKED;
    assert_err(house_change(&t.house, &t.key), KW_EUNSAVED);
    sqlite3_close(held);
    assert_refused(&t, "1.00", SPEND_WHY_KEY_REVOKED);
    close_trial(&t);
}

/* ---- the disk ---- */

static void keep_a_reserve(struct house *h)
{
    house_shut(h);
    snprintf(h->reserve_file, sizeof h->reserve_file, "%s", folder_file(&h->room.folder, "reserve"));
    house_open(h);
}

/* The money has moved, or stays: that is written down with what is kept for it. */
static void X3_a_full_disk_takes_no_reservation_and_what_ends_one(void **state)
{
    struct trial t;

    (void)state;
    faulty_install();
    open_trial(&t);
    keep_a_reserve(&t.house);
    limit(&t, rules_of_two);
    struct spend_item before = reserved(&t, "60.00"), none = reserve(&t, "40.00");
    struct spend_item commit = step_of(&before, SPEND_STEP_COMMIT), *const one[] = {&none};
    faulty.full_beside = t.house.reserve_file;
    assert_int_equal(ask(&t, &commit), SPEND_NO_REASON);
    assert_int_equal(commit.r.state, SPEND_COMMITTED);
    sync_spend(t.house.sync, one, 1);
    assert_err(none.err, KW_EFULL);
    close_trial(&t);
}

/* What ended before a start is known after it, and so is what is used. */
static void X1_a_start_goes_on_with_what_is_used(void **state)
{
    struct trial t;

    (void)state;
    open_trial(&t);
    limit(&t, rules_of_two);
    struct spend_item first = reserved(&t, "60.00");
    house_shut(&t.house);
    house_open(&t.house);
    assert_refused(&t, "40.01", SPEND_WHY_PER_DAY);
    struct spend_item commit = step_of(&first, SPEND_STEP_COMMIT);
    assert_int_equal(ask(&t, &commit), SPEND_NO_REASON);
    assert_int_equal(ask(&t, &commit), SPEND_NO_REASON); /* answered again the same */
    struct spend_item released = step_of(&first, SPEND_STEP_RELEASE);
    assert_int_equal(ask(&t, &released), SPEND_WHY_COMMITTED);
    close_trial(&t);
}

int main(void)
{
    SUITE_TEST(what_is_reserved_counts_until_it_is_given_back);
    SUITE_TEST(many_at_once_do_not_pass_a_limit);
    SUITE_TEST(the_same_asked_again_is_the_same_reservation);
    SUITE_TEST(what_was_not_committed_in_time_is_given_back_and_cannot_be);
    SUITE_TEST(a_damaged_reservation_that_is_due_holds_up_no_other);
    SUITE_TEST(damaged_sums_of_one_key_hold_up_no_other);
    SUITE_ROWS(a_key_without_rules_spends_by_how_it_stands, standings);
    SUITE_TEST(X3_a_revocation_that_waits_for_the_disk_holds_here_as_well);
    SUITE_TEST(X3_a_full_disk_takes_no_reservation_and_what_ends_one);
    SUITE_TEST(X1_a_start_goes_on_with_what_is_used);
    return suite_run("sync/spend");
}
