/* spend_in.c - see spend_in.h. */
#include "api/spend_in.h"

#include <stdio.h>

#include "base/hex.h"
#include "base/utf8.h"
#include "core/key.h"

enum kw_err spend_in_amount(struct str text, const char *field, unsigned decimals,
                            struct problem *p, struct amount *out)
{
    enum kw_err err = amount_parse(text, decimals, out);

    if (err == KW_ERANGE)
        return problem_field(p, "range", field,
                             "It has at most %d digits before the point and %u behind it",
                             AMOUNT_WHOLE_MAX, decimals);
    if (err != KW_OK)
        return problem_field(p, "syntax", field,
                             "An amount is a string like \"1805.00\": digits, and a point at most");
    return KW_OK;
}

/* More than nothing. */
static enum kw_err read_some(struct str text, struct problem *p, struct amount *out)
{
    TRY(spend_in_amount(text, "amount", AMOUNT_DECIMALS_MAX, p, out));
    if (amount_is_zero(*out))
        return problem_field(p, "range", "amount", "It has to be more than nothing");
    return KW_OK;
}

static enum kw_err read_amount(const json_t *body, struct problem *p, struct reservation *r)
{
    struct str amount, currency;

    TRY(json_in_required(body, "currency", p, &currency));
    TRY(json_in_required(body, "amount", p, &amount));
    if (!currency_ok(currency))
        return problem_field(p, "syntax", "currency",
                             "A currency is 3 to 10 upper-case letters and digits, like \"NGN\"");
    snprintf(r->currency, sizeof r->currency, "%.*s", (int)currency.n, currency.p);
    return read_some(amount, p, &r->amount);
}

static enum kw_err read_key(const json_t *body, struct problem *p, struct reservation *r)
{
    struct str key, request;

    TRY(json_in_required(body, "key", p, &key));
    TRY(json_in_required(body, "requestId", p, &request));
    if (!key_id_ok(key))
        return problem_field(p, "syntax", "key",
                             "A key is named by its id, as in X-Keyward-Key-Id; never by its text");
    if (hex_get(request, r->request_id, sizeof r->request_id) != KW_OK)
        return problem_field(p, "syntax", "requestId",
                             "It is the gateway's X-Request-Id: 32 hexadecimal digits");
    snprintf(r->key, sizeof r->key, "%.*s", (int)key.n, key.p);
    return KW_OK;
}

static enum kw_err read_words(const json_t *body, struct problem *p, struct reservation *r)
{
    struct str reference, destination;

    TRY(json_in_required(body, "reference", p, &reference));
    TRY(json_in_required(body, "destination", p, &destination));
    if (reference.n == 0 || reference.n > SPEND_REFERENCE_MAX || !utf8_printable(reference))
        return problem_field(p, "syntax", "reference",
                             "It is your own name for this payment: 1 to %d bytes",
                             SPEND_REFERENCE_MAX);
    if (!spend_destination_ok(destination))
        return problem_field(p, "syntax", "destination", "It is 1 to %d bytes of text",
                             SPEND_DESTINATION_MAX);
    memcpy(r->reference, reference.p, reference.n);
    memcpy(r->destination, destination.p, destination.n);
    return KW_OK;
}

static enum kw_err read_life(const json_t *body, struct problem *p, uint32_t *life_s)
{
    *life_s = SPEND_LIFE_S;
    TRY(json_in_u32(body, "expiresInS", SPEND_LIFE_MAX_S, p, life_s));
    if (*life_s == 0)
        return problem_field(p, "range", "expiresInS", "It is a number from 1 to %d",
                             SPEND_LIFE_MAX_S);
    return KW_OK;
}

enum kw_err spend_in_reserve(const json_t *body, struct problem *p, struct spend_item *out)
{
    static const char *const members[] = {"key",         "reference", "currency",   "amount",
                                          "destination", "requestId", "expiresInS", NULL};

    TRY(json_in_only(body, members, p));
    TRY(read_key(body, p, &out->r));
    TRY(read_words(body, p, &out->r));
    TRY(read_amount(body, p, &out->r));
    return read_life(body, p, &out->life_s);
}

enum kw_err spend_in_commit(const json_t *body, struct problem *p, struct amount *out)
{
    static const char *const members[] = {"amount", NULL};
    struct str text;

    *out = (struct amount){.u = 0};
    TRY(json_in_only(body, members, p));
    TRY(json_in_text(body, "amount", p, &text));
    return text.p == NULL ? KW_OK : read_some(text, p, out);
}
