/* traffic.c - see traffic.h. */
#include "traffic.h"

#include <math.h>
#include <stdio.h>

enum { NETS_OF_OFFICES = 60000, SESSION_MAX = 40 };

/* ---- chance ---- */

double uniform(struct stream *s)
{
    return (double)(stream_next(s) >> 11) / 9007199254740992.0;
}

uint32_t below(struct stream *s, uint32_t n)
{
    return n == 0 ? 0 : (uint32_t)(stream_next(s) % n);
}

double normal(struct stream *s)
{
    double r = sqrt(-2 * log(1 - uniform(s)));

    return r * cos(6.283185307179586 * uniform(s));
}

uint32_t poisson(struct stream *s, double mean)
{
    if (mean > 30) {
        double x = mean + sqrt(mean) * normal(s) + 0.5;
        return x < 0 ? 0 : (uint32_t)x;
    }
    double limit = exp(-mean), p = uniform(s);
    uint32_t n = 0;
    for (; p > limit; n++)
        p *= uniform(s);
    return n;
}

static double between(struct stream *s, double low, double high) /* evenly by size */
{
    return low * exp(uniform(s) * log(high / low));
}

/* ---- places ---- */

struct address traffic_address(uint32_t country, uint32_t net, uint32_t host)
{
    return (struct address){.b = {[10] = 0xff,
                                  0xff,
                                  (uint8_t)(1 + country % 200),
                                  (uint8_t)(net >> 8),
                                  (uint8_t)net,
                                  (uint8_t)host}};
}

bool traffic_locate(void *ctx, const struct address *a, struct located *out)
{
    (void)ctx;
    *out = (struct located){.country = {(char)('A' + a->b[12] / 26), (char)('A' + a->b[12] % 26)}};
    return true;
}

/* ---- given to the detectors ---- */

struct event traffic_event(const struct caller *k, enum kw_reason why, uint32_t count)
{
    struct event e = {.kind = EVENT_DECISION,
                      .count = count,
                      .credential = CREDENTIAL_KEY,
                      .account = str_from(k->account),
                      .environment = k->kind == KIND_SANDBOX ? KW_SANDBOX : KW_PRODUCTION,
                      .source = k->at,
                      .route_class = KW_CLASS_READ,
                      .reason = why,
                      .status = (uint16_t)kw_reason_status(why),
                      .flags = EVENT_PROVED | EVENT_TLS};

    memcpy(e.key_id, k->id, sizeof e.key_id);
    return e;
}

void traffic_give(struct traffic *t, uint32_t key, const struct event *e, int64_t us)
{
    bool is_of_key = e->key_id[0] != '\0';
    const struct detect_who who = {is_of_key ? key + 1 : 0,
                                   is_of_key ? str_from(t->keys[key].account) : STR("")};

    must("detector", detect_event(t->detect, &who, e, us));
    t->n_events++;
    t->n_attempts += e->count;
}

struct amount traffic_amount(double hundredths)
{
    struct amount a = {.u = (uint64_t)hundredths};

    a.u *= 10000000000000000u;
    return a;
}

void traffic_spend(struct traffic *t, uint32_t key, struct amount a, uint32_t destination, int64_t us)
{
    struct caller *k = &t->keys[key];
    char name[24];
    struct spend_event e = {.what = SPEND_DID_RESERVE,
                            .environment = KW_PRODUCTION,
                            .key = str_from(k->id),
                            .account = str_from(k->account),
                            .currency = STR("NGN"),
                            .decimals = 2,
                            .amount = a};
    const struct detect_who who = {key + 1, e.account};

    snprintf(name, sizeof name, "acct_%u", destination);
    e.destination = str_from(name);
    if (amount_compare(a, k->most) > 0)
        e.what = SPEND_DID_REFUSE;
    must("detector", detect_spend(t->detect, &who, &e, us));
    t->n_events++;
}

void traffic_sign_in(struct traffic *t, uint32_t member, int64_t us)
{
    char name[24];
    struct sign_in in = {
        .what = SIGN_IN_FAILED, .why = SIGN_IN_WRONG_PASSWORD, .account = STR("acct")};

    snprintf(name, sizeof name, "member%u", member);
    in.member = str_from(name);
    in.source = traffic_address(3, member, 1);
    must("detector", detect_sign_in(t->detect, &in, us));
    t->n_events++;
}

