/* webhook_call.c - see webhook_call.h. */
#include "cli/webhook_call.h"

#include <stdio.h>

#include "cli/output.h"
#include "core/key.h"
#include "json/json_out.h"

enum exit_status webhook_check_id(const struct command *self, const struct args *args)
{
    if (key_id_ok(str_from(args->operands[0])))
        return EXIT_DONE;
    return exit_say(EXIT_DATA, self->name,
                    "ID: it is 14 letters and digits; `keyward webhooks list` shows the ids");
}

enum exit_status webhook_call(const struct command *self, const struct args *args,
                              const struct client_request *r, const char *step,
                              struct client_answer *out)
{
    struct client_request whole = *r;
    char path[96];

    snprintf(path, sizeof path, "/v1/webhooks/%s%s", args->operands[0], step);
    whole.path = path;
    return talk(self, args, &whole, out);
}

static const char *or_else(const json_t *w, const char *member, const char *otherwise)
{
    const char *text = output_string(w, member);

    return text[0] == '\0' ? otherwise : text;
}

static void print_health(const json_t *w, struct buf *out)
{
    const char *since = output_string(w, "failingSince");

    buf_printf(out, "%-13s%lld\n", "Waiting", output_number(w, "pending"));
    if (output_number(w, "givenUp") > 0)
        buf_printf(out, "%-13s%lld, because too many waited\n", "Given up",
                   output_number(w, "givenUp"));
    if (since[0] != '\0')
        output_line(out, "Fails since", since);
}

static void print(const json_t *w, struct buf *out)
{
    const char *why = output_string(w, "why"), *old = output_string(w, "oldSecretEndsAt");

    output_line(out, "Id", output_string(w, "id"));
    output_line(out, "Name", or_else(w, "name", "-"));
    output_line(out, "URL", output_string(w, "url"));
    output_line(out, "Account", or_else(w, "account", "all"));
    buf_printf(out, "%-13s%s%s%s\n", "State", output_string(w, "state"), why[0] == '\0' ? "" : ": ",
               why);
    buf_printf(out, "%-13s", "Told of");
    output_list(out, json_object_get(w, "events"), "nothing");
    buf_printf(out, "\n");
    if (old[0] != '\0')
        output_line(out, "Old secret", old);
    print_health(w, out);
    buf_printf(out, "%-13s%s by %s\n", "Created", output_string(w, "createdAt"),
               output_string(w, "createdBy"));
}

static void print_secret(const char *secret, struct buf *out)
{
    buf_printf(out,
               "\n%s\n\n"
               "This is the secret with which deliveries are signed. It is shown once, now. How a\n"
               "receiver verifies them: docs/webhooks.md.\n",
               secret);
}

enum exit_status webhook_tell(const struct args *args, const json_t *webhook, const char *sentence)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    const char *secret = output_string(webhook, "secret");

    if (args_has(args, "json"))
        return output_json(webhook);
    buf_room(&text, 8192); /* so that the secret is not copied while the text grows */
    if (sentence != NULL)
        buf_printf(&text, "%s\n\n", sentence);
    print(webhook, &text);
    if (secret[0] != '\0')
        print_secret(secret, &text);
    return output_text(&text);
}

json_t *webhook_events_of(const struct args *args)
{
    json_t *list = json_array();
    size_t at = 0;

    if (!args_has(args, "event")) {
        json_decref(list);
        return NULL;
    }
    for (const char *e; (e = args_next(args, "event", &at)) != NULL;)
        json_out_append(&list, json_string(e));
    return list;
}
