/* account_limits.c - see account_limits.h. What is wrong with a name or a value is said by keyward serve. */
#include "cli/account_limits.h"

#include <stdio.h>

#include "cli/output.h"

static const struct {
    const char *option, *member;
} kinds[] = {{"default-rate", "rate"}, {"default-quota", "quota"}};

bool account_limits_given(const struct args *args)
{
    return args_has(args, kinds[0].option) || args_has(args, kinds[1].option);
}

/* The object of a name, made where there is none. NULL: out of memory, or no UTF-8. */
static json_t *object_of(json_t *defaults, struct str name)
{
    json_t *there = json_object_getn(defaults, name.p, name.n);

    if (there == NULL && json_object_setn_new(defaults, name.p, name.n, json_object()) == 0)
        there = json_object_getn(defaults, name.p, name.n);
    return there;
}

static bool put(json_t *defaults, struct str text, const char *member)
{
    struct str name = STR("all"), value = text;

    (void)str_cut(text, '=', &name, &value);
    json_t *one = object_of(defaults, name);
    if (one == NULL)
        return false;
    if (!str_eq(value, STR("unset")))
        return json_object_set_new(one, member, json_stringn(value.p, value.n)) == 0;
    json_object_del(one, member);
    return true;
}

bool account_limits_add(json_t *body, const struct args *args, const json_t *account)
{
    json_t *defaults = json_deep_copy(json_object_get(account, "limitDefaults"));

    if (defaults == NULL || json_object_set_new(body, "limitDefaults", defaults) != 0)
        return false;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        size_t at = 0;
        for (const char *v; (v = args_next(args, kinds[i].option, &at)) != NULL;)
            if (!put(defaults, str_from(v), kinds[i].member))
                return false;
    }
    return true;
}

void account_limits_print(const json_t *account, struct buf *out)
{
    json_t *defaults = json_object_get(account, "limitDefaults");
    const char *name, *title = "New keys";
    json_t *one;
    char line[200];

    json_object_foreach(defaults, name, one)
    {
        const char *rate = output_string(one, "rate"), *quota = output_string(one, "quota");
        snprintf(line, sizeof line, "%s:%s%s%s%s", name, rate[0] == '\0' ? "" : " rate ", rate,
                 quota[0] == '\0' ? "" : " quota ", quota);
        output_line(out, title, line);
        title = "";
    }
}
