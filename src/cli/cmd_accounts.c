/* cmd_accounts.c - keyward accounts create, list. */
#include "cli/output.h"
#include "cli/table.h"
#include "cli/talk.h"

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

static enum exit_status print(const json_t *accounts)
{
    AUTO(table_deinit) struct table t = {.n_columns = 4};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    const char *const headings[] = {"ID", "NAME", "STATE", "CREATED"};

    enum kw_err err = table_add(&t, headings);
    for (size_t i = 0; i < json_array_size(accounts) && err == KW_OK; i++) {
        const json_t *a = json_array_get(accounts, i);
        const char *const cells[] = {output_string(a, "id"), output_string(a, "name"),
                                     output_string(a, "state"), output_string(a, "createdAt")};
        err = table_add(&t, cells);
    }
    if (json_array_size(accounts) == 0)
        buf_printf(&text, "There are no accounts. `keyward accounts create ID` makes one.\n");
    else
        table_print(&t, &text);
    text.failed = text.failed || err != KW_OK;
    return output_text(&text);
}

static enum exit_status list(const struct command *self, const struct args *args)
{
    AUTO(buf_deinit) struct buf path = BUF_MAX(4096);
    json_t *accounts = NULL;

    buf_printf(&path, "/v1/accounts?limit=1000");
    enum exit_status status = talk_pages(self, args, &path, "accounts", &accounts);
    if (status != EXIT_DONE)
        return status;
    status = args_has(args, "json") ? output_json(accounts)
                                    : print(json_object_get(accounts, "accounts"));
    json_decref(accounts);
    return status;
}

static const struct option list_options[] = {TALK_OPTIONS, {NULL}};

const struct command cmd_accounts_list = {
    .name = "accounts list",
    .operands = "",
    .summary = "show the accounts",
    .options = list_options,
    .run = list,
};
