/* ledger.c - wallets: whatever is asked of them, their money adds up. */
#include "sandbox/ledger.h"

#include <stdio.h>
#include <stdlib.h>

#include "sandbox/money.h"
#include "suite.h"

enum { OPENING = 10000000, NOW = 1000000 }; /* 100,000.00 NGN */

static struct ledger *new_ledger(int64_t opening)
{
    static const uint8_t seed[LEDGER_SEED_LEN] = {1, 2, 3};
    struct ledger *l = NULL;

    assert_ok(ledger_new(seed, opening, &l));
    return l;
}

static struct wallet *wallet_of(struct ledger *l, const char *account)
{
    struct wallet *w = NULL;

    assert_ok(ledger_wallet(l, str_from(account), KW_SANDBOX, NOW, &w));
    return w;
}

static enum kw_err pay_with(struct wallet *w, int64_t kobo, struct str reference)
{
    const struct entry *e;
    struct payout p = {
        .type = ENTRY_TRANSFER, .amount = kobo, .to = STR("ada"), .reference = reference};

    return wallet_pay(w, &p, NOW, &e);
}

static enum kw_err pay(struct wallet *w, int64_t kobo)
{
    return pay_with(w, kobo, (struct str){NULL, 0});
}

/* Every balance along the way is the one before with its movement, and the last one is the
 * wallet's. */
static void assert_adds_up(const struct wallet *w)
{
    int64_t sum = 0;

    for (size_t i = 0; i < w->n_entries; i++) {
        const struct entry *e = &w->entries[i];
        assert_true(e->amount > 0);
        sum += entry_is_credit(e) ? e->amount : -e->amount;
        assert_int_equal(e->balance_after, sum);
        assert_true(sum >= 0);
    }
    assert_int_equal(w->balance, sum);
}

static void wallet_begins_with_its_opening_balance(void **state)
{
    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(OPENING);
    struct wallet *w = wallet_of(l, "acme");
    assert_int_equal(w->balance, OPENING);
    assert_int_equal(w->n_entries, 1);
    assert_int_equal(w->entries[0].type, ENTRY_DEPOSIT);
    assert_int_equal(entry_status(&w->entries[0], NOW), STATUS_SUCCESS);
    assert_adds_up(w);
}

static void wallet_without_opening_balance_has_no_entry(void **state)
{
    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(0);
    struct wallet *w = wallet_of(l, "acme");
    assert_int_equal(w->n_entries, 0);
    assert_err(pay(w, 1), KW_ERANGE);
    assert_adds_up(w);
}

static void wallets_of_accounts_and_environments_are_apart(void **state)
{
    struct wallet *production;

    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(OPENING);
    struct wallet *a = wallet_of(l, "acme"), *b = wallet_of(l, "acme-2");
    assert_ok(ledger_wallet(l, STR("acme"), KW_PRODUCTION, NOW, &production));
    assert_ok(pay_with(a, 500, STR("r-1")));
    assert_int_equal(a->balance, OPENING - 500);
    assert_int_equal(b->balance, OPENING);
    assert_int_equal(production->balance, OPENING);
    assert_ptr_equal(wallet_of(l, "acme"), a);
    assert_null(wallet_find_reference(production, STR("r-1")));
    assert_ok(pay_with(b, 1, STR("r-1")));
    assert_string_not_equal(a->user_id, production->user_id);
    assert_string_not_equal(a->entries[0].id, b->entries[0].id);
}

static void wallet_pay_takes_all_and_no_more(void **state)
{
    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(OPENING);
    struct wallet *w = wallet_of(l, "acme");
    assert_err(pay(w, OPENING + 1), KW_ERANGE);
    assert_err(pay(w, MONEY_MAX), KW_ERANGE);
    assert_ok(pay(w, OPENING - 1));
    assert_err(pay(w, 2), KW_ERANGE);
    assert_ok(pay(w, 1));
    assert_err(pay(w, 1), KW_ERANGE);
    assert_int_equal(w->balance, 0);
    assert_int_equal(w->n_entries, 3);
    assert_adds_up(w);
}

