/* cmd_policy.c - keyward policy apply, show, test. */
#include "cli/output.h"
#include "cli/policy_file.h"
#include "cli/talk.h"
#include "server/json_out.h"

/* ---- apply ---- */

/* A problem of the policy is told with the line of the file in which it stands. */
static enum exit_status tell_problem(const struct command *self, const struct args *args,
                                     const struct client_answer *answer, struct str text)
{
    unsigned line = policy_file_line(text, output_string(answer->body, "field"));

    if (line == 0 || args_has(args, "json"))
        return talk_problem(self, args, answer);
    return exit_say(exit_of_http(answer->status), self->name, "%s: line %u: %s", args->operands[0],
                    line, output_string(answer->body, "message"));
}

static enum exit_status send(const struct command *self, const struct args *args,
                             const json_t *lists, struct str file_text)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    const struct client_request r = {.method = "PUT", .path = "/v1/policy", .body = lists};

    enum exit_status status = talk_raw(self, args, &r, &answer);
    if (status != EXIT_DONE)
        return status;
    if (answer.status >= 400)
        return tell_problem(self, args, &answer, file_text);
    if (args_has(args, "json"))
        return output_json(answer.body);
    buf_printf(&text, "Policy version %lld with %lld routes is in force.\n",
               output_number(answer.body, "version"), output_number(answer.body, "routes"));
    return output_text(&text);
}

static enum exit_status apply(const struct command *self, const struct args *args)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(POLICY_FILE_MAX);
    char why[POLICY_FILE_WHY_MAX] = "";
    json_t *lists = NULL;

    enum kw_err err = policy_file_read(args->operands[0], &text, &lists, why);
    if (err == KW_ENOTFOUND || err == KW_EPERM || err == KW_EIO)
        return exit_say(EXIT_NO_INPUT, self->name, "%s", why);
    if (err != KW_OK)
        return exit_say(EXIT_DATA, self->name, "%s", why);
    enum exit_status status = send(self, args, lists, buf_view(&text));
    json_decref(lists);
    return status;
}

/* ---- show ---- */

static enum exit_status show(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    const struct client_request r = {.method = "GET", .path = "/v1/policy"};

    enum exit_status status = talk(self, args, &r, &answer);
    if (status != EXIT_DONE)
        return status;
    if (args_has(args, "json"))
        return output_json(answer.body);
    if (output_number(answer.body, "version") == 0)
        buf_printf(&text, "# There is no policy: only keys with full_access get through.\n"
                          "# `keyward policy apply FILE` puts one in force.\n");
    else
        buf_printf(&text, "# version %lld\n", output_number(answer.body, "version"));
    policy_file_print(json_object_get(answer.body, "policy"), &text);
    return output_text(&text);
}

/* ---- test ---- */

static json_t *trial(const struct args *args)
{
    json_t *permissions = json_array();
    size_t at = 0;

    for (const char *p; (p = args_next(args, "permission", &at)) != NULL;)
        json_out_append(&permissions, json_string(p));
    return json_pack("{s:s, s:s, s:o}", "method", args->operands[0], "path", args->operands[1],
                     "permissions", permissions);
}

static void print_trial(const json_t *a, struct buf *out)
{
    const char *class = output_string(a, "class"), *route = output_string(a, "route");

    buf_printf(out, "%s: %s\n", output_string(a, "verdict"), output_string(a, "reason"));
    if (class[0] != '\0')
        buf_printf(out, "The route is %s%s%s.\n", class, route[0] == '\0' ? "" : " by the line ",
                   route);
    buf_printf(out, "It is opened by: ");
    output_list(out, json_object_get(a, "opens"), "no permission");
    buf_printf(out, "\n");
}

static enum exit_status test(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    json_t *body = trial(args);

    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "method and path have to be UTF-8 text");
    const struct client_request r = {.method = "POST", .path = "/v1/policy/test", .body = body};
    enum exit_status status = talk(self, args, &r, &answer);
    json_decref(body);
    if (status != EXIT_DONE)
        return status;
    print_trial(answer.body, &text);
    status = args_has(args, "json") ? output_json(answer.body) : output_text(&text);
    bool is_allowed = strcmp(output_string(answer.body, "verdict"), "allow") == 0;
    return status == EXIT_DONE && !is_allowed ? EXIT_REFUSED : status;
}

static const struct option talk_options[] = {TALK_OPTIONS, {NULL}};

static const struct option test_options[] = {
    {"permission", "NAME", true, "what the key holds; read_only otherwise"},
    TALK_OPTIONS,
    {NULL},
};

const struct command cmd_policy_apply = {
    .name = "policy apply",
    .operands = "FILE",
    .n_operands = 1,
    .summary = "put a route policy in force",
    .about = "The file is YAML: five optional lists, read, transact, manage, public and deny, of\n"
             "\"METHOD /path\". In a path {name} stands for one segment, and a trailing /** for "
             "all below.",
    .options = talk_options,
    .run = apply,
};

const struct command cmd_policy_show = {
    .name = "policy show",
    .operands = "",
    .summary = "show the route policy, as YAML",
    .options = talk_options,
    .run = show,
};

const struct command cmd_policy_test = {
    .name = "policy test",
    .operands = "METHOD PATH",
    .n_operands = 2,
    .summary = "what the policy says to a request",
    .about = "Ends with status 0 when a key with these permissions would get through, else with 1. "
             "Limits,\n"
             "addresses and the key's state are not looked at.",
    .options = test_options,
    .run = test,
};
