/* cmd_keys_create.c - keyward keys create. */
#include "cli/key_body.h"
#include "cli/key_show.h"
#include "cli/output.h"
#include "cli/talk.h"

static enum exit_status print(const json_t *key)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    const char *secret = output_string(key, "secret");

    buf_room(&text, 8192); /* so that the key is not copied while the text grows */
    key_show(key, &text);
    buf_printf(&text, "\n%s\n\n", secret);
    buf_printf(
        &text,
        "This is the key. It is shown once, now, and kept nowhere: put it where the program\n"
        "that uses it will find it.\n\nexport MONEI_API_KEY=%s\n",
        secret);
    return output_text(&text);
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};

    if (!args_has(args, "name") || !args_has(args, "environment"))
        return exit_say(EXIT_USAGE, self->name,
                        "--name and --environment are needed; see `keyward help %s`", self->name);
    json_t *body = key_body(args);
    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "the values have to be UTF-8 text");
    if (!args_has(args, "account"))
        json_object_set_new(body, "account", json_string("main"));
    const struct client_request r = {.method = "POST", .path = "/v1/keys", .body = body};
    enum exit_status status = talk(self, args, &r, &answer);
    json_decref(body);
    if (status != EXIT_DONE)
        return status;
    return args_has(args, "json") ? output_json(answer.body) : print(answer.body);
}

static const struct option options[] = {
    {"name", "TEXT", false, "what people call it"},
    {"environment", "NAME", false, "sandbox or production"},
    {"account", "ID", false, "to whom it belongs; main otherwise"},
    KEY_BODY_OPTIONS,
    TALK_OPTIONS,
    {NULL},
};

const struct command cmd_keys_create = {
    .name = "keys create",
    .operands = "",
    .summary = "make a key and show it, once",
    .about =
        "--name and --environment are needed. Without --permission the key is read_only; without\n"
        "--rate it may make 600 requests a minute, 60 of them at once; it does not expire, has no\n"
        "quota, may be used from everywhere, and is to be rotated after 90 days.",
    .options = options,
    .run = run,
};
