/* cmd_keys_change.c - keyward keys change. */
#include "cli/key_body.h"
#include "cli/key_call.h"

/* Reads the key and changes that very version of it: what somebody else did in between is not
 * undone. */
static enum exit_status change(const struct command *self, const struct args *args, const json_t *body)
{
    AUTO(client_answer_deinit) struct client_answer before = {0}, after = {0};

    enum exit_status status = key_call(self, args, "GET", "", NULL, NULL, &before);
    if (status != EXIT_DONE)
        return status;
    status = key_call(self, args, "PATCH", "", body, before.etag, &after);
    if (status != EXIT_DONE)
        return status;
    return key_tell(args, &after, "Changed; in force for every request from now on.");
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    json_t *body = key_body(args);

    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "the values have to be UTF-8 text");
    enum exit_status status =
        json_object_size(body) == 0
            ? exit_say(EXIT_USAGE, self->name,
                       "nothing is to be changed: give at least one option; see `keyward help %s`",
                       self->name)
            : change(self, args, body);
    json_decref(body);
    return status;
}

static const struct option options[] = {
    {"name", "TEXT", false, "what people call it"},
    KEY_BODY_OPTIONS,
    TALK_OPTIONS,
    {NULL},
};

const struct command cmd_keys_change = {
    .name = "keys change",
    .operands = "ID",
    .n_operands = 1,
    .summary = "change what a key may do",
    .about = "What is not named stays as it is. --permission and --allow-ip replace the whole set.",
    .options = options,
    .run = run,
};
