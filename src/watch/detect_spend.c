/* detect_spend.c - what a key spends: an amount far above the usual, a new destination, amounts just under the limit. */
#include "record/hash.h"
#include "watch/detect_state.h"

enum { CODES_PER_DOUBLING = 8, FORGETS_HOURS = 4 * 24, FORGETS_AMOUNTS = 500, KEPT_S = 28 * DAY_S };

/* ---- codes: eight to a doubling, of up to 128 bits ---- */

static uint32_t code_of(struct amount a)
{
    uint64_t high = (uint64_t)(a.u >> 64), low = (uint64_t)a.u;
    unsigned doublings =
        high != 0 ? 127 - (unsigned)__builtin_clzll(high) : 63 - (unsigned)__builtin_clzll(low | 1);
    uint64_t eighths = doublings >= 3 ? (uint64_t)(a.u >> (doublings - 3)) : low << (3 - doublings);

    return amount_is_zero(a) ? 0 : 1 + doublings * CODES_PER_DOUBLING + (unsigned)(eighths & 7);
}

static struct amount amount_of(uint32_t code)
{
    unsigned doublings = code == 0 ? 0 : (code - 1) / CODES_PER_DOUBLING;
    struct amount a = {.u = code == 0 ? 0 : 8 + (code - 1) % 8};

    a.u = doublings >= 3 ? a.u << (doublings - 3) : a.u >> (3 - doublings);
    return a;
}

/* What is usual is known to an eighth: digits that the currency has not got would only pretend more. */
static struct amount rounded(struct amount a, unsigned decimals)
{
    struct amount one = {.u = 1};

    for (unsigned i = decimals; i < AMOUNT_DECIMALS_MAX; i++)
        one.u *= 10;
    a.u = (a.u + one.u / 2) / one.u * one.u;
    return a;
}

/* ---- currencies ---- */

/* A new one takes a free place, or that of one that was not spent for weeks. NULL: there is none, and none for what is refused. */
static struct spend_of *currency_of(struct spend_habits *state, const struct spend_event *e,
                                    uint32_t now_s)
{
    struct spend_of *oldest = &state->of[0];

    for (size_t i = 0; i < SPEND_CURRENCIES; i++) {
        struct spend_of *of = &state->of[i];
        if (str_eq(str_from(of->currency), e->currency))
            return of;
        oldest = of->last_s < oldest->last_s ? of : oldest;
    }
    bool is_kept = oldest->currency[0] != '\0' && now_s - oldest->last_s < KEPT_S;
    if (is_kept || e->what == SPEND_DID_REFUSE)
        return NULL;
    *oldest = (struct spend_of){.n = 0};
    memcpy(oldest->currency, e->currency.p, e->currency.n);
    return oldest;
}

/* ---- findings ---- */

static void add_amount(struct finding *f, const char *name, const struct spend_event *e,
                       struct amount a)
{
    char text[AMOUNT_TEXT_MAX + CURRENCY_MAX + 2];
    size_t n = amount_print(a, e->decimals, text);

    text[n++] = ' ';
    memcpy(text + n, e->currency.p, e->currency.n);
    finding_text(f, name, (struct str){text, n + e->currency.n});
}

static struct finding finding_of(const struct sight *s, const struct spend_event *e,
                                 enum detector which, uint32_t began_s)
{
    struct finding f = detect_finding(s, which, began_s);
    size_t n = e->key.n < KW_KEY_ID_LEN ? e->key.n : KW_KEY_ID_LEN;

    memcpy(f.key_id, n == 0 ? "" : e->key.p, n);
    memcpy(f.subject, f.key_id, sizeof f.key_id);
    f.environment = e->environment;
    memcpy(f.request_id, e->request_id, sizeof f.request_id);
    add_amount(&f, "amount", e, e->amount);
    if (e->reference.n > 0)
        finding_text(&f, "reference", e->reference);
    return f;
}

/* ---- amounts ---- */

/* The largest of few says less than the largest of many: a ninth more is let then. */
static uint32_t most_of(const struct sight *s, const struct spend_of *of)
{
    bool are_few = of->n / 2 < s->t->of[SPEND_AMOUNT_LEARN];

    return of->highest + baseline_code(s->t->of[SPEND_AMOUNT_TIMES]) - 1u + are_few;
}

