/* endpoints.c - see endpoints.h. Whether the key may call them is not asked here: that is what the
 * gateway is for. */
#include "sandbox/endpoints.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/utf8.h"
#include "sandbox/body.h"
#include "sandbox/money.h"

enum { PAGE_DEFAULT = 20, PAGE_MAX = 100 };

static json_t *json_money(int64_t kobo)
{
    char text[MONEY_TEXT_MAX];

    money_print(kobo, text);
    return json_string(text);
}

static json_t *json_time(int64_t ms)
{
    time_t s = (time_t)(ms / 1000);
    struct tm tm;
    char text[32];

    gmtime_r(&s, &tm);
    size_t n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(text + n, sizeof text - n, ".%03dZ", (int)(ms % 1000));
    return json_string(text);
}

static json_t *json_text(const char *text) /* empty: null */
{
    return text[0] == '\0' ? json_null() : json_string(text);
}

static json_t *json_user(const struct wallet *w)
{
    char email[LEDGER_TEXT_MAX + 1];

    snprintf(email, sizeof email, "%s@sandbox.example", w->account);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:{s:i, s:s, s:{s:n, s:n}}, s:o, s:o}",
                     "id", w->user_id, "email", email, "firstName", w->first_name, "lastName",
                     w->last_name, "phone", w->phone, "haveTransactionPin", 1, "verified", 1,
                     "kycInfo", "currentTier", 3, "status", "APPROVED", "limits", "daily",
                     "perTransaction", "createdAt", json_time(w->created_ms), "updatedAt",
                     json_time(w->updated_ms));
}

void endpoint_user(const struct call *c, struct answer *a)
{
    answer_give(a, "User retrieved", json_user(c->wallet));
}

void endpoint_user_update(const struct call *c, struct answer *a)
{
    static const struct field fields[] = {{"firstName", FIELD_TEXT, false},
                                          {"lastName", FIELD_TEXT, false},
                                          {"phone", FIELD_PHONE, false}};
    struct wallet *w = c->wallet;
    AUTO(body_deinit) struct body body = {0};

    if (!str_eq(c->parameter, str_from(w->user_id))) {
        answer_refuse(a, 404, "There is no user of this id in the account of this key");
        return;
    }
    if (!body_read(c->request->body, fields, COUNT_OF(fields), &body, a))
        return;
    if (body.text[0].n + body.text[1].n + body.text[2].n == 0) {
        answer_refuse(a, 400, "Nothing to change: give at least one of firstName, lastName, phone");
        return;
    }
    wallet_rename(w, body.text[0], body.text[1], body.text[2], c->now_ms);
    answer_give(a, "User updated", json_user(w));
}

static json_t *json_virtual_account(const struct wallet *w)
{
    const struct virtual_account *v = &w->virtual_account;
    char name[2 * LEDGER_TEXT_MAX + 2];

    if (v->number[0] == '\0')
        return json_null();
    snprintf(name, sizeof name, "%s %s", w->first_name, w->last_name);
    return json_pack("{s:s, s:s, s:s, s:o, s:o}", "accountNumber", v->number, "accountName", name,
                     "bankName", "Sandbox Bank", "reference", json_text(v->reference), "createdAt",
                     json_time(v->created_ms));
}

/* No address: nobody shall send coins to one that is invented. */
static json_t *json_coins(const char *id, const char *currency, const char *chain)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:n, s:n}", "id", id, "type", "CRYPTO", "currency",
                     currency, "balance", "0.00", "chain", chain, "publicAddress", "virtualAccount");
}

static json_t *json_naira(const struct wallet *w)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:n, s:n, s:o}", "id", w->subwallet_id[0], "type",
                     "FIAT", "currency", "NGN", "balance", json_money(w->balance), "chain",
                     "publicAddress", "virtualAccount", json_virtual_account(w));
}

void endpoint_wallet(const struct call *c, struct answer *a)
{
    const struct wallet *w = c->wallet;

    answer_give(a, "Wallet retrieved",
                json_pack("{s:o, s:[o, o, o]}", "nairaBalance", json_money(w->balance),
                          "subwallets", json_naira(w), json_coins(w->subwallet_id[1], "ETH", "EVM"),
                          json_coins(w->subwallet_id[2], "SOL", "SOLANA")));
}

static void refuse_reference(struct answer *a)
{
    answer_refuse(a, 409, "reference has been used in this account before; nothing has moved");
}

