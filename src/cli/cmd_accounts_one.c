/* cmd_accounts_one.c - keyward accounts show, change, suspend, resume. */
#include <stdio.h>

#include "cli/account_limits.h"
#include "cli/key_body.h"
#include "cli/output.h"
#include "cli/talk.h"
#include "core/grant.h"

static enum exit_status call(const struct command *self, const struct args *args,
                             const struct client_request *request, const char *behind,
                             struct client_answer *out)
{
    const char *id = args->operands[0];
    struct client_request r = *request;
    char path[64 + KW_ACCOUNT_MAX];

    if (account_id_check(str_from(id)) != KW_OK)
        return exit_say(EXIT_DATA, self->name,
                        "ID: it is 1 to %d of a-z, 0-9 and '-', a letter first; `keyward accounts "
                        "list` shows the ids",
                        KW_ACCOUNT_MAX);
    snprintf(path, sizeof path, "/v1/accounts/%s%s", id, behind);
    r.path = path;
    return talk(self, args, &r, out);
}

static enum exit_status tell(const struct args *args, const json_t *account, const char *sentence)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    if (args_has(args, "json"))
        return output_json(account);
    if (sentence[0] != '\0')
        buf_printf(&text, "%s\n\n", sentence);
    output_line(&text, "Id", output_string(account, "id"));
    output_line(&text, "Name", output_string(account, "name"));
    output_line(&text, "State", output_string(account, "state"));
    if (strcmp(output_string(account, "frozen"), "nothing") != 0)
        output_line(&text, "Frozen", output_string(account, "frozen"));
    buf_printf(&text, "%-13s", "Addresses");
    output_list(&text, json_object_get(account, "allowIp"), "all");
    buf_printf(&text, "\n");
    account_limits_print(account, &text);
    output_line(&text, "Created", output_string(account, "createdAt"));
    buf_printf(&text, "%-13s%lld\n", "Version", output_number(account, "version"));
    return output_text(&text);
}

/* ---- show, suspend, resume ---- */

static enum exit_status step(const struct command *self, const struct args *args,
                             const char *method, const char *behind, const char *sentence)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    const struct client_request r = {.method = method};

    enum exit_status status = call(self, args, &r, behind, &answer);
    return status == EXIT_DONE ? tell(args, answer.body, sentence) : status;
}

static enum exit_status show(const struct command *self, const struct args *args)
{
    return step(self, args, "GET", "", "");
}

static enum exit_status suspend(const struct command *self, const struct args *args)
{
    return step(self, args, "POST", "/suspend",
                "Suspended: all its keys are refused from now on, until it is resumed.");
}

static enum exit_status resume(const struct command *self, const struct args *args)
{
    return step(self, args, "POST", "/resume", "Resumed: its keys are accepted from now on.");
}

/* ---- change ---- */

/* That very version of it which was read: what somebody else did in between is not undone. */
static enum exit_status send(const struct command *self, const struct args *args, json_t *body)
{
    AUTO(client_answer_deinit) struct client_answer before = {0}, after = {0};

    enum exit_status status =
        call(self, args, &(struct client_request){.method = "GET"}, "", &before);
    if (status != EXIT_DONE)
        return status;
    if (account_limits_given(args) && !account_limits_add(body, args, before.body))
        return exit_say(EXIT_DATA, self->name, "the values have to be UTF-8 text");
    const struct client_request r = {.method = "PATCH", .body = body, .if_match = before.etag};
    status = call(self, args, &r, "", &after);
    return status == EXIT_DONE ? tell(args, after.body, "Changed.") : status;
}

static enum exit_status change(const struct command *self, const struct args *args)
{
    json_t *body = key_body(args);
    enum exit_status status = EXIT_DONE;

    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "the values have to be UTF-8 text");
    if (json_object_size(body) == 0 && !account_limits_given(args))
        status = exit_say(EXIT_USAGE, self->name,
                          "nothing is to be changed: give --name, --allow-ip, --default-rate or "
                          "--default-quota");
    else
        status = send(self, args, body);
    json_decref(body);
    return status;
}

static const struct option talk_options[] = {TALK_OPTIONS, {NULL}};

static const struct option change_options[] = {
    {"name", "TEXT", false, "what people call it"},
    {"allow-ip", "RULE", true,
     "whence all its keys may be used: 10.8.0.0/16, or 10.8.0.0/16=transact,manage; none"},
    {"default-rate", "[PERMISSION=]RATE", true,
     "of new keys that are given none: 600/min, full_access=60/min; none; unset"},
    {"default-quota", "[PERMISSION=]QUOTA", true,
     "of new keys that are given none: 1000/day, transactions=50000/month; none; unset"},
    TALK_OPTIONS,
    {NULL},
};

const struct command cmd_accounts_show = {
    .name = "accounts show",
    .operands = "ID",
    .n_operands = 1,
    .summary = "show one account",
    .options = talk_options,
    .run = show,
};

const struct command cmd_accounts_change = {
    .name = "accounts change",
    .operands = "ID",
    .n_operands = 1,
    .summary = "change its name, whence its keys may be used, or the limits of new ones",
    .about =
        "What is not named stays as it is. --allow-ip replaces the whole set; \"none\" takes all "
        "rules\naway. The rules of a key and those of its account both hold.\n\n"
        "A default without a permission is for all new keys; one with a permission goes before it, "
        "for keys whose\n"
        "strongest permission that is (full_access, transactions, account_management, read_only). "
        "It is copied into\n"
        "a key when that is made: keys that there are keep what they have.",
    .options = change_options,
    .run = change,
};

const struct command cmd_accounts_suspend = {
    .name = "accounts suspend",
    .operands = "ID",
    .n_operands = 1,
    .summary = "refuse all keys of an account until it is resumed",
    .options = talk_options,
    .run = suspend,
};

const struct command cmd_accounts_resume = {
    .name = "accounts resume",
    .operands = "ID",
    .n_operands = 1,
    .summary = "accept the keys of a suspended account again",
    .options = talk_options,
    .run = resume,
};
