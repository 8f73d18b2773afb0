/* key_filter.c - see key_filter.h. */
#include "cli/key_filter.h"

#include "client/client.h"

static const struct filter {
    const char *option, *parameter;
} filters[] = {
    {"account", "account"},
    {"environment", "environment"},
    {"state", "state"},
    {"permission", "permission"},
    {"name", "name"},
    {"search", "q"},
    {"created-by", "createdBy"},
    {"created-after", "createdAfter"},
    {"created-before", "createdBefore"},
    {"used-from", "usedFrom"},
    {"used-after", "usedAfter"},
    {"unused-since", "usedBefore"},
    {"due-before", "dueBefore"},
    {"expires-before", "expiresBefore"},
};

bool key_filter_given(const struct args *args)
{
    for (size_t i = 0; i < COUNT_OF(filters); i++)
        if (args_has(args, filters[i].option))
            return true;
    return false;
}

void key_filter_query(const struct args *args, struct buf *path)
{
    for (size_t i = 0; i < COUNT_OF(filters); i++)
        if (args_has(args, filters[i].option))
            client_add_query(path, filters[i].parameter,
                             str_from(args_value(args, filters[i].option)));
}

json_t *key_filter_json(const struct args *args)
{
    json_t *filter = json_object();

    for (size_t i = 0; i < COUNT_OF(filters) && filter != NULL; i++) {
        const char *value = args_value(args, filters[i].option);
        if (value == NULL ||
            json_object_set_new(filter, filters[i].parameter, json_string(value)) == 0)
            continue;
        json_decref(STEAL(filter));
    }
    return filter;
}
