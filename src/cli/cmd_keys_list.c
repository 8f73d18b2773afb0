/* cmd_keys_list.c - keyward keys list. */
#include <stdio.h>

#include "cli/key_filter.h"
#include "cli/output.h"
#include "cli/table.h"
#include "cli/talk.h"

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
    key_filter_query(args, &path);
    if (args_has(args, "newest"))
        client_add_query(&path, "order", STR("newest"));
    enum exit_status status = talk_pages(self, args, &path, "keys", &keys);
    if (status != EXIT_DONE)
        return status;
    status = args_has(args, "json") ? output_json(keys)
                                    : print(json_object_get(keys, "keys"), key_filter_given(args));
    json_decref(keys);
    return status;
}

static const struct option options[] = {
    KEY_FILTER_OPTIONS,
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
