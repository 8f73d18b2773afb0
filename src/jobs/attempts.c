/* attempts.c - see attempts.h. Three tables, one for each thing that is counted, so that a flood of one does not push out
 * another; each of sets of a few entries, like a processor's cache. */
#include "jobs/attempts.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>

#include "crypto/random.h"
#include "crypto/seal.h"

enum {
    N_SETS = 1024,
    N_WAYS = 8,
    MINUTE_MS = 60000,
    TEN_MINUTES_MS = 10 * 60000,
    QUARTER_MS = 15 * 60000,
    HOUR_MS = 60 * 60000
};

enum kind { PAIR, SOURCE, EMAIL, N_KINDS };

const struct attempts_rules attempts_to_sign_in = {
    .pair = {5, QUARTER_MS}, .source = {50, QUARTER_MS}, .email = {100, HOUR_MS}};
const struct attempts_rules attempts_to_reset = {
    .pair = {3, HOUR_MS}, .source = {20, HOUR_MS}, .email = {5, HOUR_MS}};
const struct attempts_rules attempts_to_read = {
    .pair = {60, MINUTE_MS}, .source = {60, MINUTE_MS}, .email = {UINT_MAX, MINUTE_MS}};

const struct attempts_rules attempts_to_report = {
    .pair = {60, TEN_MINUTES_MS}, .source = {60, TEN_MINUTES_MS}, .email = {6000, MINUTE_MS}};

struct entry {
    struct digest who;  /* an HMAC; all zero: free */
    unsigned n;         /* failures, or attempts that are not judged yet */
    int64_t since_ms;   /* when the first of them was */
    int64_t touched_ms; /* when the last was: from here on the lock counts */
};

struct attempts {
    pthread_mutex_t lock; /* around all of it */
    struct sealer *sealer;
    struct attempts_rule rules[N_KINDS];
    struct entry entries[N_KINDS][N_SETS][N_WAYS];
};

void attempts_free(struct attempts *t)
{
    if (t == NULL)
        return;
    sealer_free(t->sealer);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

void attempts_freep(struct attempts **t)
{
    attempts_free(*t);
}

enum kw_err attempts_new(const struct attempts_rules *rules, struct attempts **out)
{
    AUTO(secret_wipe) struct secret key;
    struct attempts *t;

    TRY(random_bytes(key.b, sizeof key.b));
    t = calloc(1, sizeof *t);
    if (t == NULL)
        return KW_ENOMEM;
    t->rules[PAIR] = rules->pair;
    t->rules[SOURCE] = rules->source;
    t->rules[EMAIL] = rules->email;
    pthread_mutex_init(&t->lock, NULL);
    enum kw_err err = sealer_new(&key, &t->sealer);
    if (err != KW_OK) {
        attempts_free(t);
        return err;
    }
    *out = t;
    return KW_OK;
}

/* The bytes of a source that count: whoever has one address of a /64 has them all. */
static struct str network_of(const uint8_t source[16])
{
    static const uint8_t v4[12] = {[10] = 0xff, [11] = 0xff};

    return (struct str){(const char *)source, memcmp(source, v4, sizeof v4) == 0 ? 16 : 8};
}

static struct str fold(struct str email, char out[256])
{
    size_t n = email.n < 256 ? email.n : 256; /* longer ones are nobody's, and may be one to us */

    for (size_t i = 0; i < n; i++) {
        out[i] = email.p[i];
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] = (char)(out[i] + ('a' - 'A'));
    }
    return (struct str){out, n};
}

/* The kind and the length of the source stand in front, so that no two things have one name. */
static enum kw_err name_of(struct attempts *t, enum kind kind, const struct attempt *a,
                           struct digest *out)
{
    char head[18], folded[256];
    struct str network = kind == EMAIL ? (struct str){NULL, 0} : network_of(a->source);
    struct str email = kind == SOURCE ? (struct str){NULL, 0} : fold(a->email, folded);

    head[0] = (char)kind;
    head[1] = (char)network.n;
    if (network.n > 0)
        memcpy(head + 2, network.p, network.n);
    return sealer_mac(t->sealer, (struct str){head, 2 + network.n}, email, out);
}

static struct entry *set_of(struct attempts *t, enum kind kind, const struct digest *who)
{
    size_t set = ((size_t)who->b[0] << 8 | who->b[1]) % N_SETS;

    return t->entries[kind][set];
}

static struct entry *find(struct attempts *t, enum kind kind, const struct digest *who)
{
    struct entry *set = set_of(t, kind, who);