static enum kw_err detect_amount(struct detect *d, const struct sight *s,
                                 const struct spend_event *e, struct spend_of *of)
{
    uint32_t code = code_of(e->amount);
    bool is_far = of->n >= s->t->of[SPEND_AMOUNT_LEARN] && code > most_of(s, of);

    if (!is_far || !detect_once(&of->over_s, s->now_s, ONCE_QUIET_S))
        return KW_OK;
    struct finding f = finding_of(s, e, DETECT_SPEND_AMOUNT, s->now_s);
    add_amount(&f, "usual", e, rounded(amount_of(of->highest), e->decimals));
    if (e->destination.n > 0)
        finding_text(&f, "destination", e->destination);
    return detect_raise(d, s, &f);
}

/* While it is learnt, the largest counts; then it grows by a ninth an hour at most: some minutes make no habit. What is not seen
 * again fades over weeks, however much is spent meanwhile; and of little that is spent more slowly, since a large amount is then as
 * rare as before. */
static void learn_amount(const struct sight *s, const struct spend_event *e, struct spend_of *of)
{
    uint32_t code = code_of(e->amount);
    uint16_t hour = (uint16_t)(s->now_s / 3600), passed = (uint16_t)(hour - of->hour);

    if (code > of->highest && of->n < s->t->of[SPEND_AMOUNT_LEARN])
        of->highest = (uint16_t)code;
    else if (code > of->highest && passed > 0)
        of->highest++;
    else if (code < of->highest && passed >= FORGETS_HOURS && of->n % FORGETS_AMOUNTS == 0)
        of->highest--;
    else if (code != of->highest)
        hour = of->hour;
    of->hour = hour;
    of->n += of->n < UINT32_MAX;
    of->last_s = s->now_s;
}

/* ---- the edge ---- */

static bool edge_of(const struct detect *d, const struct sight *s, const struct spend_event *e,
                    struct amount *out)
{
    struct amount most;

    if (d->o.spend_most == NULL || !d->o.spend_most(d->o.ctx, e->key, e->currency, &most))
        return false;
    out->u = most.u / 100 * s->t->of[SPEND_EDGE_PERCENT];
    return amount_compare(e->amount, *out) >= 0 && amount_compare(e->amount, most) <= 0;
}

/* A key whose usual amounts lie there says nothing by it; what has begun goes on, though these are learnt too. */
static enum kw_err detect_edge(struct detect *d, const struct sight *s, const struct spend_event *e,
                               struct spend_of *of)
{
    uint32_t count = s->t->of[SPEND_EDGE_COUNT], window_s = s->t->of[SPEND_EDGE_WINDOW];
    bool has_begun = of->edge.level != 0 && s->now_s - of->edge.at_s < window_s;
    struct amount edge;

    if (!edge_of(d, s, e, &edge))
        return KW_OK;
    if (!has_begun && of->n >= s->t->of[SPEND_AMOUNT_LEARN] && of->highest + 1u >= code_of(edge))
        return KW_OK;
    if (!bucket_add(&of->edge, s->now_s, 1, count, window_s))
        return KW_OK;
    struct finding f = finding_of(s, e, DETECT_SPEND_EDGE, of->edge.began_s);
    add_amount(&f, "edge", e, edge);
    finding_number(&f, "amounts", count);
    return detect_raise(d, s, &f);
}

/* ---- destinations ---- */

static enum kw_err detect_destination(struct detect *d, const struct sight *s,
                                      const struct spend_event *e, struct spend_habits *state)
{
    const struct known_limits l = {state->n >= s->t->of[SPEND_DESTINATION_LEARN],
                                   s->t->of[SPEND_DESTINATION_USUAL]};

    if (e->destination.n == 0)
        return KW_OK;
    enum known_answer seen =
        known_see(&state->destinations, hash_bytes(e->destination, 2), day_of(s->now_s), l);
    if (seen != KNOWN_NEW || !l.is_learnt)
        return KW_OK;
    struct finding f = finding_of(s, e, DETECT_SPEND_DESTINATION, s->now_s);
    finding_text(&f, "destination", e->destination);
    return detect_raise(d, s, &f);
}

enum kw_err detect_money(struct detect *d, const struct sight *s, const struct spend_event *e,
                         struct spend_habits *state)
{
    struct spend_of *of = currency_of(state, e, s->now_s);

    if (of != NULL) {
        TRY(detect_amount(d, s, e, of));
        TRY(detect_edge(d, s, e, of));
    }
    if (e->what == SPEND_DID_REFUSE)
        return KW_OK; /* nobody got it: it is no habit */
    TRY(detect_destination(d, s, e, state));
    if (of != NULL)
        learn_amount(s, e, of);
    state->n += state->n < UINT32_MAX;
    return KW_OK;
}
