/* cmd_members.c - keyward members list, show, invite, link, change, remove. */
#include <stdio.h>

#include "cli/confirm.h"
#include "cli/listing.h"
#include "cli/member_call.h"
#include "cli/output.h"
#include "cli/where.h"

/* ---- list, show ---- */

static enum kw_err add_row(struct table *t, const json_t *m)
{
    bool is_operator = json_is_true(json_object_get(m, "operator"));
    bool has_totp = json_is_true(json_object_get(m, "totp"));
    char role[40];

    snprintf(role, sizeof role, "%s%s", output_string(m, "role"), is_operator ? ", operator" : "");
    const char *const cells[] = {output_string(m, "id"),
                                 output_string(m, "email"),
                                 output_string(m, "name"),
                                 output_string(m, "account"),
                                 role,
                                 output_string(m, "state"),
                                 has_totp ? "yes" : "no",
                                 output_string(m, "link")};
    return table_add(t, cells);
}

static enum exit_status list(const struct command *self, const struct args *args)
{
    static const char *const headings[] = {"ID",   "E-MAIL", "NAME", "ACCOUNT",
                                           "ROLE", "STATE",  "TOTP", "LINK"};
    static const struct listing l = {
        .name = "members",
        .headings = headings,
        .n_columns = COUNT_OF(headings),
        .add_row = add_row,
        .empty = "There are no members yet. This invites the first, who may then do everything:\n\n"
                 "  keyward members invite you@example.com --role owner --operator\n",
    };
    AUTO(buf_deinit) struct buf path = BUF_MAX(4096);

    buf_printf(&path, "/v1/members?limit=1000");
    if (args_has(args, "account"))
        client_add_query(&path, "account", str_from(args_value(args, "account")));
    return listing_show(self, args, &path, &l);
}

static enum exit_status show(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    struct member_id id;

    enum exit_status status = member_id_find(self, args, &id);
    if (status == EXIT_DONE)
        status = member_call(self, args, &id, &(struct client_request){.method = "GET"}, "", &answer);
    return status == EXIT_DONE ? member_tell(args, answer.body, "") : status;
}

/* ---- invite ---- */

/* The machine's administrators have no account of their own: theirs is main, as it is for keys. */
static json_t *invitation(const struct args *args)
{
    const char *account = args_value(args, "account");

    if (account == NULL && !where_is_url(args))
        account = "main";
    json_t *body =
        json_pack("{s:s, s:s, s:s*, s:s*}", "email", args->operands[0], "role",
                  args_value(args, "role"), "name", args_value(args, "name"), "account", account);
    if (args_has(args, "operator"))
        json_object_set_new(body, "operator", json_true());
    return body;
}

static enum exit_status invite(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};

    if (!args_has(args, "role"))
        return exit_say(EXIT_USAGE, self->name,
                        "--role is needed: viewer, developer, admin or owner");
    json_t *body = invitation(args);
    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "the values have to be UTF-8 text");
    const struct client_request r = {.method = "POST", .path = "/v1/members", .body = body};
    enum exit_status status = talk(self, args, &r, &answer);
    json_decref(body);
    return status == EXIT_DONE ? member_tell_link(args, answer.body) : status;
}

/* ---- link ---- */

/* Password and all go together: with one of them alone somebody might come in before the link is used. */
static enum exit_status forget(const struct command *self, const struct args *args,
                               const struct member_id *id)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    char question[200];

    snprintf(
        question, sizeof question,
        "Make password, one-time password and recovery codes of %.60s void, and end all sessions?",
        args->operands[0]);
    enum exit_status status = confirm(self, args, question);
    if (status != EXIT_DONE)
        return status;
    return member_call(self, args, id, &(struct client_request){.method = "DELETE"}, "/credentials",
                       &answer);
}

static enum exit_status make_link(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    const struct client_request r = {.method = "POST"};
    struct member_id id;

    enum exit_status status = member_id_find(self, args, &id);
    if (status == EXIT_DONE && args_has(args, "without-totp"))
        status = forget(self, args, &id);
    if (status == EXIT_DONE)
        status = member_call(self, args, &id, &r, "/link", &answer);
    return status == EXIT_DONE ? member_tell_link(args, answer.body) : status;
}

/* ---- remove ---- */

static enum exit_status remove_member(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    const struct client_request r = {.method = "DELETE"};
    struct member_id id;
    char question[320];

    enum exit_status status = member_id_find(self, args, &id);
    if (status != EXIT_DONE)
        return status;
    snprintf(question, sizeof question, "Remove the member %.254s? That is final.",
             args->operands[0]);
    status = confirm(self, args, question);
    if (status == EXIT_DONE)
        status = member_call(self, args, &id, &r, "", &answer);
    if (status != EXIT_DONE)
        return status;
    return member_tell(args, answer.body,
                       "Removed: no session, link or token works any more. The keys of the account "
                       "stay.");
}

static const struct option list_options[] = {
    {"account", "ID", false, "of this account"},
    TALK_OPTIONS,
    {NULL},
};

static const struct option show_options[] = {TALK_OPTIONS, {NULL}};

static const struct option invite_options[] = {
    {"role", "ROLE", false, "viewer, developer, admin or owner"},
    {"account", "ID", false, "whose member it will be; main otherwise, or the token's"},
    {"name", "TEXT", false, "what people call him or her"},
    {"operator", NULL, false, "may also run the whole installation"},
    TALK_OPTIONS,
    {NULL},
};

static const struct option link_options[] = {
    {"without-totp", NULL, false, "password, phone and recovery codes are void: all of them are lost"},
    CONFIRM_OPTION,
    TALK_OPTIONS,
    {NULL},
};

static const struct option remove_options[] = {CONFIRM_OPTION, TALK_OPTIONS, {NULL}};

const struct command cmd_members_list = {
    .name = "members list",
    .operands = "",
    .summary = "show who may sign in",
    .options = list_options,
    .run = list,
};

const struct command cmd_members_show = {
    .name = "members show",
    .operands = "ID",
    .n_operands = 1,
    .summary = "show one member",
    .about = "ID is an id or an e-mail address.",
    .options = show_options,
    .run = show,
};

const struct command cmd_members_invite = {
    .name = "members invite",
    .operands = "EMAIL",
    .n_operands = 1,
    .summary = "make a member and the link by which he comes in",
    .about =
        "A viewer sees keys, events, members and the policy; a developer also makes sandbox keys\n"
        "and tokens; an admin also production keys and members; an owner invites owners. The\n"
        "link can be used once, within seven days.",
    .options = invite_options,
    .run = invite,
};

const struct command cmd_members_link = {
    .name = "members link",
    .operands = "ID",
    .n_operands = 1,
    .summary = "make a new link: to come in, or for a new password",
    .about =
        "ID is an id or an e-mail address. An invitation is good for seven days, a link for a new\n"
        "password for an hour; one that was open is void. The one-time password stays and is "
        "asked\n"
        "for afterwards. Who has lost it with all recovery codes needs --without-totp, which\n"
        "administrators of the machine and operators may do.",
    .options = link_options,
    .run = make_link,
};

const struct command cmd_members_remove = {
    .name = "members remove",
    .operands = "ID",
    .n_operands = 1,
    .summary = "let a member in no more, for ever",
    .about = "ID is an id or an e-mail address. The keys of the account stay; an account keeps an "
             "owner.",
    .options = remove_options,
    .run = remove_member,
};
