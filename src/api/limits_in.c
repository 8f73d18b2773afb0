/* limits_in.c - see limits_in.h. */
#include "api/limits_in.h"

#include <stdio.h>

enum kw_err limits_in_rate(const json_t *object, const char *field, struct problem *p,
                           struct rate *out)
{
    struct str text;

    TRY(json_in_required(object, "rate", p, &text));
    enum kw_err err = rate_parse(text, out);
    if (err == KW_ERANGE)
        return problem_field(p, "range", field, "Rate and burst are 1 to 1000000 requests");
    if (err != KW_OK)
        return problem_field(
            p, "syntax", field,
            "Write it as \"600/min\", \"10/s:20\" (20: how many may come at once), "
            "\"5000/hour\", \"100000/day\" or \"none\"");
    return KW_OK;
}

enum kw_err limits_in_quota(const json_t *object, const char *field, struct problem *p,
                            struct quota *out)
{
    struct str text;

    TRY(json_in_required(object, "quota", p, &text));
    enum kw_err err = quota_parse(text, out);
    if (err == KW_ERANGE)
        return problem_field(p, "range", field, "A quota is 1 to 4294967295 requests");
    if (err != KW_OK)
        return problem_field(p, "syntax", field,
                             "Write it as \"1000/day\", \"250000/month\" or \"none\"");
    return KW_OK;
}

static enum kw_err read_one(const json_t *object, const char *name, struct problem *p,
                            struct limit_default *out)
{
    static const char *const members[] = {"rate", "quota", NULL};
    char field[PROBLEM_FIELD_MAX];

    snprintf(field, sizeof field, "limitDefaults.%s", name);
    if (!json_is_object(object))
        return problem_field(p, "wrong_type", field, "It is an object of rate and quota");
    TRY(json_in_only(object, members, p));
    out->has_rate = json_object_get(object, "rate") != NULL;
    out->has_quota = json_object_get(object, "quota") != NULL;
    if (out->has_rate)
        TRY(limits_in_rate(object, field, p, &out->rate));
    return out->has_quota ? limits_in_quota(object, field, p, &out->quota) : KW_OK;
}

enum kw_err limits_in_defaults(const json_t *body, struct problem *p, struct limit_defaults *out)
{
    const json_t *all = json_object_get(body, "limitDefaults");
    const char *names[N_LIMIT_DEFAULTS + 1] = {NULL};
    struct limit_defaults d = {0};

    for (unsigned i = 0; i < N_LIMIT_DEFAULTS; i++)
        names[i] = limit_default_name((enum limit_default_of)i);
    if (!json_is_object(all))
        return problem_field(p, "wrong_type", "limitDefaults",
                             "It is an object of \"all\" and the names of permissions");
    TRY(json_in_only(all, names, p));
    for (unsigned i = 0; i < N_LIMIT_DEFAULTS; i++) {
        const json_t *one = json_object_get(all, names[i]);
        if (one != NULL)
            TRY(read_one(one, names[i], p, &d.of[i]));
    }
    *out = d;
    return KW_OK;
}
