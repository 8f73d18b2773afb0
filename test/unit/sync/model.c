/* model.c - see model.h. */
#include "sync/model.h"

const int64_t model_expiries_ms[3] = {0, 2 * MODEL_HOUR, 40 * MODEL_DAY};
const int64_t model_overlaps_ms[3] = {0, MODEL_HOUR, MODEL_DAY};
const unsigned model_days[3] = {0, 30, 30};
const enum model_overdue model_overdues[3] = {MODEL_ALERT, MODEL_READ_ONLY, MODEL_EXPIRE};

static bool is_due(const struct model *m, int64_t now_ms)
{
    return m->days != 0 && now_ms >= m->since_ms + m->days * MODEL_DAY;
}

static bool is_expired(const struct model *m, int64_t now_ms)
{
    return (m->expires_ms != 0 && now_ms >= m->expires_ms) ||
           (m->overdue == MODEL_EXPIRE && is_due(m, now_ms));
}

bool model_is_over(const struct model *m, int64_t now_ms)
{
    return m->state == MODEL_REVOKED || is_expired(m, now_ms);
}

static bool both_work(const struct model *m, int64_t now_ms)
{
    return m->is_open && now_ms < m->until_ms;
}

/* ---- what may be done ---- */

static bool create(struct model *m, const struct deed *d)
{
    if (m->state != MODEL_NONE)
        return false;
    *m = (struct model){.state = MODEL_ACTIVE,
                        .opens = MODEL_UNLISTED,
                        .frozen = MODEL_CLASSES,
                        .secret = d->secret,
                        .since_ms = d->now_ms};
    return true;
}

static bool rotate(struct model *m, const struct deed *d)
{
    if (both_work(m, d->now_ms))
        return false;
    m->old_secret = m->secret;
    m->old_since_ms = m->since_ms;
    m->secret = d->secret;
    m->since_ms = d->now_ms;
    m->is_open = model_overlaps_ms[d->value] > 0;
    m->until_ms = d->now_ms + model_overlaps_ms[d->value];
    return true;
}

static bool complete(struct model *m, const struct deed *d)
{
    if (m->old_secret == 0)
        return false;
    if (both_work(m, d->now_ms)) /* else it is over already */
        m->is_open = false;
    return true;
}

static bool cancel(struct model *m, const struct deed *d)
{
    const struct model was = *m;

    if (!both_work(m, d->now_ms))
        return false;
    m->secret = was.old_secret;
    m->since_ms = was.old_since_ms;
    m->old_secret = was.secret;
    m->old_since_ms = was.since_ms;
    m->is_open = false;
    return true;
}

static bool choose(struct model *m, const struct deed *d)
{
    if (d->kind == DEED_PERMIT)
        m->opens = d->value;
    if (d->kind == DEED_EXPIRE)
        m->expires_ms = d->value == 0 ? 0 : d->now_ms + model_expiries_ms[d->value];
    if (d->kind == DEED_ROTATE_BY) {
        m->days = model_days[d->value];
        m->overdue = model_overdues[d->value];
    }
    if (d->kind == DEED_FREEZE) /* nothing, what moves money, everything */
        m->frozen = d->value == 0 ? MODEL_CLASSES : d->value == 1 ? MODEL_TRANSACT : MODEL_READ;
    return true;
}

static bool lead(struct model *m, const struct deed *d)
{
    switch (d->kind) {
    case DEED_ROTATE:
        return rotate(m, d);
    case DEED_COMPLETE:
        return complete(m, d);
    case DEED_CANCEL:
        return cancel(m, d);
    case DEED_DISABLE:
        m->state = MODEL_DISABLED;
        return true;
    case DEED_ENABLE:
        m->state = MODEL_ACTIVE;
        return true;
    case DEED_CREATE:
    case DEED_PERMIT:
    case DEED_EXPIRE:
    case DEED_ROTATE_BY:
    case DEED_FREEZE:
    case DEED_REVOKE:
    case DEED_KINDS:
        break;
    }
    return choose(m, d);
}

bool model_do(struct model *m, const struct deed *d)
{
    if (d->kind == DEED_CREATE)
        return create(m, d);
    if (m->state == MODEL_NONE)
        return false;
    if (d->kind == DEED_REVOKE) {
        m->state = MODEL_REVOKED;
        return true;
    }
    return !model_is_over(m, d->now_ms) && lead(m, d);
}

/* ---- what is allowed ---- */

bool model_place_allows(const struct model *m, enum model_class c)
{
    return m->state == MODEL_ACTIVE && (unsigned)c < m->frozen;
}

static bool opens(const struct model *m, enum model_class c, int64_t now_ms)
{
    bool only_reads = m->overdue == MODEL_READ_ONLY && is_due(m, now_ms);

    return (unsigned)c <= m->opens && (c == MODEL_READ || !only_reads);
}

bool model_key_allows(const struct model *m, unsigned secret, enum model_class c, int64_t now_ms)
{
    bool is_right = secret == m->secret || (secret == m->old_secret && both_work(m, now_ms));

    return secret != 0 && is_right && model_place_allows(m, c) && !is_expired(m, now_ms) &&
           opens(m, c, now_ms);
}