static void wallet_pay_refuses_what_is_no_payout(void **state)
{
    static const int64_t amounts[] = {0, -1, INT64_MIN, MONEY_MAX + 1, INT64_MAX};
    const struct entry *e;
    char text[LEDGER_TEXT_MAX + 1] = {0};

    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(OPENING);
    struct wallet *w = wallet_of(l, "acme");
    for (size_t i = 0; i < COUNT_OF(amounts); i++)
        assert_err(pay(w, amounts[i]), KW_EINVAL);
    memset(text, 'a', sizeof text);
    assert_err(pay_with(w, 1, (struct str){text, sizeof text}), KW_EINVAL);
    struct payout deposit = {.type = ENTRY_DEPOSIT, .amount = 1};
    assert_err(wallet_pay(w, &deposit, NOW, &e), KW_EINVAL);
    assert_int_equal(w->balance, OPENING);
    assert_int_equal(w->n_entries, 1);
}

static void a_repeated_reference_moves_nothing(void **state)
{
    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(OPENING);
    struct wallet *w = wallet_of(l, "acme");
    assert_ok(pay_with(w, 100, STR("r-1")));
    assert_err(pay_with(w, 100, STR("r-1")), KW_EEXISTS);
    assert_err(pay_with(w, 7, STR("r-1")), KW_EEXISTS);
    assert_err(pay_with(w, MONEY_MAX, STR("r-1")),
               KW_EEXISTS); /* the reference is what is wrong first */
    assert_err(pay_with(w, 1, str_from(w->entries[0].reference)), KW_EEXISTS); /* a drawn one, too */
    assert_int_equal(w->balance, OPENING - 100);
    assert_int_equal(w->n_entries, 2);
    assert_ok(pay_with(w, 100, STR("R-1")));
    assert_adds_up(w);
}

static void a_refused_payout_leaves_its_reference_free(void **state)
{
    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(OPENING);
    struct wallet *w = wallet_of(l, "acme");
    assert_err(pay_with(w, OPENING + 1, STR("r-1")), KW_ERANGE);
    assert_ok(pay_with(w, 1, STR("r-1")));
}

static void payouts_succeed_after_a_second_and_stay_so(void **state)
{
    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(OPENING);
    struct wallet *w = wallet_of(l, "acme");
    assert_ok(pay_with(w, 1, STR("r-1")));
    const struct entry *e = wallet_find_reference(w, STR("r-1"));
    assert_int_equal(entry_status(e, NOW), STATUS_PENDING);
    assert_int_equal(entry_status(e, NOW + LEDGER_SETTLE_MS - 1), STATUS_PENDING);
    assert_int_equal(entry_updated_ms(e, NOW + LEDGER_SETTLE_MS - 1), NOW);
    assert_int_equal(entry_status(e, NOW + LEDGER_SETTLE_MS), STATUS_SUCCESS);
    assert_int_equal(entry_updated_ms(e, NOW + 5000), NOW + LEDGER_SETTLE_MS);
    assert_int_equal(entry_status(e, INT64_MAX), STATUS_SUCCESS);
}

static void entries_are_found_by_id_and_reference_alone(void **state)
{
    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(OPENING);
    struct wallet *w = wallet_of(l, "acme");
    for (int i = 0; i < 100; i++)
        assert_ok(pay(w, 1));
    for (size_t i = 0; i < w->n_entries; i++) {
        const struct entry *e = &w->entries[i];
        assert_ptr_equal(wallet_find_id(w, str_from(e->id)), e);
        assert_ptr_equal(wallet_find_reference(w, str_from(e->reference)), e);
    }
    assert_null(wallet_find_id(w, str_from(w->entries[0].reference)));
    assert_null(wallet_find_id(w, (struct str){w->entries[0].id, LEDGER_UUID_LEN - 1}));
    assert_null(wallet_find_id(w, (struct str){NULL, 0}));
    assert_null(wallet_find_reference(wallet_of(l, "other"), str_from(w->entries[0].reference)));
}

static void ids_look_like_uuids(void **state)
{
    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(OPENING);
    const char *id = wallet_of(l, "acme")->entries[0].id;
    assert_int_equal(strlen(id), LEDGER_UUID_LEN);
    for (size_t i = 0; i < LEDGER_UUID_LEN; i++)
        if (i == 8 || i == 13 || i == 18 || i == 23)
            assert_int_equal(id[i], '-');
        else
            assert_true(str_only((struct str){id + i, 1}, "0123456789abcdef"));
    assert_int_equal(id[14], '4');
    assert_true(str_only((struct str){id + 19, 1}, "89ab"));
}

