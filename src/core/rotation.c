/* rotation.c - see rotation.h. */
#include "core/rotation.h"

static const int64_t day_ms = 86400000;

static uint32_t seconds_of(char unit)
{
    switch (unit) {
    case 'm':
        return 60;
    case 'h':
        return 60 * 60;
    case 'd':
        return 24 * 60 * 60;
    default: /* not a unit */
        return 0;
    }
}

enum kw_err rotation_overlap_parse(struct str text, uint32_t *out_s)
{
    uint32_t unit_s = text.n == 0 ? 0 : seconds_of(text.p[text.n - 1]);
    uint64_t n;

    if (str_eq(text, STR("0"))) {
        *out_s = 0;
        return KW_OK;
    }
    if (unit_s == 0)
        return KW_ESYNTAX;
    TRY(str_u64((struct str){text.p, text.n - 1}, ROTATION_OVERLAP_MAX_S / unit_s, &n));
    *out_s = (uint32_t)n * unit_s;
    return KW_OK;
}

bool rotation_is_open(const struct grant *g, int64_t now_ms)
{
    return g->old_ends_ms > 0 && now_ms < g->old_ends_ms;
}

int64_t rotation_old_ends(const struct grant *g)
{
    return g->old_ends_ms < 0 ? -g->old_ends_ms : g->old_ends_ms;
}

/* A moment before every clock: who ended a secret by hand shall not find it back because a clock is set back. */
static int64_t for_good(int64_t now_ms)
{
    return now_ms > 0 ? -now_ms : -1;
}

/* The current secret and the other one change places; the one that is the other now ends at ends_ms. */
static void swap_secrets(struct grant *g, int64_t ends_ms)
{
    uint8_t was[GRANT_DIGEST_LEN];
    int64_t since_ms = g->secret_since_ms;

    memcpy(was, g->digest, sizeof was);
    memcpy(g->digest, g->old_digest, sizeof g->digest);
    memcpy(g->old_digest, was, sizeof was);
    g->secret_since_ms = g->old_since_ms;
    g->old_since_ms = since_ms;
    g->old_ends_ms = ends_ms;
    g->generation++;
}

enum kw_err rotation_begin(struct grant *g, const uint8_t digest[GRANT_DIGEST_LEN],
                           uint32_t overlap_s, int64_t now_ms)
{
    if (rotation_is_open(g, now_ms))
        return KW_ECONFLICT;
    if (overlap_s > ROTATION_OVERLAP_MAX_S)
        return KW_ERANGE;
    if (g->generation == UINT32_MAX)
        return KW_EFULL;
    memcpy(g->old_digest, digest, sizeof g->old_digest);
    g->old_since_ms = now_ms;
    swap_secrets(g, overlap_s == 0 ? for_good(now_ms) : now_ms + (int64_t)overlap_s * 1000);
    return KW_OK;
}

enum kw_err rotation_complete(struct grant *g, int64_t now_ms)
{
    if (g->old_ends_ms == 0)
        return KW_ENOTFOUND;
    if (rotation_is_open(g, now_ms))
        g->old_ends_ms = for_good(now_ms);
    return KW_OK;
}

enum kw_err rotation_cancel(struct grant *g, int64_t now_ms)
{
    if (!rotation_is_open(g, now_ms))
        return KW_ECONFLICT;
    if (g->generation == UINT32_MAX)
        return KW_EFULL;
    swap_secrets(g, for_good(now_ms));
    return KW_OK;
}

static const char *const overdue_names[] = {
    [OVERDUE_ALERT] = "alert", [OVERDUE_READ_ONLY] = "read_only", [OVERDUE_EXPIRE] = "expire"};

const char *overdue_name(enum rotation_overdue overdue)
{
    return (unsigned)overdue < COUNT_OF(overdue_names) ? overdue_names[overdue] : "expire";
}

enum kw_err overdue_parse(struct str name, enum rotation_overdue *out)
{
    size_t i = STR_IN(name, overdue_names);

    if (i == COUNT_OF(overdue_names))
        return KW_ESYNTAX;
    *out = (enum rotation_overdue)i;
    return KW_OK;
}

enum rotation_stage rotation_stage(const struct grant *g, int64_t now_ms)
{
    if (g->state == KEY_REVOKED)
        return ROTATION_NEVER;
    return rotation_stage_at(grant_rotation_due(g->secret_since_ms, g->rotation_days), now_ms);
}

enum rotation_stage rotation_stage_at(int64_t due_ms, int64_t now_ms)
{
    int64_t left_ms = due_ms - now_ms;

    if (due_ms == 0)
        return ROTATION_NEVER;
    if (left_ms <= 0)
        return ROTATION_OVERDUE;
    if (left_ms <= day_ms)
        return ROTATION_IN_1;
    if (left_ms <= 7 * day_ms)
        return ROTATION_IN_7;
    return left_ms <= 30 * day_ms ? ROTATION_IN_30 : ROTATION_FINE;
}

const char *rotation_stage_name(enum rotation_stage stage)
{
    switch (stage) {
    case ROTATION_NEVER:
        return "never";
    case ROTATION_FINE:
        return "fine";
    case ROTATION_IN_30:
        return "30d";
    case ROTATION_IN_7:
        return "7d";
    case ROTATION_IN_1:
        return "1d";
    case ROTATION_OVERDUE:
        return "overdue";
    }
    return "never";
}
