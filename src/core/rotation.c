/* rotation.c - see rotation.h. */
#include "core/rotation.h"

static const int64_t day_ms = 24 * 60 * 60 * 1000;

bool rotation_is_open(const struct grant *g, int64_t now_ms)
{
    return g->old_ends_ms != 0 && now_ms < g->old_ends_ms;
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
    swap_secrets(g, now_ms + (int64_t)overlap_s * 1000);
    return KW_OK;
}

enum kw_err rotation_complete(struct grant *g, int64_t now_ms)
{
    if (g->old_ends_ms == 0)
        return KW_ENOTFOUND;
    if (rotation_is_open(g, now_ms))
        g->old_ends_ms = now_ms;
    return KW_OK;
}

enum kw_err rotation_cancel(struct grant *g, int64_t now_ms)
{
    if (!rotation_is_open(g, now_ms))
        return KW_ECONFLICT;
    if (g->generation == UINT32_MAX)
        return KW_EFULL;
    swap_secrets(g, now_ms);
    return KW_OK;
}

enum rotation_stage rotation_stage(const struct grant *g, int64_t now_ms)
{
    int64_t due_ms = grant_rotation_due(g->secret_since_ms, g->rotation_days),
            left_ms = due_ms - now_ms;

    if (due_ms == 0 || g->state == KEY_REVOKED)
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
