/* daily.c - see daily.h. They lie in an array in the order in which they came; a table of their places finds one again. */
#include "watch/daily.h"

#include <stdio.h>
#include <stdlib.h>

#include "record/batch.h"
#include "record/hash.h"
#include "watch/cells.h"
#include "watch/latency.h"

enum {
    CONCERNS_MAX = 3,                   /* everybody, the account, the key */
    EVENT_CELLS = 1 + 3 * CONCERNS_MAX, /* the network is counted for the key alone */
    BATCH_CELLS = BATCH_RECORDS_MAX * EVENT_CELLS,
    CELLS = 131072, /* 8 MiB of them; 10,000 keys in one round are about 100,000 */
    CELL_PLACES = 2 * CELLS,
};

struct daily {
    uint32_t n;
    struct daily_cell cells[CELLS];
    uint32_t places[CELL_PLACES]; /* 1 + the number of a cell; 0: free */
};

enum kw_err daily_new(struct daily **out)
{
    struct daily *d = calloc(1, sizeof *d);

    if (d == NULL)
        return KW_ENOMEM;
    *out = d;
    return KW_OK;
}

void daily_free(struct daily *d)
{
    free(d);
}

void daily_clear(struct daily *d)
{
    d->n = 0;
    memset(d->places, 0, sizeof d->places);
}

bool daily_have_room(const struct daily *d)
{
    return d->n <= CELLS - BATCH_CELLS;
}

/* ---- found ---- */

static bool is_same(const struct daily_cell *a, const struct daily_cell *b)
{
    return a->subject == b->subject && a->kind == b->kind && a->day == b->day &&
           a->environment == b->environment && memcmp(a->name, b->name, sizeof a->name) == 0;
}

static uint64_t hash_of(const struct daily_cell *c)
{
    const struct str name = {(const char *)c->name, sizeof c->name};

    return hash_bytes(name, (uint64_t)c->subject << 32 | c->day << 4 |
                                (uint64_t)c->environment << 2 | (uint64_t)c->kind);
}

/* There is room: the caller has asked before the batch. */
static struct daily_cell *cell_of(struct daily *d, const struct daily_cell *one)
{
    uint32_t *place;

    for (uint64_t h = hash_of(one);; h++) {
        place = &d->places[h % CELL_PLACES];
        if (*place == 0)
            break;
        if (is_same(&d->cells[*place - 1], one))
            return &d->cells[*place - 1];
    }
    d->cells[d->n] = *one;
    *place = ++d->n;
    return &d->cells[d->n - 1];
}

/* ---- counted ---- */

static void count(struct daily *d, const struct daily_cell *one, const struct event *e, int64_t most)
{
    struct daily_cell *c = cell_of(d, one);

    if (cells_is_allowed(e->reason))
        c->allowed += e->count;
    else
        c->denied += e->count;
    c->proved = c->proved || (e->flags & EVENT_PROVED) != 0;
    c->most = most > c->most ? most : c->most;
}

static void count_source(struct daily *d, struct daily_cell one, const struct event *e, int64_t ms)
{
    const struct address net = cells_net(&e->source);

    one.kind = DAILY_SOURCES;
    memcpy(one.name, net.b, sizeof net.b);
    count(d, &one, e, ms);
}

static void count_route(struct daily *d, struct daily_cell one, const struct daily_where *where,
                        const struct event *e, int64_t ms)
{
    one.kind = DAILY_ROUTES;
    memcpy(one.name, &where->route, sizeof where->route);
    count(d, &one, e, ms);
}

static void count_country(struct daily *d, struct daily_cell one, const struct daily_where *where,
                          const struct event *e, int64_t ms)
{
    if (where->country[0] == '\0')
        return;
    one.kind = DAILY_COUNTRIES;
    memcpy(one.name, where->country, sizeof where->country);
    count(d, &one, e, ms);
}

/* What a summary stands for took its time one by one, and nobody knows it; a decision at a given moment took none. */
static void count_latency(struct daily *d, struct daily_cell one, const struct event *e)
{
    if (e->kind != EVENT_DECISION || e->latency_ns == 0)
        return;
    one.kind = DAILY_LATENCIES;
    one.name[0] = latency_bucket(e->latency_ns);
    count(d, &one, e, e->latency_ns);
}

static struct daily_cell cell_for(uint32_t subject, const struct event *e, int64_t ms)
{
    return (struct daily_cell){
        .day = step_at(STEP_DAY, ms), .subject = subject, .environment = e->environment};
}

void daily_count(struct daily *d, uint32_t account, uint32_t key, const struct daily_where *where,
                 const struct event *e, int64_t ms)
{
    const uint32_t subjects[CONCERNS_MAX] = {CELLS_EVERYBODY, account, key};

    for (size_t i = 0; i < CONCERNS_MAX; i++) {
        const struct daily_cell one = cell_for(subjects[i], e, ms);
        if (i > 0 && subjects[i] == CELLS_EVERYBODY)
            continue;
        count_route(d, one, where, e, ms);
        count_country(d, one, where, e, ms);
        count_latency(d, one, e);
    }
    if (key != 0)
        count_source(d, cell_for(key, e, ms), e, ms);
}

/* ---- given ---- */

static int compare(const void *left, const void *right)
{
    const struct daily_cell *a = left, *b = right;

    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return a->subject < b->subject ? -1 : a->subject > b->subject;
}

const struct daily_cell *daily_sorted(struct daily *d, size_t *n)
{
    qsort(d->cells, d->n, sizeof d->cells[0], compare);
    *n = d->n;
    return d->cells;
}

static void print_route(uint32_t number, char out[DAILY_TEXT])
{
    if (number == DAILY_NO_ROUTE)
        snprintf(out, DAILY_TEXT, "%s", DAILY_NONE);
    else if (number == DAILY_UNKNOWN_ROUTE)
        snprintf(out, DAILY_TEXT, "%s", DAILY_UNKNOWN);
    else
        snprintf(out, DAILY_TEXT, "%u", number);
}

void daily_print(const struct daily_cell *c, char out[DAILY_TEXT])
{
    struct address net;
    uint32_t route;

    switch (c->kind) {
    case DAILY_SOURCES:
        memcpy(net.b, c->name, sizeof net.b);
        cells_print_net(&net, out);
        return;
    case DAILY_ROUTES:
        memcpy(&route, c->name, sizeof route);
        print_route(route, out);
        return;
    case DAILY_COUNTRIES:
        snprintf(out, DAILY_TEXT, "%.*s", DAILY_COUNTRY_TEXT, (const char *)c->name);
        return;
    case DAILY_LATENCIES:
        snprintf(out, DAILY_TEXT, "%u", c->name[0]);
        return;
    }
}
