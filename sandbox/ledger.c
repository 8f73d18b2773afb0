/* ledger.c - see ledger.h. */
#include "sandbox/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "crypto/digest.h"
#include "sandbox/money.h"

struct ledger {
    char seed[2 * LEDGER_SEED_LEN + 1];
    int64_t opening;
    size_t n_wallets, n_entries;
    struct wallet *wallets[LEDGER_WALLETS_MAX]; /* owns */
};

static const char *const type_names[] = {"",
#define X(symbol, name) name,
                                         ENTRY_TYPES(X)
#undef X
};

static const char *const status_names[] = {"",
#define X(symbol, name) name,
                                           ENTRY_STATUSES(X)
#undef X
};

static void put_text(char to[LEDGER_TEXT_MAX + 1], struct str s)
{
    if (s.n > 0)
        memcpy(to, s.p, s.n);
    to[s.n] = '\0';
}

static bool is_text(const char *text, struct str s)
{
    return str_eq(str_from(text), s);
}

/* Sixteen bytes in the form of a random UUID (RFC 9562, version 4). */
static void put_uuid(const uint8_t bytes[16], char out[LEDGER_UUID_LEN + 1])
{
    static const size_t group[] = {4, 2, 2, 2, 6};
    uint8_t b[16];
    char *to = out;

    memcpy(b, bytes, sizeof b);
    b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
    b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
    const uint8_t *from = b;
    for (size_t i = 0; i < COUNT_OF(group); i++) {
        hex_put(from, group[i], to);
        from += group[i];
        to += 2 * group[i];
        *to++ = '-';
    }
    out[LEDGER_UUID_LEN] = '\0';
}

/* Bytes for the n-th thing of a kind that a wallet owns: unlike any other's, and the same for the
 * same seed. */
static void draw(const struct wallet *w, const char *seed, const char *kind, size_t n,
                 struct digest *out)
{
    char text[160];
    int len = snprintf(text, sizeof text, "%s %s %s %s %zu", seed, w->account,
                       kw_environment_name(w->environment), kind, n);

    digest_of((struct str){text, (size_t)len}, out);
}

enum kw_err ledger_new(const uint8_t seed[LEDGER_SEED_LEN], int64_t opening, struct ledger **out)
{
    struct ledger *l = calloc(1, sizeof *l);

    if (l == NULL)
        return KW_ENOMEM;
    hex_put(seed, LEDGER_SEED_LEN, l->seed);
    l->opening = opening;
    *out = l;
    return KW_OK;
}

static void wallet_freep(struct wallet **w)
{
    if (*w != NULL)
        free((*w)->entries);
    free(*w);
    *w = NULL;
}

void ledger_freep(struct ledger **l)
{
    for (size_t i = 0; *l != NULL && i < (*l)->n_wallets; i++)
        wallet_freep(&(*l)->wallets[i]);
    free(*l);
    *l = NULL;
}

static enum kw_err make_room(struct wallet *w)
{
    if (w->n_entries == WALLET_ENTRIES_MAX || w->ledger->n_entries == LEDGER_ENTRIES_MAX)
        return KW_EFULL;
    if (w->n_entries < w->cap)
        return KW_OK;
    size_t cap = w->cap == 0 ? 16 : 2 * w->cap;
    struct entry *entries = realloc(w->entries, cap * sizeof *entries);
    if (entries == NULL)
        return KW_ENOMEM;
    w->entries = entries;
    w->cap = cap;
    return KW_OK;
}

