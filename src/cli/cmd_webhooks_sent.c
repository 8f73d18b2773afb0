/* cmd_webhooks_sent.c - keyward webhooks events, test, deliveries, redeliver. */
#include <stdio.h>

#include "cli/listing.h"
#include "cli/output.h"
#include "cli/webhook_call.h"

/* ---- events ---- */

static enum exit_status events(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    const struct client_request r = {.method = "GET", .path = "/v1/webhook-events"};

    enum exit_status status = talk(self, args, &r, &answer);
    if (status != EXIT_DONE)
        return status;
    if (args_has(args, "json"))
        return output_json(answer.body);
    const json_t *list = json_object_get(answer.body, "events");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *e = json_array_get(list, i);
        buf_printf(&text, "%-27s%s\n", output_string(e, "type"), output_string(e, "text"));
    }
    return output_text(&text);
}

/* ---- test ---- */

static enum exit_status test(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    const struct client_request r = {.method = "POST"};

    enum exit_status status = webhook_check_id(self, args);
    if (status == EXIT_DONE)
        status = webhook_call(self, args, &r, "/test", &answer);
    if (status != EXIT_DONE)
        return status;
    if (args_has(args, "json"))
        return output_json(answer.body);
    buf_printf(&text,
               "A webhook.test is on its way, as %s. `keyward webhooks deliveries %s` shows what "
               "became of it.\n",
               output_string(answer.body, "event"), args->operands[0]);
    return output_text(&text);
}

/* ---- deliveries ---- */

/* The last try: "204 in 38 ms", or why not. */
static void last_try(const json_t *d, char *out, size_t size)
{
    const json_t *tries = json_object_get(d, "tries");
    const json_t *t = json_array_get(tries, json_array_size(tries) - 1);
    const char *error = output_string(t, "error");

    if (t == NULL)
        snprintf(out, size, "-");
    else if (error[0] == '\0')
        snprintf(out, size, "%lld in %lld ms", output_number(t, "status"),
                 output_number(t, "tookMs"));
    else if (output_number(t, "status") > 0)
        snprintf(out, size, "%lld: %s", output_number(t, "status"), error);
    else
        snprintf(out, size, "%s", error);
}

static enum kw_err add_delivery(struct table *t, const json_t *d)
{
    char said[200], tries[24];
    const char *next = output_string(d, "nextAt");

    last_try(d, said, sizeof said);
    snprintf(tries, sizeof tries, "%zu", json_array_size(json_object_get(d, "tries")));
    const char *const cells[] = {output_string(d, "event"),
                                 output_string(d, "type"),
                                 output_string(d, "createdAt"),
                                 output_string(d, "state"),
                                 tries,
                                 next[0] == '\0' ? "-" : next,
                                 said};
    return table_add(t, cells);
}

static enum exit_status deliveries(const struct command *self, const struct args *args)
{
    static const char *const headings[] = {"EVENT", "TYPE", "HAPPENED", "STATE",
                                           "TRIES", "NEXT", "LAST TIME"};
    static const struct listing l = {
        .name = "deliveries",
        .headings = headings,
        .n_columns = COUNT_OF(headings),
        .add_row = add_delivery,
        .has_whole_end = true,
        .empty = "Nothing was sent to it yet. `keyward webhooks test` sends something.\n",
    };
    AUTO(buf_deinit) struct buf path = BUF_MAX(4096);

    enum exit_status status = webhook_check_id(self, args);
    if (status != EXIT_DONE)
        return status;
    buf_printf(&path, "/v1/webhooks/%s/deliveries?limit=1000", args->operands[0]);
    return listing_show(self, args, &path, &l);
}

static enum exit_status redeliver(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    enum exit_status status = webhook_check_id(self, args);
    if (status != EXIT_DONE)
        return status;
    json_t *body = json_pack("{s:s}", "event", args->operands[1]);
    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "EVENT: it is evt_ and 18 digits");
    const struct client_request r = {.method = "POST", .body = body};
    status = webhook_call(self, args, &r, "/redeliver", &answer);
    json_decref(body);
    if (status != EXIT_DONE)
        return status;
    if (args_has(args, "json"))
        return output_json(answer.body);
    buf_printf(&text, "%s is on its way once more.\n", args->operands[1]);
    return output_text(&text);
}

/* ---- named ---- */

static const struct option options[] = {TALK_OPTIONS, {NULL}};

const struct command cmd_webhooks_events = {
    .name = "webhooks events",
    .operands = "",
    .summary = "list what webhooks can be told of",
    .options = options,
    .run = events,
};

const struct command cmd_webhooks_test = {
    .name = "webhooks test",
    .operands = "ID",
    .n_operands = 1,
    .summary = "send a test to a webhook",
    .options = options,
    .run = test,
};

const struct command cmd_webhooks_deliveries = {
    .name = "webhooks deliveries",
    .operands = "ID",
    .n_operands = 1,
    .summary = "show what was sent to a webhook, and what became of it",
    .about = "The newest first.",
    .options = options,
    .run = deliveries,
};

const struct command cmd_webhooks_redeliver = {
    .name = "webhooks redeliver",
    .operands = "ID EVENT",
    .n_operands = 2,
    .summary = "send an event to a webhook once more",
    .options = options,
    .run = redeliver,
};
