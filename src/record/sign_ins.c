/* sign_ins.c - see sign_ins.h. Slots, and two lines of them: those who were refused, and the others. */
#include "record/sign_ins.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/exposure.h"

enum { REFUSED = 1, LINES = 2, US_PER_SECOND = 1000000 };

struct slot {
    int64_t time_us;
    uint16_t n;
    uint8_t bytes[SIGN_IN_MAX];
};

/* The first `taken` are being written to the disk: they stay where they are. */
struct line {
    uint16_t slot[SIGN_INS_MAX];
    uint32_t first, n, taken;
};

struct count {
    uint32_t n, taken;
};

struct sign_ins {
    pthread_mutex_t lock;
    struct slot slots[SIGN_INS_MAX];
    struct line lines[LINES];
    uint16_t free[SIGN_INS_MAX];
    uint32_t n_free;
    struct count counts[SIGN_IN_N_WHATS][SIGN_IN_N_WHYS];
    int64_t second; /* of the refusal that came last */
    uint32_t n_refused;
};

enum kw_err sign_ins_new(struct sign_ins **out)
{
    struct sign_ins *q = calloc(1, sizeof *q);

    if (q == NULL)
        return KW_ENOMEM;
    pthread_mutex_init(&q->lock, NULL);
    for (uint32_t i = 0; i < SIGN_INS_MAX; i++)
        q->free[i] = (uint16_t)i;
    q->n_free = SIGN_INS_MAX;
    *out = q;
    return KW_OK;
}

void sign_ins_free(struct sign_ins *q)
{
    if (q == NULL)
        return;
    pthread_mutex_destroy(&q->lock);
    free(q);
}

/* ---- put ---- */

static bool admit_refusal(struct sign_ins *q, int64_t time_us)
{
    int64_t second = time_us / US_PER_SECOND;

    if (second != q->second) {
        q->second = second;
        q->n_refused = 0;
    }
    return q->n_refused++ < SIGN_INS_REFUSED_PER_SECOND;
}

static void count(struct sign_ins *q, enum sign_in_what what, enum sign_in_why why)
{
    struct count *c = &q->counts[what][why];

    if (c->n < UINT32_MAX)
        c->n++;
}

/* Makes room: the newest refusal that is not being written becomes a count. */
static bool give_way(struct sign_ins *q)
{
    struct line *l = &q->lines[REFUSED];
    struct sign_in s;

    if (l->n == l->taken)
        return false;
    uint16_t slot = l->slot[(l->first + --l->n) % SIGN_INS_MAX];
    q->free[q->n_free++] = slot;
    struct str bytes = {(const char *)q->slots[slot].bytes, q->slots[slot].n};
    if (sign_in_decode(bytes, &s) == KW_OK) /* ours: it does */
        count(q, s.what, s.why);
    return true;
}

static void keep(struct sign_ins *q, const struct sign_in *s, bool is_refusal)
{
    struct line *l = &q->lines[is_refusal ? REFUSED : 0];
    uint16_t at = q->free[--q->n_free];
    struct slot *slot = &q->slots[at];

    slot->time_us = s->time_us;
    slot->n = (uint16_t)sign_in_encode(s, slot->bytes);
    l->slot[(l->first + l->n++) % SIGN_INS_MAX] = at;
}

static void put(struct sign_ins *q, const struct sign_in *s)
{
    bool is_refusal = sign_in_is_refusal(s->what);
    bool has_room =
        is_refusal ? admit_refusal(q, s->time_us) && q->n_free > 0 : q->n_free > 0 || give_way(q);

    if (has_room)
        keep(q, s, is_refusal);
    else
        count(q, s->what, s->why);
}

void sign_ins_put(struct sign_ins *q, const struct sign_in *s)
{
    char email[SIGN_IN_EMAIL_MAX], agent[SIGN_IN_AGENT_MAX];
    const struct str any = {NULL, 0};
    struct sign_in clean = *s;

    if (s->what <= SIGN_IN_NONE || (unsigned)s->what >= SIGN_IN_N_WHATS ||
        (unsigned)s->why >= SIGN_IN_N_WHYS)
        return; /* could not be read back */
    clean.email = (struct str){email, exposure_redact(s->email, any, any, email, sizeof email)};
    clean.agent = (struct str){agent, exposure_redact(s->agent, any, any, agent, sizeof agent)};
    clean.summed = 0;
    pthread_mutex_lock(&q->lock);
    put(q, &clean);
    pthread_mutex_unlock(&q->lock);
}

/* ---- taken ---- */

struct taking {
    struct sign_in_taken *out;
    uint32_t n, max;
};

static void take_count(struct taking *t, enum sign_in_what what, enum sign_in_why why,
                       struct count *c, int64_t now_us)
{
    const struct sign_in sum = {.time_us = now_us, .what = what, .why = why, .summed = c->n};
    struct sign_in_taken *out = &t->out[t->n++];

    c->taken = c->n;
    out->time_us = now_us;
    out->is_refusal = true;
    out->n = sign_in_encode(&sum, out->bytes);
}

/* False: not all of them had room. */
static bool take_counts(struct sign_ins *q, struct taking *t, int64_t now_us)
{
    bool all = true;

    for (unsigned what = 0; what < SIGN_IN_N_WHATS; what++)
        for (unsigned why = 0; why < SIGN_IN_N_WHYS; why++) {
            struct count *c = &q->counts[what][why];
            c->taken = 0;
            if (c->n > 0 && t->n == t->max)
                all = false;
            else if (c->n > 0)
                take_count(t, what, why, c, now_us);
        }
    return all;
}

static bool take_line(struct sign_ins *q, struct taking *t, int which)
{
    struct line *l = &q->lines[which];

    for (l->taken = 0; l->taken < l->n && t->n < t->max; l->taken++) {
        const struct slot *slot = &q->slots[l->slot[(l->first + l->taken) % SIGN_INS_MAX]];
        struct sign_in_taken *out = &t->out[t->n++];
        out->time_us = slot->time_us;
        out->is_refusal = which == REFUSED;
        out->n = slot->n;
        memcpy(out->bytes, slot->bytes, slot->n);
    }
    return l->taken == l->n;
}

uint32_t sign_ins_take(struct sign_ins *q, int64_t now_us, uint32_t max, struct sign_in_taken *out,
                       bool *more)
{
    struct taking t = {.out = out, .max = max};

    pthread_mutex_lock(&q->lock);
    bool all = take_line(q, &t, REFUSED);
    all = take_counts(q, &t, now_us) && all;
    all = take_line(q, &t, 0) && all;
    pthread_mutex_unlock(&q->lock);
    *more = !all;
    return t.n;
}

static void settle_line(struct sign_ins *q, struct line *l)
{
    for (; l->taken > 0; l->taken--, l->n--) {
        q->free[q->n_free++] = l->slot[l->first];
        l->first = (l->first + 1) % SIGN_INS_MAX;
    }
}

void sign_ins_settle(struct sign_ins *q)
{
    pthread_mutex_lock(&q->lock);
    for (unsigned what = 0; what < SIGN_IN_N_WHATS; what++)
        for (unsigned why = 0; why < SIGN_IN_N_WHYS; why++) {
            struct count *c = &q->counts[what][why];
            c->n -= c->taken;
            c->taken = 0;
        }
    settle_line(q, &q->lines[REFUSED]);
    settle_line(q, &q->lines[0]);
    pthread_mutex_unlock(&q->lock);
}
