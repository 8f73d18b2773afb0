/* spend_out.c - see spend_out.h. */
#include "api/spend_out.h"

#include <stdio.h>

#include "base/hex.h"
#include "core/moment.h"

json_t *spend_out_amount(struct amount a, unsigned decimals)
{
    char text[AMOUNT_TEXT_MAX];

    if (amount_compare(a, amount_max()) >= 0)
        return json_null();
    return json_stringn(text, amount_print(a, decimals, text));
}

static json_t *committed_out(const struct reservation *r)
{
    return r->state == SPEND_COMMITTED ? spend_out_amount(r->committed, r->decimals) : json_null();
}

json_t *spend_out(const struct reservation *r, int64_t now_ms)
{
    char request[2 * SPEND_REQUEST_ID + 1] = "";

    hex_put(r->request_id, SPEND_REQUEST_ID, request);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:b, s:o, s:o, s:o}", "id",
                     r->id, "key", r->key, "account", r->account, "reference", r->reference,
                     "currency", r->currency, "amount", spend_out_amount(r->amount, r->decimals),
                     "committed", committed_out(r), "destination", r->destination, "requestId",
                     request, "state", spend_state_name(spend_state_at(r, now_ms)), "limited",
                     r->limited, "reservedAt", json_out_moment(r->reserved_ms), "expiresAt",
                     json_out_moment(r->expires_ms), "endedAt", json_out_moment(r->ended_ms));
}

/* ---- refused ---- */

static enum kw_err say_limit(struct call *c, const struct spend_item *i, const char *code)
{
    char most[AMOUNT_TEXT_MAX], left[AMOUNT_TEXT_MAX], until[MOMENT_LEN + 1];
    enum spend_limit limit = spend_limit_of(i->why);

    amount_print(i->left.most, i->left.decimals, most);
    amount_print(amount_minus(i->left.most, i->left.used), i->left.decimals, left);
    moment_print(i->left.until_ms, until);
    if (limit == SPEND_PER_TRANSACTION)
        return problem_say(
            &c->problem, 403, code,
            "This key may spend %s %s at once: ask for less, or raise perTransaction "
            "in its spend rules",
            most, i->r.currency);
    return problem_say(
        &c->problem, 403, code,
        "This key may spend %s %s %s, and %s is left until %s: ask for less, wait, or "
        "raise %s in its spend rules",
        most, i->r.currency, spend_limit_words(limit), left, until, spend_limit_member(limit));
}

/* What is told of the other reasons, and under which status. */
static const struct {
    enum spend_why why;
    int status;
    const char *code, *message;
} others[] = {
    {SPEND_WHY_DESTINATION, 403, "spend_destination",
     "This key may not send this currency there: add the destination to its spend rules"},
    {SPEND_WHY_CURRENCY, 403, "spend_currency",
     "This key has spend rules, and none for this currency: add one"},
    {SPEND_WHY_DECIMALS, 403, "spend_decimals",
     "The amount has more decimals than the spend rules of this key give its currency"},
    {SPEND_WHY_UNKNOWN_KEY, 404, "not_found", "There is no key of that id"},
    {SPEND_WHY_KEY_REVOKED, 403, "key_revoked", "The key is revoked: nothing is spent by it"},
    {SPEND_WHY_KEY_DISABLED, 403, "key_disabled", "The key is disabled: enable it first"},
    {SPEND_WHY_KEY_EXPIRED, 403, "key_expired", "The key has expired: make a new one"},
    {SPEND_WHY_ACCOUNT_SUSPENDED, 403, "account_suspended",
     "The account of the key is suspended: resume it first"},
    {SPEND_WHY_FROZEN, 403, "frozen",
     "What moves money is frozen for this key, its account or its environment"},
    {SPEND_WHY_PERMISSION, 403, "permission_denied", "The key may only read"},
    {SPEND_WHY_OVERDUE, 403, "rotation_overdue",
     "The key was not rotated in time and only reads: rotate it"},
    {SPEND_WHY_REFERENCE, 409, "reference_used",
     "This key has used the reference for something else: take another for another payment"},
    {SPEND_WHY_UNKNOWN, 404, "not_found", "There is no reservation of that id"},
    {SPEND_WHY_COMMITTED, 409,
     "already_committed", "It was committed before, and that is final; a commit of the same amount is answered as the first"},
    {SPEND_WHY_RELEASED, 409, "already_released", "It was released before: reserve anew"},
    {SPEND_WHY_EXPIRED, 409, "reservation_expired",
     "The reservation has expired, and its amount was given back: reserve anew"},
    {SPEND_WHY_MORE, 409, "more_than_reserved",
     "It is more than was reserved: release it, and reserve the whole"},
};

enum kw_err spend_refused(struct call *c, const struct spend_item *i)
{
    static const char *const codes[SPEND_N_LIMITS] = {"spend_per_transaction", "spend_per_hour",
                                                      "spend_per_day", "spend_per_month"};
    enum spend_limit limit = spend_limit_of(i->why);

    if (limit != SPEND_N_LIMITS)
        return say_limit(c, i, codes[limit]);
    for (size_t k = 0; k < COUNT_OF(others); k++)
        if (others[k].why == i->why)
            return problem_say(&c->problem, others[k].status, others[k].code, "%s",
                               others[k].message);
    return KW_EPERM;
}
