/* cmd_tokens.c - keyward tokens list, create, revoke: management tokens, with which programs make the calls of the API. */
#include <stdio.h>

#include "cli/confirm.h"
#include "cli/listing.h"
#include "cli/output.h"
#include "core/key.h"
#include "core/role.h"
#include "json/json_out.h"

/* ---- list ---- */

static const char *or_else(const json_t *token, const char *member, const char *otherwise)
{
    const char *text = output_string(token, member);

    return text[0] == '\0' ? otherwise : text;
}

static enum kw_err add_row(struct table *t, const json_t *token)
{
    AUTO(buf_deinit) struct buf scopes = BUF_MAX(512);
    char expires[OUTPUT_DAY_LEN + 1], used[OUTPUT_DAY_LEN + 1];

    output_day(token, "expires", expires);
    output_day(token, "lastUsedAt", used);
    output_list(&scopes, json_object_get(token, "scopes"), "none");
    buf_add(&scopes, "", 1);
    if (scopes.failed)
        return KW_ENOMEM;
    const char *const cells[] = {output_string(token, "id"),
                                 output_string(token, "name"),
                                 or_else(token, "account", "all"),
                                 or_else(token, "member", "-"),
                                 scopes.p,
                                 output_string(token, "state"),
                                 expires,
                                 used};
    return table_add(t, cells);
}

static enum exit_status list(const struct command *self, const struct args *args)
{
    static const char *const headings[] = {"ID",     "NAME",  "ACCOUNT", "MEMBER",
                                           "SCOPES", "STATE", "EXPIRES", "LAST USED"};
    static const struct listing l = {
        .name = "tokens",
        .headings = headings,
        .n_columns = COUNT_OF(headings),
        .add_row = add_row,
        .empty = "There are no management tokens. This makes one:\n\n"
                 "  keyward tokens create --name deploy --scope keys:read --expires 90d\n",
    };
    AUTO(buf_deinit) struct buf path = BUF_MAX(4096);

    buf_printf(&path, "/v1/management-tokens?limit=1000");
    if (args_has(args, "account"))
        client_add_query(&path, "account", str_from(args_value(args, "account")));
    return listing_show(self, args, &path, &l);
}

/* ---- create ---- */

static void show(const json_t *token, struct buf *out)
{
    output_line(out, "Id", output_string(token, "id"));
    output_line(out, "Name", output_string(token, "name"));
    output_line(out, "Account", or_else(token, "account", "all"));
    output_line(out, "State", output_string(token, "state"));
    buf_printf(out, "%-13s", "Scopes");
    output_list(out, json_object_get(token, "scopes"), "none");
    buf_printf(out, "\n");
    output_line(out, "Expires", or_else(token, "expires", "never"));
    buf_printf(out, "%-13s%s by %s\n", "Created", output_string(token, "createdAt"),
               output_string(token, "createdBy"));
}

static enum exit_status print_new(const json_t *token)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    buf_room(&text, 8192); /* so that the token is not copied while the text grows */
    show(token, &text);
    buf_printf(&text, "\n%s\n\n", output_string(token, "secret"));
    buf_printf(
        &text,
        "This is the token. It is shown once, now, and kept nowhere. `keyward` on another\n"
        "machine finds it in a file that nobody else may read (chmod 600):\n\n"
        "export KEYWARD_URL=https://keyward.example.com KEYWARD_TOKEN_FILE=~/.keyward-token\n");
    return output_text(&text);
}

static json_t *new_token(const struct args *args)
{
    json_t *scopes = json_array();
    size_t at = 0;

    for (const char *s; (s = args_next(args, "scope", &at)) != NULL;)
        json_out_append(&scopes, json_string(s));
    return json_pack("{s:s, s:s, s:o, s:s*}", "name", args_value(args, "name"), "expires",
                     args_value(args, "expires"), "scopes", scopes, "account",
                     args_value(args, "account"));
}

static enum exit_status create(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};

    if (!args_has(args, "name") || !args_has(args, "scope") || !args_has(args, "expires"))
        return exit_say(EXIT_USAGE, self->name,
                        "--name, --scope and --expires are needed; see `keyward help %s`",
                        self->name);
    json_t *body = new_token(args);
    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "the values have to be UTF-8 text");
    const struct client_request r = {.method = "POST", .path = "/v1/management-tokens", .body = body};
    enum exit_status status = talk(self, args, &r, &answer);
    json_decref(body);
    if (status != EXIT_DONE)
        return status;
    return args_has(args, "json") ? output_json(answer.body) : print_new(answer.body);
}

/* ---- revoke ---- */

static enum exit_status check_revocation(const struct command *self, const struct args *args)
{
    const char *id = args->operands[0];
    char question[120];

    if (!key_id_ok(str_from(id)))
        return exit_say(EXIT_DATA, self->name,
                        "ID: it is 14 letters and digits; `keyward tokens list` shows the ids");
    snprintf(question, sizeof question, "Revoke the management token %s? That is final.", id);
    return confirm(self, args, question);
}

static enum exit_status revoke(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    char path[80];

    enum exit_status status = check_revocation(self, args);
    if (status != EXIT_DONE)
        return status;
    snprintf(path, sizeof path, "/v1/management-tokens/%s/revoke", args->operands[0]);
    status = talk(self, args, &(struct client_request){.method = "POST", .path = path}, &answer);
    if (status != EXIT_DONE)
        return status;
    if (args_has(args, "json"))
        return output_json(answer.body);
    buf_printf(&text, "Revoked: refused from now on, for ever.\n\n");
    show(answer.body, &text);
    return output_text(&text);
}

static const struct option list_options[] = {
    {"account", "ID", false, "of this account"},
    TALK_OPTIONS,
    {NULL},
};

static const struct option create_options[] = {
    {"name", "TEXT", false, "what people call it"},
    {"scope", "SCOPE", true, "what it may do; the scopes are above"},
    {"expires", "WHEN", false, "90d, 2030-01-31 or 2030-01-31T12:00:00Z, or never"},
    {"account", "ID", false, "may see and do nothing elsewhere; all of them otherwise"},
    TALK_OPTIONS,
    {NULL},
};

static const struct option revoke_options[] = {CONFIRM_OPTION, TALK_OPTIONS, {NULL}};

const struct command cmd_tokens_list = {
    .name = "tokens list",
    .operands = "",
    .summary = "show the management tokens",
    .options = list_options,
    .run = list,
};

#define X(symbol, bit, word, least) "\n  " word

const struct command cmd_tokens_create = {
    .name = "tokens create",
    .operands = "",
    .summary = "make a management token and show it, once",
    .about =
        "With it a program, or `keyward` on another machine, makes the calls of the management\n"
        "API. --name, --scope and --expires are needed. The scopes are:\n" ROLE_SCOPES(X),
    .options = create_options,
    .run = create,
};
#undef X

const struct command cmd_tokens_revoke = {
    .name = "tokens revoke",
    .operands = "ID",
    .n_operands = 1,
    .summary = "refuse a management token for ever",
    .options = revoke_options,
    .run = revoke,
};