    for (size_t i = 0; i < N_WAYS; i++)
        if (memcmp(&set[i].who, who, sizeof *who) == 0)
            return &set[i];
    return NULL;
}

/* In the place of the one that was touched longest ago; a free one was touched before all. */
static struct entry *make(struct attempts *t, enum kind kind, const struct digest *who, int64_t now_ms)
{
    struct entry *set = set_of(t, kind, who), *place = &set[0];

    for (size_t i = 1; i < N_WAYS && place->n > 0; i++)
        if (set[i].n == 0 || set[i].touched_ms < place->touched_ms)
            place = &set[i];
    *place = (struct entry){.who = *who, .since_ms = now_ms};
    return place;
}

/* When it may be tried again, as the time that has to pass from now; 0: now. */
static int64_t wait_ms(const struct entry *e, const struct attempts_rule *r, int64_t now_ms)
{
    if (e == NULL || e->n < r->max)
        return 0;
    int64_t left = e->touched_ms + r->window_ms - now_ms;
    return left > r->window_ms ? r->window_ms : left > 0 ? left : 0;
}

static bool is_over(const struct entry *e, const struct attempts_rule *r, int64_t now_ms)
{
    int64_t from_ms = e->n < r->max ? e->since_ms : e->touched_ms;

    return now_ms - from_ms >= r->window_ms;
}

static void count(struct attempts *t, enum kind kind, const struct digest *who, int64_t now_ms)
{
    struct entry *e = find(t, kind, who);

    if (e == NULL)
        e = make(t, kind, who, now_ms);
    if (is_over(e, &t->rules[kind], now_ms)) {
        e->n = 0;
        e->since_ms = now_ms;
    }
    e->n++;
    e->touched_ms = now_ms;
}

/* A known place neither asks nor feeds the count over all sources. */
static size_t kinds_of(const struct attempt *a)
{
    return a->known_place ? EMAIL : N_KINDS;
}

static bool take(struct attempts *t, const struct attempt *a, int64_t now_ms, int64_t *wait)
{
    struct digest who[N_KINDS];
    size_t n = kinds_of(a);

    *wait = 0;
    for (size_t k = 0; k < n; k++) {
        if (name_of(t, (enum kind)k, a, &who[k]) != KW_OK)
            return false;
        int64_t w = wait_ms(find(t, (enum kind)k, &who[k]), &t->rules[k], now_ms);
        *wait = w > *wait ? w : *wait;
    }
    if (*wait > 0)
        return false;
    for (size_t k = 0; k < n; k++)
        count(t, (enum kind)k, &who[k], now_ms);
    return true;
}

bool attempts_take(struct attempts *t, const struct attempt *a, int64_t now_ms,
                   uint32_t *retry_after_s)
{
    int64_t wait;

    pthread_mutex_lock(&t->lock);
    bool may = take(t, a, now_ms, &wait);
    pthread_mutex_unlock(&t->lock);
    if (!may && retry_after_s != NULL)
        *retry_after_s = wait < 1000 ? 1 : (uint32_t)((wait + 999) / 1000);
    return may;
}

bool attempts_take_work(struct attempts *t, const struct attempt *a, int64_t now_ms)
{
    struct digest who;

    pthread_mutex_lock(&t->lock);
    bool may = name_of(t, SOURCE, a, &who) == KW_OK &&
               wait_ms(find(t, SOURCE, &who), &t->rules[SOURCE], now_ms) == 0;
    if (may)
        count(t, SOURCE, &who, now_ms);
    pthread_mutex_unlock(&t->lock);
    return may;
}

/* One less; none where all of a pair is forgiven. An entry that is gone, or cannot be named, has nothing to give. */
static void give_back(struct attempts *t, const struct attempt *a, bool all_of_pair)
{
    struct digest who;

    for (size_t k = 0; k < kinds_of(a); k++) {
        if (name_of(t, (enum kind)k, a, &who) != KW_OK)
            continue;
        struct entry *e = find(t, (enum kind)k, &who);
        if (e != NULL && e->n > 0)
            e->n = k == PAIR && all_of_pair ? 0 : e->n - 1;
    }
}

void attempts_succeed(struct attempts *t, const struct attempt *a)
{
    pthread_mutex_lock(&t->lock);
    give_back(t, a, true);
    pthread_mutex_unlock(&t->lock);
}

void attempts_return(struct attempts *t, const struct attempt *a)
{
    pthread_mutex_lock(&t->lock);
    give_back(t, a, false);
    pthread_mutex_unlock(&t->lock);
}
