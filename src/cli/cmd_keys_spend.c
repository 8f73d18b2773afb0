/* cmd_keys_spend.c - keyward keys spend: what a key may spend, and what is used of it. */
#include <stdio.h>

#include "cli/key_call.h"
#include "cli/output.h"
#include "cli/spend_show.h"
#include "cli/table.h"

enum { CELL = 64 };

static const struct {
    const char *member, *heading;
} limits[] = {{"perTransaction", "PER TRANSACTION"},
              {"perHour", "PER HOUR"},
              {"perDay", "PER DAY"},
              {"perMonth", "PER MONTH"}};

/* "1200.00 of 5000.00", of a window that counts. */
static void put_limit(const json_t *rule, const char *member, char out[CELL])
{
    const json_t *window = json_object_get(json_object_get(rule, "used"), member);
    const char *most = output_string(rule, member), *used = output_string(window, "used");
    const char *shown = most[0] == '\0' ? "any" : most;

    if (window == NULL)
        snprintf(out, CELL, "%s", shown);
    else
        snprintf(out, CELL, "%s of %s", used, shown);
}

static enum kw_err add_rule(struct table *t, const json_t *rule)
{
    char cells[COUNT_OF(limits)][CELL];
    const char *row[COUNT_OF(limits) + 1] = {output_string(rule, "currency")};

    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        put_limit(rule, limits[i].member, cells[i]);
        row[i + 1] = cells[i];
    }
    return table_add(t, row);
}

static enum kw_err put_limits(const json_t *rules, struct buf *out)
{
    AUTO(table_deinit) struct table t = {.n_columns = COUNT_OF(limits) + 1};
    const char *headings[COUNT_OF(limits) + 1] = {"CURRENCY"};

    for (size_t i = 0; i < COUNT_OF(limits); i++)
        headings[i + 1] = limits[i].heading;
    TRY(table_add(&t, headings));
    for (size_t i = 0; i < json_array_size(rules); i++)
        TRY(add_rule(&t, json_array_get(rules, i)));
    table_print(&t, out);
    return KW_OK;
}

static void put_list(const json_t *rule, const char *member, const char *behind, struct buf *out)
{
    const json_t *list = json_object_get(rule, member);

    for (size_t i = 0; i < json_array_size(list); i++)
        buf_printf(out, "%-10s%s%s\n", output_string(rule, "currency"),
                   json_string_value(json_array_get(list, i)), behind);
}

static void put_destinations(const json_t *rules, struct buf *out)
{
    for (size_t i = 0; i < json_array_size(rules); i++) {
        const json_t *rule = json_array_get(rules, i);
        put_list(rule, "destinations", "", out);
        put_list(rule, "prefixes", "… (whatever begins so)", out);
    }
}

enum exit_status spend_show(const struct command *self, const json_t *answer)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX), places = BUF_MAX(OUTPUT_MAX);
    const json_t *rules = json_object_get(answer, "rules");

    if (json_array_size(rules) == 0) {
        buf_printf(&text, "The key %s has no spend limits.\n", output_string(answer, "key"));
        return output_text(&text);
    }
    enum kw_err err = put_limits(rules, &text);
    put_destinations(rules, &places);
    buf_printf(&text, "\n%s", places.n == 0 ? "To anywhere.\n" : "May go to:\n");
    buf_str(&text, buf_view(&places));
    return err == KW_OK ? output_text(&text) : exit_say(EXIT_IO, self->name, "%s", kw_strerror(err));
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};

    enum exit_status status = key_call(self, args, "GET", "/spend-rules", NULL, NULL, &answer);
    if (status != EXIT_DONE)
        return status;
    return args_has(args, "json") ? output_json(answer.body) : spend_show(self, answer.body);
}

static const struct option options[] = {TALK_OPTIONS, {NULL}};

const struct command cmd_keys_spend = {
    .name = "keys spend",
    .operands = "ID",
    .n_operands = 1,
    .summary = "what a key may spend, and what is used of it",
    .options = options,
    .run = run,
};
