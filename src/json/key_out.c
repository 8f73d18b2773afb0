/* key_out.c - see key_out.h. */
#include "json/key_out.h"

#include <stdio.h>

#include "core/key.h"
#include "core/rotation.h"

json_t *permissions_out(unsigned permissions)
{
    json_t *list = json_array();
    char text[KW_PERMISSIONS_MAX];
    struct str rest = {text, kw_permissions_text(permissions, text)}, one;

    while (rest.n > 0) {
        one = rest;
        if (!str_cut(rest, ',', &one, &rest))
            rest = (struct str){NULL, 0};
        json_out_append(&list, json_stringn(one.p, one.n));
    }
    return list;
}

json_t *address_rules_out(const struct address_rule *rules, uint32_t n)
{
    json_t *list = json_array();
    char text[ADDRESS_RULE_TEXT_MAX];

    for (uint32_t i = 0; i < n; i++)
        json_out_append(&list, json_stringn(text, address_rule_print(&rules[i], text)));
    return list;
}

static json_t *limit_default_out(const struct limit_default *l)
{
    char rate[48], quota[48];
    size_t n_rate = rate_print(&l->rate, rate), n_quota = quota_print(&l->quota, quota);
    json_t *out = json_object();

    if (l->has_rate)
        out = json_out_with(out, "rate", json_stringn(rate, n_rate));
    if (l->has_quota)
        out = json_out_with(out, "quota", json_stringn(quota, n_quota));
    return out;
}

json_t *limit_defaults_out(const struct limit_defaults *d)
{
    json_t *out = json_object();

    for (unsigned i = 0; i < N_LIMIT_DEFAULTS; i++)
        if (d->of[i].has_rate || d->of[i].has_quota)
            out = json_out_with(out, limit_default_name((enum limit_default_of)i),
                                limit_default_out(&d->of[i]));
    return out;
}

static json_t *masked_out(const struct grant *g, const char *brand)
{
    return json_sprintf("%s_%s_%s_…", brand, g->environment == KW_PRODUCTION ? "live" : "test",
                        g->id);
}

json_t *key_out(const struct grant *g, const char *brand, int64_t now_ms)
{
    char rate[48], quota[48];
    bool expired = lifecycle_expired(grant_ends_ms(g), now_ms);
    size_t n_rate = rate_print(&g->rate, rate), n_quota = quota_print(&g->quota, quota);

    return json_pack(
        "{s:s, s:o, s:s, s:s, s:s, s:o, s:s, s:o, s:s%, s:s%, s:o, s:i, s:o, s:s, s:s, s:o, s:s, "
        "s:i, s:o, s:s}",
        "id", g->id, "masked", masked_out(g, brand), "name", g->name, "account", g->account,
        "environment", kw_environment_name(g->environment), "permissions",
        permissions_out(g->permissions), "state", lifecycle_name(g->state, expired), "expires",
        json_out_moment(g->expires_ms), "rate", rate, n_rate, "quota", quota, n_quota, "allowIp",
        address_rules_out(g->rules, g->n_rules), "rotationDays", (int)g->rotation_days, "rotationDue",
        json_out_moment(grant_rotation_due(g->secret_since_ms, g->rotation_days)), "rotationStage",
        rotation_stage_name(rotation_stage(g, now_ms)), "onOverdue", overdue_name(g->overdue),
        "oldSecretEnds", json_out_moment(rotation_is_open(g, now_ms) ? g->old_ends_ms : 0),
        "frozen", freeze_name(g->frozen), "version", (int)g->version, "createdAt",
        json_out_moment(g->created_ms), "createdBy", g->created_by);
}
