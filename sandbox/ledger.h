/* ledger.h - the wallets of the sandbox: who has how much, and every movement that made it so.
 *
 * A wallet is one account in one environment. At every moment its balance is the sum of its credits
 * less the sum of its debits; nothing is forgotten while the ledger lives. Pure but for memory:
 * time comes in, ids come from a seed. Not thread-safe. */
#ifndef SANDBOX_LEDGER_H
#define SANDBOX_LEDGER_H

#include <keyward/keyward.h>

#include "base/str.h"

enum {
    LEDGER_WALLETS_MAX = 1000,
    LEDGER_ENTRIES_MAX = 200000, /* of all wallets together: about 70 MB */
    WALLET_ENTRIES_MAX = 10000,
    LEDGER_SETTLE_MS = 1000, /* from the order of a payout to its success */
    LEDGER_SEED_LEN = 16,
    LEDGER_TEXT_MAX = 64,
    LEDGER_UUID_LEN = 36,
    LEDGER_SUBWALLETS = 3, /* naira, and two for coins that stay empty */
};

/* X(enumerator, name). Zero of either means any. */
#define ENTRY_TYPES(X)            \
    X(ENTRY_DEPOSIT, "DEPOSIT")   \
    X(ENTRY_TRANSFER, "TRANSFER") \
    X(ENTRY_BANK_TRANSFER, "BANK_TRANSFER")

#define ENTRY_STATUSES(X)        \
    X(STATUS_PENDING, "PENDING") \
    X(STATUS_SUCCESS, "SUCCESS") \
    X(STATUS_FAILED, "FAILED")   \
    X(STATUS_COMPLETED, "COMPLETED")

#define X(symbol, name) symbol,
enum entry_type { ENTRY_ANY = 0, ENTRY_TYPES(X) };
enum entry_status { STATUS_ANY = 0, ENTRY_STATUSES(X) };
#undef X

struct entry { /* one movement of money */
    char id[LEDGER_UUID_LEN + 1];
    char reference[LEDGER_TEXT_MAX + 1];
    char to[LEDGER_TEXT_MAX + 1]; /* receiver, or account number; empty for a deposit */
    char bank[LEDGER_TEXT_MAX + 1];
    char narration[LEDGER_TEXT_MAX + 1];
    enum entry_type type;
    int64_t amount, balance_after; /* kobo */
    int64_t created_ms;
};

struct virtual_account {
    char number[11]; /* empty: there is none */
    char reference[LEDGER_TEXT_MAX + 1];
    int64_t created_ms;
};

struct wallet {            /* to be read by all, changed here only */
    struct ledger *ledger; /* borrows */
    char account[KW_ACCOUNT_MAX + 1];
    enum kw_environment environment;
    char user_id[LEDGER_UUID_LEN + 1]; /* this and the next are the same in every run */
    char subwallet_id[LEDGER_SUBWALLETS][LEDGER_UUID_LEN + 1];
    char first_name[LEDGER_TEXT_MAX + 1], last_name[LEDGER_TEXT_MAX + 1], phone[LEDGER_TEXT_MAX + 1];
    int64_t created_ms, updated_ms;
    struct virtual_account virtual_account;
    int64_t balance;       /* kobo */
    struct entry *entries; /* owns; oldest first */
    size_t n_entries, cap;
};

struct ledger;

/* Makes an empty ledger whose wallets begin with an opening balance (0 to MONEY_MAX kobo).
 * KW_ENOMEM. */
enum kw_err ledger_new(const uint8_t seed[LEDGER_SEED_LEN], int64_t opening, struct ledger **out);
void ledger_freep(struct ledger **l);

/* Finds the wallet of an account (as account_id_check wants it), or makes it. KW_EFULL when there
 * are too many. */
enum kw_err ledger_wallet(struct ledger *l, struct str account, enum kw_environment environment,
                          int64_t now_ms, struct wallet **out);

struct payout { /* borrows; every text at most LEDGER_TEXT_MAX bytes */
    enum entry_type type;
    int64_t amount;
    struct str to, bank, reference, narration; /* an empty reference is drawn */
};

/* Takes a payout from the wallet; on any error nothing has moved. KW_EEXISTS: the reference has
 * been used; KW_ERANGE: the balance is smaller; KW_EFULL: too many transactions; KW_EINVAL;
 * KW_ENOMEM. */
enum kw_err wallet_pay(struct wallet *w, const struct payout *p, int64_t now_ms,
                       const struct entry **out);

/* Gives the wallet its one virtual account. KW_ECONFLICT: it has one; KW_EEXISTS: the reference has
 * been used. */
enum kw_err wallet_open_virtual_account(struct wallet *w, struct str reference, int64_t now_ms);

/* Changes those of the three that are not empty. */
void wallet_rename(struct wallet *w, struct str first_name, struct str last_name, struct str phone,
                   int64_t now_ms);

/* Valid until the next change of the wallet. NULL: there is none. */
const struct entry *wallet_find_id(const struct wallet *w, struct str id);
const struct entry *wallet_find_reference(const struct wallet *w, struct str reference);

struct entry_filter {
    enum entry_type type;
    enum entry_status status;
};

/* The entries that pass the filter, newest first: skips some, writes at most max to out and returns
 * how many; *total is how many there are in all. */
size_t wallet_select(const struct wallet *w, struct entry_filter filter, int64_t now_ms,
                     size_t skip, const struct entry **out, size_t max, size_t *total);

/* A payout is pending when it is ordered and has succeeded LEDGER_SETTLE_MS later; a deposit has
 * succeeded at once. None fails. */
enum entry_status entry_status(const struct entry *e, int64_t now_ms);
int64_t entry_updated_ms(const struct entry *e, int64_t now_ms);
bool entry_is_credit(const struct entry *e);

/* "DEPOSIT", "PENDING"; KW_ESYNTAX for a name that is none. */
const char *entry_type_name(enum entry_type type);
const char *entry_status_name(enum entry_status status);
enum kw_err entry_type_parse(struct str name, enum entry_type *out);
enum kw_err entry_status_parse(struct str name, enum entry_status *out);

#endif
