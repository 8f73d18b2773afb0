/* cmd_webhooks.c - keyward webhooks list, show, create, change, rotate-secret, remove. */
#include <stdio.h>

#include "cli/confirm.h"
#include "cli/listing.h"
#include "cli/output.h"
#include "cli/webhook_call.h"

/* ---- list ---- */

static enum kw_err add_row(struct table *t, const json_t *w)
{
    AUTO(buf_deinit) struct buf events = BUF_MAX(4096);
    const char *account = output_string(w, "account");
    char waiting[24];

    snprintf(waiting, sizeof waiting, "%lld", output_number(w, "pending"));
    output_list(&events, json_object_get(w, "events"), "nothing");
    buf_add(&events, "", 1);
    if (events.failed)
        return KW_ENOMEM;
    const char *const cells[] = {output_string(w, "id"),
                                 output_string(w, "state"),
                                 output_string(w, "url"),
                                 output_string(w, "name"),
                                 account[0] == '\0' ? "all" : account,
                                 waiting,
                                 events.p};
    return table_add(t, cells);
}

static enum exit_status list(const struct command *self, const struct args *args)
{
    static const char *const headings[] = {"ID",      "STATE",   "URL",    "NAME",
                                           "ACCOUNT", "WAITING", "TOLD OF"};
    static const struct listing l = {
        .name = "webhooks",
        .headings = headings,
        .n_columns = COUNT_OF(headings),
        .add_row = add_row,
        .empty = "There are no webhooks. This makes one:\n\n"
                 "  keyward webhooks create --to https://hooks.example.com/keyward\n",
    };
    AUTO(buf_deinit) struct buf path = BUF_MAX(4096);

    buf_printf(&path, "/v1/webhooks?limit=1000");
    if (args_has(args, "account"))
        client_add_query(&path, "account", str_from(args_value(args, "account")));
    return listing_show(self, args, &path, &l);
}

/* ---- made ---- */

static enum exit_status create(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};

    if (!args_has(args, "to"))
        return exit_say(EXIT_USAGE, self->name, "--to is needed; see `keyward help %s`", self->name);
    json_t *body = json_pack("{s:s, s:s*, s:o*, s:s*}", "url", args_value(args, "to"), "name",
                             args_value(args, "name"), "events", webhook_events_of(args), "account",
                             args_value(args, "account"));
    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "the values have to be UTF-8 text");
    const struct client_request r = {.method = "POST", .path = "/v1/webhooks", .body = body};
    enum exit_status status = talk(self, args, &r, &answer);
    json_decref(body);
    return status == EXIT_DONE ? webhook_tell(args, answer.body, NULL) : status;
}

/* ---- one ---- */

static enum exit_status show(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};

    enum exit_status status = webhook_check_id(self, args);
    if (status == EXIT_DONE)
        status = webhook_call(self, args, &(struct client_request){.method = "GET"}, "", &answer);
    return status == EXIT_DONE ? webhook_tell(args, answer.body, NULL) : status;
}

/* That very version which was read: what somebody else did in between is not undone. */
static enum exit_status send_change(const struct command *self, const struct args *args,
                                    const json_t *body)
{
    AUTO(client_answer_deinit) struct client_answer before = {0}, after = {0};

    enum exit_status status =
        webhook_call(self, args, &(struct client_request){.method = "GET"}, "", &before);
    if (status != EXIT_DONE)
        return status;
    const struct client_request r = {.method = "PATCH", .body = body, .if_match = before.etag};
    status = webhook_call(self, args, &r, "", &after);
    return status == EXIT_DONE ? webhook_tell(args, after.body, "Changed.") : status;
}

static enum exit_status change(const struct command *self, const struct args *args)
{
    enum exit_status status = webhook_check_id(self, args);

