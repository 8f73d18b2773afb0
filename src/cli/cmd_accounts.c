/* cmd_accounts.c - keyward accounts create, list. */
#include "cli/listing.h"
#include "cli/output.h"

static enum exit_status create(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    json_t *body =
        json_pack("{s:s, s:s*}", "id", args->operands[0], "name", args_value(args, "name"));

    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "id and name have to be UTF-8 text");
    const struct client_request r = {.method = "POST", .path = "/v1/accounts", .body = body};
    enum exit_status status = talk(self, args, &r, &answer);
    json_decref(body);
    if (status != EXIT_DONE)
        return status;
    if (args_has(args, "json"))
        return output_json(answer.body);
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    buf_printf(&text, "Created the account \"%s\".\n", output_string(answer.body, "id"));
    return output_text(&text);
}

static const struct option create_options[] = {
    {"name", "TEXT", false, "what people call it; the id otherwise"},
    TALK_OPTIONS,
    {NULL},
};

const struct command cmd_accounts_create = {
    .name = "accounts create",
    .operands = "ID",
    .n_operands = 1,
    .summary = "make an account, to which keys belong",
    .about = "An id is 1 to 40 of a-z, 0-9 and '-', a letter first.",
    .options = create_options,
    .run = create,
};

static enum kw_err add_row(struct table *t, const json_t *a)
{
    const char *const cells[] = {output_string(a, "id"), output_string(a, "name"),
                                 output_string(a, "state"), output_string(a, "createdAt")};

    return table_add(t, cells);
}

static enum exit_status list(const struct command *self, const struct args *args)
{
    static const char *const headings[] = {"ID", "NAME", "STATE", "CREATED"};
    static const struct listing l = {
        .name = "accounts",
        .headings = headings,
        .n_columns = COUNT_OF(headings),
        .add_row = add_row,
        .empty = "There are no accounts. `keyward accounts create ID` makes one.\n",
    };
    AUTO(buf_deinit) struct buf path = BUF_MAX(4096);

    buf_printf(&path, "/v1/accounts?limit=1000");
    return listing_show(self, args, &path, &l);
}

static const struct option list_options[] = {TALK_OPTIONS, {NULL}};

const struct command cmd_accounts_list = {
    .name = "accounts list",
    .operands = "",
    .summary = "show the accounts",
    .options = list_options,
    .run = list,
};