/* The only place where a balance changes. */
static enum kw_err move(struct wallet *w, const struct payout *p, int64_t now_ms,
                        const struct entry **out)
{
    struct entry e = {.type = p->type, .amount = p->amount, .created_ms = now_ms};
    struct digest drawn;

    TRY(make_room(w));
    draw(w, w->ledger->seed, "entry", w->n_entries, &drawn);
    put_uuid(drawn.b, e.id);
    memcpy(e.reference, "sbx-", 4);
    hex_put(drawn.b + 16, 10, e.reference + 4);
    if (p->reference.n > 0)
        put_text(e.reference, p->reference);
    put_text(e.to, p->to);
    put_text(e.bank, p->bank);
    put_text(e.narration, p->narration);
    e.balance_after = w->balance + (entry_is_credit(&e) ? e.amount : -e.amount);
    w->balance = e.balance_after;
    w->entries[w->n_entries] = e;
    *out = &w->entries[w->n_entries++];
    w->ledger->n_entries++;
    return KW_OK;
}

static enum kw_err name_wallet(struct wallet *w)
{
    struct digest drawn;

    draw(w, "", "user", 0, &drawn);
    put_uuid(drawn.b, w->user_id);
    for (size_t i = 0; i < LEDGER_SUBWALLETS; i++) {
        draw(w, "", "subwallet", i, &drawn);
        put_uuid(drawn.b, w->subwallet_id[i]);
    }
    return KW_OK;
}

static enum kw_err deposit_opening(struct wallet *w, int64_t now_ms)
{
    struct payout opening = {
        .type = ENTRY_DEPOSIT, .amount = w->ledger->opening, .narration = STR("Opening balance")};
    const struct entry *e;

    return opening.amount == 0 ? KW_OK : move(w, &opening, now_ms, &e);
}

static enum kw_err wallet_new(struct ledger *l, struct str account, enum kw_environment environment,
                              int64_t now_ms, struct wallet **out)
{
    AUTO(wallet_freep) struct wallet *w = calloc(1, sizeof *w);

    if (w == NULL)
        return KW_ENOMEM;
    w->ledger = l;
    memcpy(w->account, account.p, account.n);
    w->environment = environment;
    w->created_ms = now_ms;
    TRY(name_wallet(w));
    wallet_rename(w, STR("Sandbox"), STR("Account"), STR("+2340000000000"), now_ms);
    TRY(deposit_opening(w, now_ms));
    *out = STEAL(w);
    return KW_OK;
}

enum kw_err ledger_wallet(struct ledger *l, struct str account, enum kw_environment environment,
                          int64_t now_ms, struct wallet **out)
{
    if (account.n == 0 || account.n > KW_ACCOUNT_MAX)
        return KW_EINVAL;
    for (size_t i = 0; i < l->n_wallets; i++)
        if (l->wallets[i]->environment == environment && is_text(l->wallets[i]->account, account)) {
            *out = l->wallets[i];
            return KW_OK;
        }
    if (l->n_wallets == LEDGER_WALLETS_MAX)
        return KW_EFULL;
    TRY(wallet_new(l, account, environment, now_ms, &l->wallets[l->n_wallets]));
    *out = l->wallets[l->n_wallets++];
    return KW_OK;
}

static bool is_used(const struct wallet *w, struct str reference)
{
    return wallet_find_reference(w, reference) != NULL ||
           is_text(w->virtual_account.reference, reference);
}

static bool fits(struct str s)
{
    return s.n <= LEDGER_TEXT_MAX;
}

static bool is_payout(const struct payout *p)
{
    return (p->type == ENTRY_TRANSFER || p->type == ENTRY_BANK_TRANSFER) && p->amount > 0 &&
           p->amount <= MONEY_MAX && fits(p->to) && fits(p->bank) && fits(p->reference) &&
           fits(p->narration);
}

enum kw_err wallet_pay(struct wallet *w, const struct payout *p, int64_t now_ms,
                       const struct entry **out)
{
    if (!is_payout(p))
        return KW_EINVAL;
    if (p->reference.n > 0 && is_used(w, p->reference))
        return KW_EEXISTS;
    if (p->amount > w->balance)
        return KW_ERANGE;
    return move(w, p, now_ms, out);
}

enum kw_err wallet_open_virtual_account(struct wallet *w, struct str reference, int64_t now_ms)
{
    struct virtual_account v = {.created_ms = now_ms};
    struct digest drawn;
    uint32_t number;