/* ---- keys ---- */

static const struct {
    const char *word;
    uint32_t percent;
} kinds[N_KINDS] = {
#define X(symbol, word, percent) [symbol] = {word, percent},
    KINDS(X)
#undef X
};

const char *kind_word(enum kind k)
{
    return kinds[k].word;
}

enum kind traffic_kind(uint32_t i)
{
    uint32_t percent = i * 37 % 100, sum = 0;

    for (enum kind k = 0; k < N_KINDS; k++) {
        sum += kinds[k].percent;
        if (percent < sum)
            return k;
    }
    return KIND_STEADY;
}

static void draw_rhythm(struct stream *r, struct caller *k)
{
    static const double low[N_KINDS] = {0.5, 0.05, 0.0005, 0.05, 0.01, 0.02, 0.02};
    static const double high[N_KINDS] = {15, 8, 0.01, 3, 0.3, 0.3, 0.2};

    k->per_s = between(r, low[k->kind], high[k->kind]);
    k->growth = k->kind == KIND_GROWING ? 1.01 + 0.03 * uniform(r) : 1;
    k->zone_h = (int)below(r, 20) - 9;
    k->closes = (k->kind == KIND_OFFICE && below(r, 2) == 0) || k->kind == KIND_SANDBOX;
    k->transact = k->kind == KIND_SANDBOX ? 0.1 : 0.05 + 0.3 * uniform(r);
    if (k->kind != KIND_CRON)
        return;
    k->burst = (uint32_t)between(r, 50, 3000);
    k->burst_minute = below(r, 60);
    uint32_t how = below(r, 6);
    k->burst_hour = how < 2 ? 24 : below(r, 24);
    k->burst_day = how < 5 ? 7 : below(r, 7);
}

static void draw_places(struct stream *r, struct caller *k, uint32_t i)
{
    k->country = below(r, 40);
    k->n_nets = 1 + below(r, 3);
    for (uint32_t n = 0; n < NETS_MAX; n++)
        k->nets[n] = traffic_address(k->country, below(r, NETS_OF_OFFICES), i);
    k->at = k->nets[0];
    if (below(r, 25) == 0)
        k->moves_on_day = LEARN_DAYS + below(r, MEASURED_DAYS);
}

static void draw_money(struct stream *r, struct caller *k)
{
    bool pays = k->kind == KIND_STEADY || k->kind == KIND_OFFICE || k->kind == KIND_GROWING;

    k->amount = between(r, 1000, 1000000);
    k->is_closed = below(r, 2) == 0;
    k->spends = pays && below(r, 2) == 0 ? between(r, 20, 400) : 0;
    k->most = traffic_amount(k->amount * (below(r, 10) == 0 ? 12 : 60));
}

static void draw_key(struct stream *r, struct caller *k, uint32_t i)
{
    *k = (struct caller){.kind = traffic_kind(i), .boost = 1};
    snprintf(k->id, sizeof k->id, "%014u", i);
    snprintf(k->account, sizeof k->account, "account%u", i / 5);
    draw_rhythm(r, k);
    draw_places(r, k, i);
    draw_money(r, k);
}

void traffic_init(struct traffic *t, uint64_t seed, uint32_t n_keys, struct detect *d)
{
    *t = (struct traffic){
        .random = {seed * 1000003 + 17}, .n_keys = n_keys, .detect = d, .now_s = BEGIN_S, .trouble = 1};
    for (uint32_t i = 0; i < n_keys; i++)
        draw_key(&t->random, &t->keys[i], i);
}

/* ---- rhythm ---- */

static uint32_t day_of_run(int64_t s)
{
    return (uint32_t)((s - BEGIN_S) / DAY_S);
}

/* Two working days of the month on which hardly anybody works, one on which there is a sale. */
static double of_the_day(uint32_t day)
{
    return day == 16 || day == 25 ? 0.25 : day == 29 ? 1.7 : 1;
}