/* Pages that are read one after the other show each entry once, newest first. */
static void pages_add_up(void **state)
{
    const struct entry *page[7];
    size_t total, seen = 0;

    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(OPENING);
    struct wallet *w = wallet_of(l, "acme");
    for (int i = 1; i <= 30; i++)
        assert_ok(pay(w, i));
    for (size_t n = 7; n == 7; seen += n) {
        n = wallet_select(w, (struct entry_filter){0}, NOW, seen, page, 7, &total);
        assert_int_equal(total, 31);
        for (size_t i = 0; i < n; i++)
            assert_ptr_equal(page[i], &w->entries[30 - seen - i]);
    }
    assert_int_equal(seen, 31);
    assert_int_equal(wallet_select(w, (struct entry_filter){0}, NOW, 31, page, 7, &total), 0);
    assert_int_equal(wallet_select(w, (struct entry_filter){0}, NOW, SIZE_MAX, page, 7, &total), 0);
    assert_int_equal(total, 31);
}

static void filters_pass_what_they_name(void **state)
{
    const struct entry *page[9], *e;
    size_t total;

    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(OPENING);
    struct wallet *w = wallet_of(l, "acme");
    struct payout bank = {
        .type = ENTRY_BANK_TRANSFER, .amount = 5, .to = STR("0123456789"), .bank = STR("058")};
    assert_ok(pay(w, 1));
    assert_ok(wallet_pay(w, &bank, NOW + 500, &e));
    assert_int_equal(wallet_select(w, (struct entry_filter){.type = ENTRY_BANK_TRANSFER}, NOW, 0,
                                   page, 9, &total),
                     1);
    assert_string_equal(page[0]->bank, "058");
    struct entry_filter pending = {.status = STATUS_PENDING}, success = {.status = STATUS_SUCCESS},
                        failed = {.status = STATUS_FAILED};
    assert_int_equal(wallet_select(w, pending, NOW + 500, 0, page, 9, &total), 2);
    assert_int_equal(wallet_select(w, pending, NOW + 1000, 0, page, 9, &total), 1);
    assert_int_equal(wallet_select(w, success, NOW + 1500, 0, page, 9, &total), 3);
    assert_int_equal(wallet_select(w, failed, NOW + 1500, 0, page, 9, &total), 0);
}

static void a_long_random_run_adds_up(void **state)
{
    uint32_t x = 12345;
    int64_t paid = 0;

    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(OPENING);
    struct wallet *w = wallet_of(l, "acme");
    for (int i = 0; i < 5000; i++) {
        char reference[16];
        x = x * 1664525 + 1013904223;
        int64_t kobo = x >> 17;
        snprintf(reference, sizeof reference, "r-%u", x >> 23);
        if (pay_with(w, kobo, str_from(reference)) == KW_OK)
            paid += kobo;
    }
    assert_true(paid > 0);
    assert_int_equal(w->balance, OPENING - paid);
    assert_adds_up(w);
}

static void a_full_wallet_moves_nothing(void **state)
{
    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(OPENING);
    struct wallet *w = wallet_of(l, "acme");
    while (w->n_entries < WALLET_ENTRIES_MAX)
        assert_ok(pay(w, 1));
    int64_t before = w->balance;
    assert_err(pay(w, 1), KW_EFULL);
    assert_int_equal(w->balance, before);
    assert_adds_up(w);
    assert_ok(pay(wallet_of(l, "other"), 1));
}

static void the_ledger_keeps_so_many_wallets(void **state)
{
    struct wallet *w;
    char account[16];

    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(OPENING);
    for (int i = 0; i < LEDGER_WALLETS_MAX; i++) {
        snprintf(account, sizeof account, "a%d", i);
        wallet_of(l, account);
    }
    assert_err(ledger_wallet(l, STR("one-more"), KW_SANDBOX, NOW, &w), KW_EFULL);
    assert_string_equal(wallet_of(l, "a0")->account, "a0"); /* none was forgotten */
    assert_err(ledger_wallet(l, (struct str){NULL, 0}, KW_SANDBOX, NOW, &w), KW_EINVAL);
}