    if (status != EXIT_DONE)
        return status;
    json_t *body = json_pack("{s:s*, s:s*, s:s*, s:o*}", "url", args_value(args, "to"), "name",
                             args_value(args, "name"), "state", args_value(args, "state"), "events",
                             webhook_events_of(args));
    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "the values have to be UTF-8 text");
    status = json_object_size(body) == 0
                 ? exit_say(EXIT_USAGE, self->name,
                            "nothing is to be changed: give --to, --name, --event or --state")
                 : send_change(self, args, body);
    json_decref(body);
    return status;
}

static enum exit_status rotate(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    const struct client_request r = {.method = "POST"};

    enum exit_status status = webhook_check_id(self, args);
    if (status == EXIT_DONE)
        status = webhook_call(self, args, &r, "/rotate-secret", &answer);
    return status == EXIT_DONE
               ? webhook_tell(args, answer.body, "Rotated: for 24 hours both secrets sign.")
               : status;
}

static enum exit_status remove_one(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    char question[120];

    enum exit_status status = webhook_check_id(self, args);
    if (status != EXIT_DONE)
        return status;
    snprintf(question, sizeof question, "Remove the webhook %s? What waits for it is given up.",
             args->operands[0]);
    status = confirm(self, args, question);
    if (status == EXIT_DONE)
        status = webhook_call(self, args, &(struct client_request){.method = "DELETE"}, "", &answer);
    return status == EXIT_DONE ? webhook_tell(args, answer.body, "Removed.") : status;
}

/* ---- named ---- */

static const struct option list_options[] = {
    {"account", "ID", false, "of this account"},
    TALK_OPTIONS,
    {NULL},
};
static const struct option create_options[] = {
    {"to", "URL", false, "where deliveries go: https://, and a public host"},
    {"name", "TEXT", false, "what people call it"},
    {"event", "TYPE", true, "told of this; of everything otherwise"},
    {"account", "ID", false, "told of this account alone; of all of them otherwise"},
    TALK_OPTIONS,
    {NULL},
};
static const struct option change_options[] = {
    {"to", "URL", false, "where deliveries go from now on"},
    {"name", "TEXT", false, "what people call it"},
    {"event", "TYPE", true, "told of this, and of nothing that is not named; * is everything"},
    {"state", "WORD", false, "active or disabled"},
    TALK_OPTIONS,
    {NULL},
};
static const struct option one_options[] = {TALK_OPTIONS, {NULL}};
static const struct option remove_options[] = {CONFIRM_OPTION, TALK_OPTIONS, {NULL}};

const struct command cmd_webhooks_list = {
    .name = "webhooks list",
    .operands = "",
    .summary = "show the webhooks",
    .about = "The newest first.",
    .options = list_options,
    .run = list,
};

const struct command cmd_webhooks_show = {
    .name = "webhooks show",
    .operands = "ID",
    .n_operands = 1,
    .summary = "show a webhook, and how it fares",
    .options = one_options,
    .run = show,
};

const struct command cmd_webhooks_create = {
    .name = "webhooks create",
    .operands = "",
    .summary = "make a webhook and show its secret, once",
    .about = "`keyward webhooks events` lists what there is to be told of.",
    .options = create_options,
    .run = create,
};

const struct command cmd_webhooks_change = {
    .name = "webhooks change",
    .operands = "ID",
    .n_operands = 1,
    .summary = "change where a webhook leads, and what it is told of",
    .about =
        "What is not named stays as it is. Disabled, it is told of nothing, and what waits is\n"
        "given up.",
    .options = change_options,
    .run = change,
};

const struct command cmd_webhooks_rotate_secret = {
    .name = "webhooks rotate-secret",
    .operands = "ID",
    .n_operands = 1,
    .summary = "give a webhook a new secret and show it, once",
    .about = "For 24 hours both sign.",
    .options = one_options,
    .run = rotate,
};

const struct command cmd_webhooks_remove = {
    .name = "webhooks remove",
    .operands = "ID",
    .n_operands = 1,
    .summary = "remove a webhook",
    .options = remove_options,
    .run = remove_one,
};
