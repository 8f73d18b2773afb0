/* cmd_policy_dry_run.c - keyward policy dry-run. */
#include "cli/output.h"
#include "cli/policy_call.h"

static void print_routes(const json_t *caller, struct buf *out)
{
    const json_t *routes = json_object_get(caller, "routes");
    long long others = output_number(caller, "otherRequests");

    for (size_t i = 0; i < json_array_size(routes); i++) {
        const json_t *one = json_array_get(routes, i);
        buf_printf(out, "    %6lld  %s %s\n", output_number(one, "requests"),
                   output_string(one, "method"), output_string(one, "path"));
    }
    if (others > 0)
        buf_printf(out, "    %6lld  of other paths\n", others);
}

static void print_caller(const json_t *caller, struct buf *out)
{
    const char *id = output_string(caller, "keyId"), *name = output_string(caller, "keyName");
    long long sources = output_number(caller, "sources");

    if (id[0] == '\0')
        buf_printf(out, "  without a key");
    else
        buf_printf(out, "  %s%s%s", id, name[0] == '\0' ? "" : "  ", name);
    buf_printf(out, ": %lld requests from %lld%s %s\n", output_number(caller, "requests"), sources,
               json_is_true(json_object_get(caller, "moreSources")) ? " or more" : "",
               sources == 1 ? "address" : "addresses");
    print_routes(caller, out);
}

static void print_callers(const json_t *found, const char *sentence, struct buf *out)
{
    const json_t *callers = json_object_get(found, "callers");
    long long requests = output_number(found, "requests");
    long long others = output_number(found, "otherRequests");

    buf_printf(out, "\n%lld %s\n", requests, sentence);
    for (size_t i = 0; i < json_array_size(callers); i++)
        print_caller(json_array_get(callers, i), out);
    if (others > 0)
        buf_printf(out, "  and %lld more requests, of further callers\n", others);
}

/* What was not judged is told, not guessed. */
static void print_not_judged(const json_t *answer, struct buf *out)
{
    static const struct {
        const char *member, *sentence;
    } all[] = {
        {"cutPath", "of whose path the record holds only a part"},
        {"noKeyAsked", "to routes that needed no key or were closed, and would ask for one"},
        {"keyGone", "of keys that are not known any more"},
        {"counted", "that the record has only counted"},
    };
    const json_t *found = json_object_get(answer, "notJudged");

    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (output_number(found, all[i].member) > 0)
            buf_printf(out, "Not judged: %lld %s.\n", output_number(found, all[i].member),
                       all[i].sentence);
}

static void print(const json_t *answer, struct buf *out)
{
    buf_printf(out, "%lld requests from %s to %s were tried.\n", output_number(answer, "requests"),
               output_string(answer, "lookedFrom"), output_string(answer, "until"));
    if (!json_is_true(json_object_get(answer, "complete")))
        buf_printf(out,
                   "What lies before, back to %s, was not: there is too much of it. Ask for less "
                   "time.\n",
                   output_string(answer, "from"));
    print_not_judged(answer, out);
    print_callers(json_object_get(answer, "refused"), "that were allowed would be refused.", out);
    print_callers(json_object_get(answer, "allowed"), "that were refused would pass the policy.",
                  out);
}

static long long n_refused(const json_t *answer)
{
    return output_number(json_object_get(answer, "refused"), "requests");
}

static enum exit_status ask(const struct command *self, const struct args *args, const json_t *body,
                            struct str file_text)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    const struct client_request r = {.method = "POST", .path = "/v1/policy/dry-run", .body = body};

    enum exit_status status = talk_raw(self, args, &r, &answer);
    if (status != EXIT_DONE)
        return status;
    if (answer.status >= 400)
        return policy_call_problem(self, args, &answer, args->operands[0], file_text);
    print(answer.body, &text);
    status = args_has(args, "json") ? output_json(answer.body) : output_text(&text);
    return status == EXIT_DONE && n_refused(answer.body) > 0 ? EXIT_REFUSED : status;
}

static enum exit_status dry_run(const struct command *self, const struct args *args)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(POLICY_FILE_MAX);
    json_t *lists = NULL;

    enum exit_status status = policy_call_file(self, args->operands[0], &text, &lists);
    if (status != EXIT_DONE)
        return status;
    json_t *body = json_pack("{s:o, s:s*, s:s*}", "policy", lists, "from",
                             args_value(args, "since"), "until", args_value(args, "until"));
    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "the times have to be UTF-8 text");
    status = ask(self, args, body, buf_view(&text));
    json_decref(body);
    return status;
}

static const struct option dry_run_options[] = {
    {"since", "TIME", false, "requests from then on: 2026-11-24, 90m, 12h, 7d (default: 7d)"},
    {"until", "TIME", false, "requests before (default: now)"},
    TALK_OPTIONS,
    {NULL},
};

const struct command cmd_policy_dry_run = {
    .name = "policy dry-run",
    .operands = "FILE",
    .n_operands = 1,
    .summary = "whom a policy would have refused, by what is on the record",
    .about = "Nothing changes. Judged are method, path and what each key may do today; addresses, "
             "limits and\n"
             "the key's state are not. Ends with status 1 when somebody who was allowed would be "
             "refused, else with 0.",
    .options = dry_run_options,
    .run = dry_run,
};
