/* detect_kit.c - see detect_kit.h. */
#include "detect_kit.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- what is given to it ---- */

static enum kw_err found(void *ctx, const struct finding *f)
{
    struct bench *b = ctx;

    TRY(b->err);
    if (b->n < FOUND_MAX)
        b->found[b->n++] = *f;
    return KW_OK;
}

static const struct thresholds *chosen(void *ctx, struct str account)
{
    struct bench *b = ctx;

    return str_eq(account, STR("acme")) ? &b->chosen : thresholds_default();
}

static bool most(void *ctx, struct str key_id, struct str currency, struct amount *out)
{
    const struct bench *b = ctx;

    (void)key_id;
    (void)currency;
    if (b->most == NULL)
        return false;
    assert_ok(amount_parse(str_from(b->most), 2, out));
    return true;
}

/* The first byte of an IPv4 address is its country and its AS. */
bool det_find_place(void *ctx, const struct address *a, struct located *out)
{
    (void)ctx;
    *out = (struct located){.country = {(char)('A' + a->b[12] % 26), 'Z'}, .as_number = a->b[12]};
    return true;
}

enum kw_err det_load(void *ctx, enum detect_table t, uint32_t no)
{
    struct bench *b = ctx;

    for (size_t i = b->n_saved; i-- > 0;)
        if (b->saved[i].t == t && b->saved[i].no == no)
            return detect_put(b->d, t, no, (struct str){(char *)b->saved[i].image, b->saved[i].n});
    return KW_OK;
}

static enum kw_err save(void *ctx, enum detect_table t, uint32_t no, struct str image)
{
    struct bench *b = ctx;

    assert_true(b->n_saved < SAVED_MAX && image.n <= sizeof b->saved[0].image);
    struct row *row = &b->saved[b->n_saved++];
    *row = (struct row){t, no, image.n, {0}};
    memcpy(row->image, image.p, image.n);
    return KW_OK;
}

struct bench *det_begin(void)
{
    struct bench *b = calloc(1, sizeof *b);

    assert_non_null(b);
    b->chosen = *thresholds_default();
    b->o = (struct detect_options){
        .ctx = b, .found = found, .load = det_load, .thresholds = chosen, .spend_most = most};
    assert_ok(detect_new(&b->o, &b->d));
    return b;
}

void det_end(struct bench *b)
{
    detect_free(b->d);
    free(b);
}

void det_restart(struct bench *b)
{
    b->n_saved = 0;
    assert_ok(detect_each_changed(b->d, save, b));
    detect_forget(b->d);
    for (size_t i = 0; i < b->n_saved; i++)
        if (detect_table_size(b->saved[i].t) > 0)
            assert_ok(det_load(b, b->saved[i].t, b->saved[i].no));
}

/* ---- what comes ---- */

const struct detect_who det_acme = {.key = 7, .account = STR_INIT("acme")};
const struct detect_who det_nobody = {.key = 0};

struct event det_attempt(enum kw_reason why, const char *source)
{
    struct event e = {.kind = EVENT_DECISION,
                      .count = 1,
                      .account = STR("acme"),
                      .credential = CREDENTIAL_KEY,
                      .environment = KW_PRODUCTION,
                      .method = STR("GET"),
                      .path = STR("/wallet/me"),
                      .route_class = KW_CLASS_READ,
                      .reason = why,
                      .status = (uint16_t)kw_reason_status(why),
                      .flags = EVENT_PROVED | EVENT_TLS};

    memcpy(e.key_id, KEY, sizeof e.key_id);
    assert_ok(address_parse(str_from(source), &e.source));
    return e;
}

void det_comes(struct bench *b, const struct detect_who *who, const struct event *e, int64_t s)
{
    assert_ok(detect_event(b->d, who, e, (DET_MONDAY_S + s) * 1000000));
}

void det_use(struct bench *b, int64_t s, const char *source)
{
    const struct event e = det_attempt(KW_WHY_ALLOWED, source);

    det_comes(b, &det_acme, &e, s);
}

void det_denied(struct bench *b, int64_t s, enum kw_reason why, const struct detect_who *who)
{
    struct event e = det_attempt(why, "192.0.2.7");

    if (who == &det_nobody)
        e.flags = EVENT_TLS;
    det_comes(b, who, &e, s);
}

void det_move_money(struct bench *b, int64_t s)
{
    struct event e = det_attempt(KW_WHY_ALLOWED, "192.0.2.7");

    e.route_class = KW_CLASS_TRANSACT;
    det_comes(b, &det_acme, &e, s);
}

/* Twice an hour, day and night. */
void det_live(struct bench *b, int64_t from_day, int64_t days)
{
    for (int64_t s = from_day * DAY; s < (from_day + days) * DAY; s += HOUR / 2)
        det_use(b, s, "192.0.2.7");
}

/* ---- what was found ---- */

const struct finding *det_only(const struct bench *b, enum detector which)
{
    size_t at = 0, n = 0;

    for (size_t i = 0; i < b->n; i++)
        if (b->found[i].detector == which) {
            at = i;
            n++;
        }
    assert_int_equal(n, 1);
    return &b->found[at];
}

size_t det_count(const struct bench *b, enum detector which)
{
    size_t n = 0;

    for (size_t i = 0; i < b->n; i++)
        n += b->found[i].detector == which;
    return n;
}

int64_t det_number(const struct finding *f, const char *name)
{
    for (size_t i = 0; i < f->n_facts; i++)
        if (strcmp(f->facts[i].name, name) == 0)
            return f->facts[i].number;
    fail_msg("no fact %s", name);
    return 0;
}

const char *det_text(const struct finding *f, const char *name)
{
    for (size_t i = 0; i < f->n_facts; i++)
        if (strcmp(f->facts[i].name, name) == 0)
            return f->facts[i].text;
    return "";
}

/* ---- money ---- */

static void spend(struct bench *b, int64_t s, const struct spend_event *as, const char *amount)
{
    struct spend_event e = *as;

    e.environment = KW_PRODUCTION;
    e.key = STR(KEY);
    e.account = STR("acme");
    e.decimals = 2;
    assert_ok(amount_parse(str_from(amount), 2, &e.amount));
    assert_ok(detect_spend(b->d, &det_acme, &e, (DET_MONDAY_S + s) * 1000000));
}

void det_spend(struct bench *b, int64_t s, const char *amount, const char *destination)
{
    const struct spend_event e = {
        .what = SPEND_DID_RESERVE, .currency = STR("NGN"), .destination = str_from(destination)};

    spend(b, s, &e, amount);
}

void det_reserve(struct bench *b, int64_t s, enum spend_what what, const char *currency,
                 const char *amount)
{
    const struct spend_event e = {.what = what, .currency = str_from(currency)};

    spend(b, s, &e, amount);
}