static void the_ledger_keeps_so_many_entries(void **state)
{
    struct wallet *w = NULL;
    size_t n = 0;
    enum kw_err err = KW_OK;

    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(OPENING);
    for (int i = 0; err == KW_OK; i++) {
        char account[16];
        snprintf(account, sizeof account, "a%d", i);
        err = ledger_wallet(l, str_from(account), KW_SANDBOX, NOW, &w);
        while (err == KW_OK && w->n_entries < WALLET_ENTRIES_MAX)
            err = pay(w, 1);
        n += w->n_entries;
        assert_adds_up(w);
        if (n == LEDGER_ENTRIES_MAX)
            break;
    }
    assert_int_equal(n, LEDGER_ENTRIES_MAX);
    assert_err(ledger_wallet(l, STR("one-more"), KW_SANDBOX, NOW, &w), KW_EFULL);
}

static void a_virtual_account_is_given_once(void **state)
{
    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(OPENING);
    struct wallet *w = wallet_of(l, "acme");
    assert_ok(pay_with(w, 1, STR("r-1")));
    assert_err(wallet_open_virtual_account(w, STR("r-1"), NOW), KW_EEXISTS);
    assert_ok(wallet_open_virtual_account(w, STR("r-2"), NOW));
    assert_int_equal(strlen(w->virtual_account.number), 10);
    assert_err(wallet_open_virtual_account(w, (struct str){NULL, 0}, NOW), KW_ECONFLICT);
    assert_err(pay_with(w, 1, STR("r-2")), KW_EEXISTS);
}

static void wallet_rename_changes_what_is_given(void **state)
{
    (void)state;
    AUTO(ledger_freep) struct ledger *l = new_ledger(OPENING);
    struct wallet *w = wallet_of(l, "acme");
    wallet_rename(w, STR("Ada"), (struct str){NULL, 0}, (struct str){NULL, 0}, NOW + 5);
    assert_string_equal(w->first_name, "Ada");
    assert_string_equal(w->last_name, "Account");
    assert_int_equal(w->updated_ms, NOW + 5);
    assert_int_equal(w->created_ms, NOW);
}

static void names_are_read_exactly(void **state)
{
    enum entry_status status = STATUS_ANY;
    enum entry_type type = ENTRY_ANY;

    (void)state;
    assert_ok(entry_status_parse(STR("COMPLETED"), &status));
    assert_int_equal(status, STATUS_COMPLETED);
    assert_ok(entry_type_parse(STR("BANK_TRANSFER"), &type));
    assert_string_equal(entry_type_name(type), "BANK_TRANSFER");
    assert_err(entry_status_parse(STR("pending"), &status), KW_ESYNTAX);
    assert_err(entry_status_parse((struct str){NULL, 0}, &status), KW_ESYNTAX);
    assert_err(entry_type_parse((struct str){NULL, 0}, &type), KW_ESYNTAX);
}

int main(void)
{
    SUITE_TEST(wallet_begins_with_its_opening_balance);
    SUITE_TEST(wallet_without_opening_balance_has_no_entry);
    SUITE_TEST(wallets_of_accounts_and_environments_are_apart);
    SUITE_TEST(wallet_pay_takes_all_and_no_more);
    SUITE_TEST(wallet_pay_refuses_what_is_no_payout);
    SUITE_TEST(a_repeated_reference_moves_nothing);
    SUITE_TEST(a_refused_payout_leaves_its_reference_free);
    SUITE_TEST(payouts_succeed_after_a_second_and_stay_so);
    SUITE_TEST(entries_are_found_by_id_and_reference_alone);
    SUITE_TEST(ids_look_like_uuids);
    SUITE_TEST(pages_add_up);
    SUITE_TEST(filters_pass_what_they_name);
    SUITE_TEST(a_long_random_run_adds_up);
    SUITE_TEST(a_full_wallet_moves_nothing);
    SUITE_TEST(the_ledger_keeps_so_many_wallets);
    SUITE_TEST(the_ledger_keeps_so_many_entries);
    SUITE_TEST(a_virtual_account_is_given_once);
    SUITE_TEST(wallet_rename_changes_what_is_given);
    SUITE_TEST(names_are_read_exactly);
    return suite_run("sandbox/ledger");
}
