/* cells.c - see cells.h. They lie in an array in the order in which they came; a table of their places finds one again. */
#include "watch/cells.h"

#include <stdlib.h>

#include "record/batch.h"
#include "record/hash.h"

enum {
    CONCERNS_MAX = 3, /* everybody, the account, the key */
    BATCH_CELLS = BATCH_RECORDS_MAX * N_STEPS * CONCERNS_MAX,
    CELLS = 131072, /* 4 MiB of them; 10,000 keys in one round are 30,000 */
    CELL_PLACES = 2 * CELLS,
};

static const int64_t early_us = INT64_C(86400) * 1000000, late_us = INT64_C(60) * 1000000;

struct cells {
    uint32_t n;
    struct daily *daily; /* owns */
    struct cell cells[CELLS];
    uint32_t places[CELL_PLACES]; /* 1 + the number of a cell; 0: free */
};

enum kw_err cells_new(struct cells **out)
{
    struct cells *c = calloc(1, sizeof *c);

    if (c == NULL)
        return KW_ENOMEM;
    enum kw_err err = daily_new(&c->daily);
    if (err != KW_OK) {
        free(c);
        return err;
    }
    *out = c;
    return KW_OK;
}

void cells_free(struct cells *c)
{
    if (c == NULL)
        return;
    daily_free(c->daily);
    free(c);
}

void cells_clear(struct cells *c)
{
    c->n = 0;
    memset(c->places, 0, sizeof c->places);
    daily_clear(c->daily);
}

bool cells_have_room(const struct cells *c)
{
    return c->n <= CELLS - BATCH_CELLS && daily_have_room(c->daily);
}

bool cells_is_allowed(enum kw_reason why)
{
    return kw_reason_status(why) == 200;
}

/* ---- attempts ---- */

static bool is_same(const struct cell *a, const struct cell *b)
{
    return a->time == b->time && a->subject == b->subject && a->step == b->step &&
           a->environment == b->environment && a->class == b->class && a->reason == b->reason;
}

static uint64_t hash_of(const struct cell *c)
{
    uint64_t small = (uint64_t)c->step << 24 | (uint64_t)c->environment << 16 |
                     (uint64_t)c->class << 8 | (uint64_t)c->reason;

    return hash_stir(hash_stir((uint64_t)c->subject << 32 | c->time) ^ small);
}

/* There is room: the caller has asked before the batch. */
static void add(struct cells *c, const struct cell *one)
{
    uint32_t *place;

    for (uint64_t h = hash_of(one);; h++) {
        place = &c->places[h % CELL_PLACES];
        if (*place == 0)
            break;
        if (is_same(&c->cells[*place - 1], one)) {
            c->cells[*place - 1].n += one->n;
            return;
        }
    }
    c->cells[c->n] = *one;
    *place = ++c->n;
}

/* ---- networks ---- */

static bool is_ipv4(const struct address *a)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

    return memcmp(a->b, mapped, sizeof mapped) == 0;
}

struct address cells_net(const struct address *a)
{
    struct address net = {.b = {0}};

    memcpy(net.b, a->b, is_ipv4(a) ? 15 : 6);
    return net;
}

void cells_print_net(const struct address *net, char out[CELLS_NET_TEXT])
{
    struct address_rule rule = {*net, is_ipv4(net) ? 96 + 24 : 48, ADDRESS_EVERY_CLASS};

    out[address_rule_print(&rule, out)] = '\0';
}

/* ---- counted ---- */

static int64_t time_of(const struct event *e, int64_t batch_us)
{
    bool is_near = e->time_us >= batch_us - early_us && e->time_us <= batch_us + late_us;

    return (is_near ? e->time_us : batch_us) / 1000;
}

void cells_count(struct cells *c, const struct cells_who *who, const struct daily_where *where,
                 const struct event *e, int64_t batch_us)
{
    const uint32_t subjects[CONCERNS_MAX] = {CELLS_EVERYBODY, who->account, who->key};
    int64_t ms = time_of(e, batch_us);

    if (e->kind != EVENT_DECISION && e->kind != EVENT_SUMMARY)
        return;
    for (enum step s = STEP_MINUTE; (unsigned)s < N_STEPS; s++)
        for (size_t i = 0; i < CONCERNS_MAX; i++)
            if (i == 0 || subjects[i] != CELLS_EVERYBODY)
                add(c, &(struct cell){s, step_at(s, ms), subjects[i], e->environment,
                                      e->route_class, e->reason, e->count});
    daily_count(c->daily, who->account, who->key, where, e, ms);
}

/* ---- given ---- */

static int compare(const void *left, const void *right)
{
    const struct cell *a = left, *b = right;

    if (a->step != b->step)
        return a->step < b->step ? -1 : 1;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return a->subject < b->subject ? -1 : a->subject > b->subject;
}

const struct cell *cells_sorted(struct cells *c, size_t *n)
{
    qsort(c->cells, c->n, sizeof c->cells[0], compare);
    memset(c->places, 0, sizeof c->places); /* they are elsewhere now: only to be cleared */
    *n = c->n;
    return c->cells;
}

struct daily *cells_daily(struct cells *c)
{
    return c->daily;
}