void endpoint_virtual_account(const struct call *c, struct answer *a)
{
    static const struct field fields[] = {{"nin", FIELD_NIN, true},
                                          {"reference", FIELD_REFERENCE, false}};
    AUTO(body_deinit) struct body body = {0};

    if (!body_read(c->request->body, fields, COUNT_OF(fields), &body, a))
        return;
    enum kw_err err = wallet_open_virtual_account(c->wallet, body.text[1], c->now_ms);
    if (err == KW_ECONFLICT)
        answer_refuse(a, 409, "This account has a virtual account already");
    else if (err == KW_EEXISTS)
        refuse_reference(a);
    else if (err != KW_OK)
        answer_refuse(a, 500, "The sandbox is out of memory");
    else
        answer_give(a, "Virtual account created", json_virtual_account(c->wallet));
}

static json_t *json_entry(const struct entry *e, int64_t now_ms)
{
    const char *to_name = e->type == ENTRY_BANK_TRANSFER ? "accountNumber" : "receiver";

    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
                     e->id, "reference", e->reference, "status",
                     entry_status_name(entry_status(e, now_ms)), "type", entry_type_name(e->type),
                     "nature", entry_is_credit(e) ? "CREDIT" : "DEBIT", "amount",
                     json_money(e->amount), "currency", "NGN", to_name, json_text(e->to), "bank",
                     json_text(e->bank), "narration", json_text(e->narration), "balanceAfter",
                     json_money(e->balance_after), "createdAt", json_time(e->created_ms),
                     "updatedAt", json_time(entry_updated_ms(e, now_ms)));
}

static void refuse_payout(const struct call *c, enum kw_err err, struct answer *a)
{
    char balance[MONEY_TEXT_MAX];

    money_print(c->wallet->balance, balance);
    if (err == KW_EEXISTS)
        refuse_reference(a);
    else if (err == KW_ERANGE)
        answer_refuse(a, 400, "amount is above the balance of %s NGN", balance);
    else if (err == KW_EFULL)
        answer_refuse(
            a, 507,
            "The sandbox is full: it keeps %d transactions per wallet and %d in all until it is "
            "restarted",
            WALLET_ENTRIES_MAX, LEDGER_ENTRIES_MAX);
    else
        answer_refuse(a, 500, "The sandbox is out of memory");
}

static void pay(const struct call *c, const struct payout *p, struct answer *a)
{
    const struct entry *e;
    enum kw_err err = wallet_pay(c->wallet, p, c->now_ms, &e);

    if (err == KW_OK)
        answer_give(a, "Transfer initiated", json_entry(e, c->now_ms));
    else
        refuse_payout(c, err, a);
}

void endpoint_transfer(const struct call *c, struct answer *a)
{
    static const struct field fields[] = {
        {"receiver", FIELD_TEXT, true},      {"amount", FIELD_AMOUNT, true},
        {"transactionPin", FIELD_PIN, true}, {"reference", FIELD_REFERENCE, false},
        {"narration", FIELD_TEXT, false},    {"currency", FIELD_NAIRA, false}};
    AUTO(body_deinit) struct body body = {0};

    if (!body_read(c->request->body, fields, COUNT_OF(fields), &body, a))
        return;
    pay(c,
        &(struct payout){.type = ENTRY_TRANSFER,
                         .amount = body.amount,
                         .to = body.text[0],
                         .reference = body.text[3],
                         .narration = body.text[4]},
        a);
}

void endpoint_bank_transfer(const struct call *c, struct answer *a)
{
    static const struct field fields[] = {{"accountNumber", FIELD_ACCOUNT, true},
                                          {"amount", FIELD_AMOUNT, true},
                                          {"transactionPin", FIELD_PIN, true},
                                          {"reference", FIELD_REFERENCE, false},
                                          {"narration", FIELD_TEXT, false},
                                          {"currency", FIELD_NAIRA, false},
                                          {"bank", FIELD_TEXT, true}};
    AUTO(body_deinit) struct body body = {0};

    if (!body_read(c->request->body, fields, COUNT_OF(fields), &body, a))
        return;
    pay(c,
        &(struct payout){.type = ENTRY_BANK_TRANSFER,
                         .amount = body.amount,
                         .to = body.text[0],
                         .reference = body.text[3],
                         .narration = body.text[4],
                         .bank = body.text[6]},
        a);
}

static bool query_find(const struct request *r, struct str name, struct str *out)
{
    for (size_t i = 0; i < r->n_query; i++)
        if (str_eq(r->query[i].name, name)) {
            *out = r->query[i].value;
            return true;
        }
    return false;
}

struct page {
    uint64_t number, limit;
    struct entry_filter filter;
};

static bool query_number(const struct request *r, const char *name, uint64_t max, uint64_t *out,
                         struct answer *no)
{
    struct str text;

