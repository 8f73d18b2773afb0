/* key_body.c - see key_body.h. */
#include "cli/key_body.h"

/* Whether there is no more to do, or it was done. */
static bool add_text(json_t *body, const struct args *args, const char *option, const char *member)
{
    const char *value = args_value(args, option);

    return value == NULL || json_object_set_new(body, member, json_string(value)) == 0;
}

/* What is no number goes along as it is: it is refused where all values are judged. */
static bool add_number(json_t *body, const struct args *args, const char *option, const char *member)
{
    const char *value = args_value(args, option);
    uint64_t n;

    if (value == NULL)
        return true;
    json_t *number = str_u64(str_from(value), UINT32_MAX, &n) == KW_OK ? json_integer((json_int_t)n)
                                                                       : json_string(value);
    return json_object_set_new(body, member, number) == 0;
}

static bool add_list(json_t *body, const struct args *args, const char *option, const char *member)
{
    json_t *list = json_array();
    size_t at = 0;
    bool ok = list != NULL;

    for (const char *v; ok && (v = args_next(args, option, &at)) != NULL;)
        ok = json_array_append_new(list, json_string(v)) == 0;
    ok = ok && json_object_set(body, member, list) == 0;
    json_decref(list);
    return ok;
}

/* "--allow-ip none" alone is the empty list. */
static bool clears_addresses(const struct args *args)
{
    size_t at = 0;
    const char *first = args_next(args, "allow-ip", &at);

    return first != NULL && strcmp(first, "none") == 0 && args_next(args, "allow-ip", &at) == NULL;
}

static bool fill(json_t *body, const struct args *args)
{
    static const char *const texts[] = {"account", "name", "environment",
                                        "expires", "rate", "quota"};

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (!add_text(body, args, texts[i], texts[i]))
            return false;
    if (!add_text(body, args, "on-overdue", "onOverdue") ||
        !add_number(body, args, "rotation-days", "rotationDays"))
        return false;
    if (args_has(args, "permission") && !add_list(body, args, "permission", "permissions"))
        return false;
    if (clears_addresses(args))
        return json_object_set_new(body, "allowIp", json_array()) == 0;
    return !args_has(args, "allow-ip") || add_list(body, args, "allow-ip", "allowIp");
}

json_t *key_body(const struct args *args)
{
    json_t *body = json_object();

    if (fill(body, args))
        return body;
    json_decref(body);
    return NULL;
}
