/* cmd_keys_list.c - keyward keys list. */
#include <stdio.h>

#include "cli/output.h"
#include "cli/table.h"
#include "cli/talk.h"

/* What is asked for on the command line, and what the call names it. */
static const struct filter {
    const char *option, *parameter;
} filters[] = {
    {"account", "account"},
    {"environment", "environment"},
    {"state", "state"},
    {"permission", "permission"},
    {"name", "name"},
    {"search", "q"},
    {"used-after", "usedAfter"},
    {"unused-since", "usedBefore"},
    {"due-before", "dueBefore"},
};

enum { WIDTH = 100 };

static enum kw_err add_row(struct table *t, const json_t *key)
{
    AUTO(buf_deinit) struct buf permissions = BUF_MAX(256);
    const char *expires = output_string(key, "expires");
    char day[OUTPUT_DAY_LEN + 1];

    output_day(key, "lastUsedAt", day);
    output_list(&permissions, json_object_get(key, "permissions"), "none");
    buf_add(&permissions, "", 1);
    if (permissions.failed)
        return KW_ENOMEM;
    const char *const cells[] = {output_string(key, "id"),
                                 output_string(key, "name"),
                                 output_string(key, "account"),
                                 output_string(key, "environment"),
                                 permissions.p,
                                 output_string(key, "state"),
                                 expires[0] == '\0' ? "never" : expires,
                                 day};
    return table_add(t, cells);
}

static bool is_filtered(const struct args *args)
{
    for (size_t i = 0; i < COUNT_OF(filters); i++)
        if (args_has(args, filters[i].option))
            return true;
    return false;
}

static enum exit_status print(const json_t *keys, bool filtered)
{
    AUTO(table_deinit) struct table t = {.n_columns = 8};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    const char *const headings[] = {"ID",          "NAME",  "ACCOUNT", "ENVIRONMENT",
                                    "PERMISSIONS", "STATE", "EXPIRES", "LAST USED"};

    enum kw_err err = table_add(&t, headings);
    for (size_t i = 0; i < json_array_size(keys) && err == KW_OK; i++)
        err = add_row(&t, json_array_get(keys, i));
    if (err == KW_OK && table_width(&t) > WIDTH)
        t.n_hidden = 1;
    if (json_array_size(keys) > 0)
        table_print(&t, &text);
    else if (filtered)
        buf_printf(&text, "No key matches.\n");
    else
        buf_printf(&text, "There are no keys yet. This makes one:\n\n"
                          "  keyward keys create --name \"my first key\" --environment sandbox\n");
    text.failed = text.failed || err != KW_OK;
    return output_text(&text);
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    AUTO(buf_deinit) struct buf path = BUF_MAX(16384);
    json_t *keys = NULL;

    buf_printf(&path, "/v1/keys?limit=1000");
    for (size_t i = 0; i < COUNT_OF(filters); i++)
        if (args_has(args, filters[i].option))
            client_add_query(&path, filters[i].parameter,
                             str_from(args_value(args, filters[i].option)));
    if (args_has(args, "newest"))
        client_add_query(&path, "order", STR("newest"));
    enum exit_status status = talk_pages(self, args, &path, "keys", &keys);
    if (status != EXIT_DONE)
        return status;
    status = args_has(args, "json") ? output_json(keys)
                                    : print(json_object_get(keys, "keys"), is_filtered(args));
    json_decref(keys);
    return status;
}

static const struct option options[] = {
    {"account", "ID", false, "of this account"},
    {"environment", "NAME", false, "sandbox or production"},
    {"state", "STATE", false, "active, disabled, expired or revoked"},
    {"permission", "NAME", false, "that hold this permission"},
    {"name", "TEXT", false, "whose name holds this text"},
    {"search", "TEXT", false, "whose name holds this text, or whose id begins with it"},
    {"used-after", "WHEN", false,
     "last used then or later: 2026-11-24, 2026-11-24T03:00:00Z, 90m, 12h or 7d"},
    {"unused-since", "WHEN", false, "last used before then, or never; the same forms"},
    {"due-before", "WHEN", false, "whose rotation is due before then: 2026-11-24, or 30d from now"},
    {"newest", NULL, false, "the newest first"},
    TALK_OPTIONS,
    {NULL},
};

const struct command cmd_keys_list = {
    .name = "keys list",
    .operands = "",
    .summary = "show the keys",
    .options = options,
    .run = run,
};
