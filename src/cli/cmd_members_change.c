/* cmd_members_change.c - keyward members change. */
#include "cli/member_call.h"
#include "cli/output.h"

static enum exit_status add_operator(const struct command *self, const struct args *args, json_t *body)
{
    const char *value = args_value(args, "operator");

    if (value == NULL)
        return EXIT_DONE;
    bool is_yes = strcmp(value, "yes") == 0;
    if (!is_yes && strcmp(value, "no") != 0)
        return exit_say(EXIT_DATA, self->name, "--operator: yes or no");
    json_object_set_new(body, "operator", json_boolean(is_yes));
    return EXIT_DONE;
}

/* That very version of him which was read: what somebody else did in between is not undone. */
static enum exit_status send(const struct command *self, const struct args *args, const json_t *body)
{
    AUTO(client_answer_deinit) struct client_answer before = {0}, after = {0};
    struct member_id id;

    enum exit_status status = member_id_find(self, args, &id);
    if (status == EXIT_DONE)
        status = member_call(self, args, &id, &(struct client_request){.method = "GET"}, "", &before);
    if (status != EXIT_DONE)
        return status;
    const struct client_request r = {.method = "PATCH", .body = body, .if_match = before.etag};
    status = member_call(self, args, &id, &r, "", &after);
    return status == EXIT_DONE ? member_tell(args, after.body, "Changed.") : status;
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    json_t *body = json_pack("{s:s*, s:s*}", "name", args_value(args, "name"), "role",
                             args_value(args, "role"));

    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "the values have to be UTF-8 text");
    enum exit_status status = add_operator(self, args, body);
    if (status == EXIT_DONE && json_object_size(body) == 0)
        status = exit_say(EXIT_USAGE, self->name,
                          "nothing is to be changed: give --role, --name or --operator");
    if (status == EXIT_DONE)
        status = send(self, args, body);
    json_decref(body);
    return status;
}

static const struct option options[] = {
    {"role", "ROLE", false, "viewer, developer, admin or owner"},
    {"name", "TEXT", false, "what people call him or her"},
    {"operator", "YES|NO", false, "yes or no: runs the whole installation, too"},
    TALK_OPTIONS,
    {NULL},
};

const struct command cmd_members_change = {
    .name = "members change",
    .operands = "ID",
    .n_operands = 1,
    .summary = "change what a member may do, or his name",
    .about =
        "ID is an id or an e-mail address. What is not named stays as it is; an account keeps an "
        "owner.",
    .options = options,
    .run = run,
};