    if (w->virtual_account.number[0] != '\0')
        return KW_ECONFLICT;
    if (!fits(reference))
        return KW_EINVAL;
    if (reference.n > 0 && is_used(w, reference))
        return KW_EEXISTS;
    draw(w, "", "virtual account", 0, &drawn);
    memcpy(&number, drawn.b, sizeof number);
    snprintf(v.number, sizeof v.number, "00%08" PRIu32, number % 100000000);
    put_text(v.reference, reference);
    w->virtual_account = v;
    return KW_OK;
}

static void change_text(char to[LEDGER_TEXT_MAX + 1], struct str s)
{
    if (s.n > 0 && fits(s))
        put_text(to, s);
}

void wallet_rename(struct wallet *w, struct str first_name, struct str last_name, struct str phone,
                   int64_t now_ms)
{
    change_text(w->first_name, first_name);
    change_text(w->last_name, last_name);
    change_text(w->phone, phone);
    w->updated_ms = now_ms;
}

const struct entry *wallet_find_id(const struct wallet *w, struct str id)
{
    for (size_t i = w->n_entries; i-- > 0;)
        if (is_text(w->entries[i].id, id))
            return &w->entries[i];
    return NULL;
}

const struct entry *wallet_find_reference(const struct wallet *w, struct str reference)
{
    for (size_t i = w->n_entries; i-- > 0;)
        if (is_text(w->entries[i].reference, reference))
            return &w->entries[i];
    return NULL;
}

static bool passes(const struct entry *e, struct entry_filter filter, int64_t now_ms)
{
    return (filter.type == ENTRY_ANY || filter.type == e->type) &&
           (filter.status == STATUS_ANY || filter.status == entry_status(e, now_ms));
}

size_t wallet_select(const struct wallet *w, struct entry_filter filter, int64_t now_ms,
                     size_t skip, const struct entry **out, size_t max, size_t *total)
{
    size_t n = 0, seen = 0;

    for (size_t i = w->n_entries; i-- > 0;) {
        if (!passes(&w->entries[i], filter, now_ms))
            continue;
        if (seen++ >= skip && n < max)
            out[n++] = &w->entries[i];
    }
    *total = seen;
    return n;
}

bool entry_is_credit(const struct entry *e)
{
    return e->type == ENTRY_DEPOSIT;
}

static bool is_settled(const struct entry *e, int64_t now_ms)
{
    return entry_is_credit(e) || now_ms - e->created_ms >= LEDGER_SETTLE_MS;
}

enum entry_status entry_status(const struct entry *e, int64_t now_ms)
{
    return is_settled(e, now_ms) ? STATUS_SUCCESS : STATUS_PENDING;
}

int64_t entry_updated_ms(const struct entry *e, int64_t now_ms)
{
    return entry_is_credit(e) || !is_settled(e, now_ms) ? e->created_ms
                                                        : e->created_ms + LEDGER_SETTLE_MS;
}

const char *entry_type_name(enum entry_type type)
{
    return (size_t)type < COUNT_OF(type_names) ? type_names[type] : "";
}

const char *entry_status_name(enum entry_status status)
{
    return (size_t)status < COUNT_OF(status_names) ? status_names[status] : "";
}

enum kw_err entry_type_parse(struct str name, enum entry_type *out)
{
    for (enum entry_type t = ENTRY_DEPOSIT; (size_t)t < COUNT_OF(type_names); t++)
        if (is_text(type_names[t], name)) {
            *out = t;
            return KW_OK;
        }
    return KW_ESYNTAX;
}

enum kw_err entry_status_parse(struct str name, enum entry_status *out)
{
    for (enum entry_status s = STATUS_PENDING; (size_t)s < COUNT_OF(status_names); s++)
        if (is_text(status_names[s], name)) {
            *out = s;
            return KW_OK;
        }
    return KW_ESYNTAX;
}