    if (!query_find(r, str_from(name), &text))
        return true;
    if (str_u64(text, max, out) == KW_OK && *out > 0)
        return true;
    answer_refuse(no, 400, "%s must be a number from 1 to %llu", name, (unsigned long long)max);
    return false;
}

static bool page_read(const struct request *r, struct page *out, struct answer *no)
{
    struct page p = {.number = 1, .limit = PAGE_DEFAULT};
    struct str text;

    if (!query_number(r, "page", WALLET_ENTRIES_MAX, &p.number, no) ||
        !query_number(r, "limit", PAGE_MAX, &p.limit, no))
        return false;
    if (query_find(r, STR("status"), &text) && entry_status_parse(text, &p.filter.status) != KW_OK) {
        answer_refuse(no, 400, "status must be PENDING, SUCCESS, FAILED or COMPLETED");
        return false;
    }
    if (query_find(r, STR("type"), &text) && entry_type_parse(text, &p.filter.type) != KW_OK) {
        answer_refuse(no, 400, "type must be DEPOSIT, TRANSFER or BANK_TRANSFER");
        return false;
    }
    *out = p;
    return true;
}

static json_t *json_page(const struct page *p, size_t total)
{
    uint64_t pages = (total + p->limit - 1) / p->limit;

    return json_pack("{s:I, s:I, s:I, s:I, s:b, s:b}", "page", (json_int_t)p->number, "limit",
                     (json_int_t)p->limit, "total", (json_int_t)total, "totalPages",
                     (json_int_t)pages, "hasNextPage",
                     p->number<pages, "hasPreviousPage", p->number> 1);
}

void endpoint_transactions(const struct call *c, struct answer *a)
{
    const struct entry *found[PAGE_MAX];
    struct page p;
    size_t total;

    if (!page_read(c->request, &p, a))
        return;
    size_t n = wallet_select(c->wallet, p.filter, c->now_ms, (p.number - 1) * p.limit, found,
                             p.limit, &total);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_entry(found[i], c->now_ms));
    answer_give(a, "Transactions retrieved",
                json_pack("{s:o, s:o}", "transactions", list, "pagination", json_page(&p, total)));
}

static void give_entry(const struct call *c, const struct entry *e, struct answer *a)
{
    if (e == NULL)
        answer_refuse(a, 404, "There is no such transaction in the account of this key");
    else
        answer_give(a, "Transaction retrieved", json_entry(e, c->now_ms));
}

void endpoint_by_id(const struct call *c, struct answer *a)
{
    give_entry(c, wallet_find_id(c->wallet, c->parameter), a);
}

void endpoint_by_reference(const struct call *c, struct answer *a)
{
    give_entry(c, wallet_find_reference(c->wallet, c->parameter), a);
}

void endpoint_networks(const struct call *c, struct answer *a)
{
    static const struct {
        int chain_id;
        const char *name, *coin;
    } networks[] = {{1, "Ethereum", "ETH"},  {56, "BSC", "BNB"},
                    {137, "Polygon", "POL"}, {42161, "Arbitrum One", "ETH"},
                    {10, "Optimism", "ETH"}, {8453, "Base", "ETH"}};
    json_t *list = json_array();

    (void)c;
    for (size_t i = 0; i < COUNT_OF(networks); i++)
        json_array_append_new(list,
                              json_pack("{s:i, s:s, s:s}", "chainId", networks[i].chain_id, "name",
                                        networks[i].name, "nativeCurrency", networks[i].coin));
    answer_give(a, "Networks retrieved", list);
}

/* Bytes that are not UTF-8 are shown as the characters that ISO 8859-1 gives them, as node and curl
 * do. */
static json_t *json_bytes(struct str s)
{
    if (utf8_valid(s))
        return json_stringn(s.n == 0 ? "" : s.p, s.n);
    char *text = malloc(2 * s.n);
    if (text == NULL)
        return NULL;
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x80)
            text[n++] = (char)(0xc0 | c >> 6);
        text[n++] = (char)(c < 0x80 ? c : 0x80 | (c & 0x3f));
    }
    json_t *string = json_stringn(text, n);
    free(text);
    return string;
}

void endpoint_echo(const struct request *r, struct answer *a)
{
    json_t *headers = json_array();

    for (size_t i = 0; i < r->n_headers; i++)
        json_array_append_new(headers, json_pack("[o, o]", json_bytes(r->headers[i].name),
                                                 json_bytes(r->headers[i].value)));
    answer_give(a, "This is what arrived",
                json_pack("{s:o, s:o, s:o, s:I, s:o}", "method", json_bytes(r->method), "target",
                          json_bytes(r->target), "path", json_bytes(r->path), "bodyBytes",
                          (json_int_t)r->body.n, "headers", headers));
}