static double shape(const struct caller *k, int64_t s)
{
    int64_t local_s = s - BEGIN_S + (int64_t)k->zone_h * HOUR_S;
    double hour = (double)((local_s % DAY_S + DAY_S) % DAY_S) / HOUR_S;
    int64_t weekday = ((local_s - (local_s % DAY_S + DAY_S) % DAY_S) / DAY_S + 7) % 7;
    bool is_weekend = weekday >= 5;
    double day = hour > 7 && hour < 20 ? sin((hour - 7) / 13 * 3.14159) : 0;

    if (k->closes)
        return is_weekend || hour < 8 || hour >= 18 ? 0 : 0.3 + day;
    if (k->kind == KIND_MOBILE)
        return hour < 7 ? 0.05 : 0.6;
    return (0.03 + day) * (is_weekend ? 0.3 : 1);
}

double traffic_rate(const struct caller *k, int64_t s)
{
    uint32_t day = day_of_run(s);

    if (k->is_asleep || k->kind == KIND_RARE)
        return 0;
    if (k->kind == KIND_STEADY || k->kind == KIND_CRON)
        return k->per_s;
    return k->per_s * shape(k, s) * pow(k->growth, day) * of_the_day(day);
}

static bool bursts_at(const struct caller *k, int64_t s)
{
    uint32_t hour = (uint32_t)(s / HOUR_S % 24), day = day_of_run(s) % 7;

    return k->burst > 0 && (k->burst_hour == 24 || k->burst_hour == hour) &&
           (k->burst_day == 7 || k->burst_day == day) && !k->is_asleep;
}

static double minute_of(const struct caller *k, int64_t s)
{
    double mean = 60 * traffic_rate(k, s + HOUR_S / 2);

    return bursts_at(k, s) ? mean + k->burst : mean;
}

double traffic_busy(const struct caller *k, int64_t s)
{
    double most = 0, most_of_day = 0;

    for (int h = -24; h <= 1; h++) {
        double here = minute_of(k, s / HOUR_S * HOUR_S + (int64_t)h * HOUR_S);
        most_of_day = fmax(most_of_day, here);
        if (h >= -1)
            most = fmax(most, here);
    }
    if (k->kind == KIND_RARE)
        return SESSION_MAX; /* at any hour */
    return fmax(most, most_of_day / 4);
}

/* ---- an hour begins ---- */

static void move(struct traffic *t, struct caller *k)
{
    if (k->kind == KIND_MOBILE) {
        if (below(&t->random, 6) == 0)
            k->at = traffic_address(k->country, below(&t->random, NETS_OF_OFFICES), 1);
        return;
    }
    uint32_t first = k->moves_on_day != 0 && day_of_run(t->now_s) >= k->moves_on_day ? 1 : 0;
    k->at = k->nets[first + below(&t->random, k->n_nets)];
}

/* Deployments run twice as much for some minutes; a trouble has everybody try again. */
static void disturb(struct traffic *t, struct caller *k)
{
    bool deploys = k->kind == KIND_STEADY || k->kind == KIND_OFFICE || k->kind == KIND_GROWING;

    if (deploys && below(&t->random, 80) == 0) {
        k->boost = 1.6 + 0.6 * uniform(&t->random);
        k->boosted_until_s = t->now_s + 120 + below(&t->random, 600);
    }
}

static void begin_hour(struct traffic *t)
{
    if (below(&t->random, 240) == 0) {
        t->trouble = 1.5 + 1.5 * uniform(&t->random);
        t->trouble_until_s = t->now_s + 300 + below(&t->random, 900);
    }
    for (uint32_t i = 0; i < t->n_keys; i++) {
        struct caller *k = &t->keys[i];
        move(t, k);
        disturb(t, k);
        k->rate = traffic_rate(k, t->now_s + HOUR_S / 2) * exp(0.12 * normal(&t->random));
        k->zero = exp(-k->rate * STEP_S);
    }
}

/* ---- a step ---- */

