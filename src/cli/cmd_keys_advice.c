/* cmd_keys_advice.c - keyward keys advice: what a key could do without, and taking it away. */
#include <stdlib.h>

#include "cli/confirm.h"
#include "cli/key_call.h"
#include "cli/output.h"

/* ---- shown ---- */

static void put_item(const json_t *item, struct buf *out)
{
    char *change = json_dumps(json_object_get(item, "change"), JSON_COMPACT);

    buf_printf(out, "\n%s\n  %s\n  %s\n  Change: %s\n", output_string(item, "kind"),
               output_string(item, "why"), output_string(item, "breaks"),
               change == NULL ? "" : change);
    free(change);
}

static void put_none(const json_t *advice, struct buf *out)
{
    const char *ready = output_string(advice, "readyAt");

    if (ready[0] != '\0')
        buf_printf(out, "\nIt is too early for advice: ask again on %.10s.\n", ready);
    else
        buf_printf(out, "\nThere is nothing to advise.\n");
}

static enum exit_status show(const json_t *advice)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    const json_t *items = json_object_get(advice, "items");
    const char *last = output_string(advice, "lastUsedDay");

    output_line(&text, "Key", output_string(advice, "key"));
    buf_printf(&text, "%-13s%lld that got through since %.10s, the last on %s\n", "Requests",
               output_number(advice, "requests"), output_string(advice, "since"),
               last[0] == '\0' ? "none" : last);
    for (size_t i = 0; i < json_array_size(items); i++)
        put_item(json_array_get(items, i), &text);
    if (json_array_size(items) == 0)
        put_none(advice, &text);
    return output_text(&text);
}

/* ---- applied ---- */

/* {"kinds": […]}; NULL: one is no text, or there is no memory. */
static json_t *kinds_of(const struct args *args)
{
    json_t *list = json_array();
    const char *kind;
    size_t at = 0;

    while ((kind = args_next(args, "apply", &at)) != NULL)
        if (json_array_append_new(list, json_string(kind)) != 0) {
            json_decref(list);
            return NULL;
        }
    return json_pack("{s:o}", "kinds", list);
}

/* To that very version of the key that the advice was read of. */
static enum exit_status apply(const struct command *self, const struct args *args,
                              const struct client_answer *advice)
{
    AUTO(client_answer_deinit) struct client_answer after = {0};

    enum exit_status status = confirm(self, args, "Apply this to the key now? It only takes away.");
    if (status != EXIT_DONE)
        return status;
    json_t *body = kinds_of(args);
    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "--apply has to be UTF-8 text");
    status = key_call(self, args, "POST", "/advice/apply", body, advice->etag, &after);
    json_decref(body);
    return status != EXIT_DONE
               ? status
               : key_tell(args, &after, "Applied; in force for every request from now on.");
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer advice = {0};
    bool is_applied = args_has(args, "apply");

    enum exit_status status = key_call(self, args, "GET", "/advice", NULL, NULL, &advice);
    if (status == EXIT_DONE && (!is_applied || !args_has(args, "yes")) && !args_has(args, "json"))
        status = show(advice.body);
    if (status == EXIT_DONE && is_applied)
        return apply(self, args, &advice);
    return status == EXIT_DONE && args_has(args, "json") ? output_json(advice.body) : status;
}

static const struct option options[] = {
    {"apply", "KIND", true,
     "take it away: smaller_permissions, addresses, expiry or unused; may be given several times"},
    CONFIRM_OPTION,
    TALK_OPTIONS,
    {NULL},
};

const struct command cmd_keys_advice = {
    .name = "keys advice",
    .operands = "ID",
    .n_operands = 1,
    .summary = "what a key could do without, by what it did",
    .about =
        "From its last 60 days on the record: a smaller permission, the networks that it comes\n"
        "from, an expiry, an end where nobody uses it. Nothing is advised before it was watched\n"
        "for 14 days.",
    .options = options,
    .run = run,
};
