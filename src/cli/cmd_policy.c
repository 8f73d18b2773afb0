/* cmd_policy.c - keyward policy apply, show, test. */
#include "cli/output.h"
#include "cli/policy_call.h"
#include "json/json_out.h"

/* ---- apply ---- */

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
        return policy_call_problem(self, args, &answer, args->operands[0], file_text);
    if (args_has(args, "json"))
        return output_json(answer.body);
    buf_printf(&text, "Policy version %lld with %lld routes is in force.\n",
               output_number(answer.body, "version"), output_number(answer.body, "routes"));
    return output_text(&text);
}

/* An older version becomes the newest one. */
static enum exit_status apply_version(const struct command *self, const struct args *args,
                                      const char *version)
{
    AUTO(client_answer_deinit) struct client_answer old = {0};

    enum exit_status status = policy_call_version(self, args, version, &old);
    if (status != EXIT_DONE)
        return status;
    return send(self, args, json_object_get(old.body, "policy"), (struct str){NULL, 0});
}

static enum exit_status apply(const struct command *self, const struct args *args)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(POLICY_FILE_MAX);
    const char *version = args_value(args, "version");
    json_t *lists = NULL;

    if ((version == NULL) == (args->n_operands == 0))
        return exit_say(EXIT_USAGE, self->name, "give either a FILE or --version");
    if (version != NULL)
        return apply_version(self, args, version);
    enum exit_status status = policy_call_file(self, args->operands[0], &text, &lists);
    if (status != EXIT_DONE)
        return status;
    status = send(self, args, lists, buf_view(&text));
    json_decref(lists);
    return status;
}

/* ---- show ---- */

static enum exit_status show(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    enum exit_status status = policy_call_version(self, args, args_value(args, "version"), &answer);
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

static const struct option apply_options[] = {
    {"version", "N", false, "put this older version in force again, instead of a file"},
    TALK_OPTIONS,
    {NULL},
};

static const struct option show_options[] = {
    {"version", "N", false, "this version; that in force otherwise"},
    TALK_OPTIONS,
    {NULL},
};

static const struct option test_options[] = {
    {"permission", "NAME", true, "what the key holds; read_only otherwise"},
    TALK_OPTIONS,
    {NULL},
};

const struct command cmd_policy_apply = {
    .name = "policy apply",
    .operands = "[FILE]",
    .n_operands = 1,
    .n_optional = 1,
    .summary = "put a route policy in force",
    .about = "The file is YAML: five optional lists, read, transact, manage, public and deny, of\n"
             "\"METHOD /path\". In a path {name} stands for one segment, and a trailing /** for "
             "all below. Whom it would refuse is told before by `keyward policy dry-run FILE`.",
    .options = apply_options,
    .run = apply,
};

const struct command cmd_policy_show = {
    .name = "policy show",
    .operands = "",
    .summary = "show the route policy, as YAML",
    .options = show_options,
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