static uint32_t draw_count(struct traffic *t, struct caller *k)
{
    double times = k->boosted_until_s > t->now_s ? k->boost : 1;
    uint32_t n = 0;

    times = t->trouble_until_s > t->now_s ? fmax(times, t->trouble) : times;
    if (k->rate * STEP_S >= 1 || times > 1)
        n = poisson(&t->random, k->rate * STEP_S * times);
    else if (k->rate > 0 &&
             uniform(&t->random) > k->zero) /* nearly as often, and quick where it is nothing */
        n = 1 + poisson(&t->random, k->rate * STEP_S / 2);
    int64_t burst_s = t->now_s % HOUR_S - (int64_t)k->burst_minute * 60;
    if (k->burst > 0 && burst_s >= 0 && burst_s < 60 && bursts_at(k, t->now_s))
        n += poisson(&t->random, k->burst / 6.0);
    if (k->kind == KIND_RARE && !k->is_asleep && uniform(&t->random) < 1.0 / 8640)
        n += 1 + below(&t->random, SESSION_MAX);
    return n;
}

static void give_money(struct traffic *t, uint32_t i)
{
    struct caller *k = &t->keys[i];
    double mean = k->spends / 8640 * (k->rate / k->per_s);

    if (k->spends == 0 || uniform(&t->random) > mean)
        return;
    struct amount a = traffic_amount(k->amount * exp(0.8 * normal(&t->random)));
    uint32_t to = k->is_closed ? i * 100 + below(&t->random, 5) : (uint32_t)stream_next(&t->random);
    if (amount_compare(a, k->largest) > 0 && amount_compare(a, k->most) <= 0)
        k->largest = a;
    traffic_spend(t, i, a, to, t->now_s * 1000000);
}

static void give_requests(struct traffic *t, uint32_t i)
{
    struct caller *k = &t->keys[i];
    uint32_t n = draw_count(t, k);

    if (n == 0)
        return;
    uint32_t n_transact = poisson(&t->random, n * k->transact);
    n_transact = n_transact > n ? n : n_transact;
    struct event e = traffic_event(k, KW_WHY_ALLOWED, n - n_transact);
    if (e.count > 0)
        traffic_give(t, i, &e, t->now_s * 1000000);
    e.count = n_transact;
    e.route_class = KW_CLASS_TRANSACT;
    if (n_transact > 0)
        traffic_give(t, i, &e, t->now_s * 1000000);
    give_money(t, i);
}

/* Keys ask for what they may not do now and then; developers more often. */
static void give_mistakes(struct traffic *t)
{
    uint32_t i = below(&t->random, t->n_keys);
    struct caller *k = &t->keys[i];
    bool is_clumsy = k->kind == KIND_SANDBOX;

    if (k->is_asleep || below(&t->random, is_clumsy ? 20 : 300) != 0)
        return;
    struct event e =
        traffic_event(k, KW_WHY_PERMISSION_DENIED, 1 + below(&t->random, is_clumsy ? 6 : 2));
    traffic_give(t, i, &e, t->now_s * 1000000);
}

/* Scanners, keys that were copied without their end, members who mistype. */
static void give_strangers(struct traffic *t)
{
    static const enum kw_reason whys[] = {KW_WHY_MISSING_KEY, KW_WHY_MISSING_KEY,
                                          KW_WHY_MALFORMED_KEY, KW_WHY_UNKNOWN_KEY,
                                          KW_WHY_ROUTE_DENIED};
    struct caller nobody = {
        .at = traffic_address(below(&t->random, 200), below(&t->random, 65536), 9)};

    struct event e =
        traffic_event(&nobody, whys[below(&t->random, COUNT_OF(whys))], 1 + below(&t->random, 4));
    e.flags = EVENT_TLS;
    e.environment = KW_PRODUCTION;
    traffic_give(t, 0, &e, t->now_s * 1000000);
    if (below(&t->random, 300) == 0)
        for (uint32_t n = 1 + below(&t->random, 4), member = below(&t->random, 50); n > 0; n--)
            traffic_sign_in(t, member, t->now_s * 1000000);
}

void traffic_step(struct traffic *t)
{
    if (t->now_s % HOUR_S == 0)
        begin_hour(t);
    for (uint32_t i = 0; i < t->n_keys; i++)
        give_requests(t, i);
    give_mistakes(t);
    give_strangers(t);
}
