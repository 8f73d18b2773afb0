/* cmd_policy_versions.c - keyward policy history, diff. */
#include <stdio.h>

#include "cli/listing.h"
#include "cli/output.h"
#include "cli/policy_call.h"
#include "json/json_out.h"

/* ---- history ---- */

static enum kw_err add_row(struct table *t, const json_t *p)
{
    char version[24], routes[24];
    const char *const cells[] = {version, json_is_true(json_object_get(p, "inForce")) ? "yes" : "",
                                 routes, output_string(p, "at"), output_string(p, "by")};

    snprintf(version, sizeof version, "%lld", output_number(p, "version"));
    snprintf(routes, sizeof routes, "%lld", output_number(p, "routes"));
    return table_add(t, cells);
}

static enum exit_status history(const struct command *self, const struct args *args)
{
    static const char *const headings[] = {"VERSION", "IN FORCE", "ROUTES", "SINCE", "BY"};
    static const struct listing l = {
        .name = "policies",
        .headings = headings,
        .n_columns = COUNT_OF(headings),
        .add_row = add_row,
        .empty = "There is no policy yet. `keyward policy apply FILE` puts one in force.\n",
    };
    AUTO(buf_deinit) struct buf path = BUF_MAX(4096);

    buf_printf(&path, "/v1/policies?limit=100");
    return listing_show(self, args, &path, &l);
}

/* ---- diff ---- */

/* The version before that in force, and that in force. */
static enum exit_status newest_two(const struct command *self, const struct args *args, json_t **body)
{
    AUTO(client_answer_deinit) struct client_answer now = {0};

    enum exit_status status = policy_call_version(self, args, NULL, &now);
    if (status != EXIT_DONE)
        return status;
    long long version = output_number(now.body, "version");
    if (version == 0)
        return exit_say(EXIT_REFUSED, self->name, "there is no policy yet");
    *body = json_pack("{s:I, s:I}", "from", version - 1, "to", version);
    return EXIT_DONE;
}

/* From a version to that in force. */
static enum exit_status since(const struct command *self, const struct args *args, unsigned from,
                              json_t **body)
{
    AUTO(client_answer_deinit) struct client_answer now = {0};

    enum exit_status status = policy_call_version(self, args, NULL, &now);
    if (status != EXIT_DONE)
        return status;
    *body = json_pack("{s:i, s:I}", "from", (int)from, "to", output_number(now.body, "version"));
    return EXIT_DONE;
}

/* To a version or a file; from: 0 is that in force. */
static enum exit_status towards(const struct command *self, const char *to, unsigned from,
                                struct buf *text, json_t **body)
{
    unsigned version = policy_call_number(to);
    json_t *lists = NULL;

    enum exit_status status = version == 0 ? policy_call_file(self, to, text, &lists) : EXIT_DONE;
    if (status != EXIT_DONE)
        return status;
    *body =
        version == 0 ? json_pack("{s:o}", "policy", lists) : json_pack("{s:i}", "to", (int)version);
    if (from != 0 && *body != NULL)
        *body = json_out_with(*body, "from", json_integer(from));
    return EXIT_DONE;
}

static enum exit_status read_asked(const struct command *self, const struct args *args,
                                   struct buf *text, json_t **body)
{
    const char *a = args->operands[0], *b = args->operands[1];

    if (args->n_operands == 0)
        return newest_two(self, args, body);
    unsigned from = policy_call_number(a);
    if (args->n_operands == 1)
        return from == 0 ? towards(self, a, 0, text, body) : since(self, args, from, body);
    if (from == 0)
        return exit_say(EXIT_DATA, self->name,
                        "the first of two is a version; `keyward policy history` shows them");
    return towards(self, b, from, text, body);
}

static const char *class_text(const json_t *change, const char *member)
{
    const char *class = output_string(change, member);

    return class[0] == '\0' ? "not listed" : class;
}

static void print(const json_t *changes, struct buf *out)
{
    size_t n = json_array_size(changes);

    if (n == 0)
        buf_printf(out, "Both put every route into the same class.\n");
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(changes, i);
        const char *word = output_string(one, "change"), *route = output_string(one, "route");
        if (strcmp(word, "changed") == 0)
            buf_printf(out, "changed  %s: %s, was %s\n", route, class_text(one, "after"),
                       class_text(one, "before"));
        else
            buf_printf(out, "%-8s %s: %s\n", word, route,
                       class_text(one, strcmp(word, "added") == 0 ? "after" : "before"));
    }
}

static enum exit_status ask(const struct command *self, const struct args *args, const json_t *body,
                            struct str file_text)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    const struct client_request r = {.method = "POST", .path = "/v1/policy/diff", .body = body};

    enum exit_status status = talk_raw(self, args, &r, &answer);
    if (status != EXIT_DONE)
        return status;
    if (answer.status >= 400)
        return policy_call_problem(self, args, &answer,
                                   file_text.n == 0 ? "" : args->operands[args->n_operands - 1],
                                   file_text);
    if (args_has(args, "json"))
        return output_json(answer.body);
    print(json_object_get(answer.body, "changes"), &text);
    return output_text(&text);
}

static enum exit_status diff(const struct command *self, const struct args *args)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(POLICY_FILE_MAX);
    json_t *body = NULL;

    enum exit_status status = read_asked(self, args, &text, &body);
    if (status != EXIT_DONE)
        return status;
    if (body == NULL)
        return exit_say(exit_of(KW_ENOMEM), self->name, "%s", kw_strerror(KW_ENOMEM));
    status = ask(self, args, body, buf_view(&text));
    json_decref(body);
    return status;
}

static const struct option talk_options[] = {TALK_OPTIONS, {NULL}};

const struct command cmd_policy_history = {
    .name = "policy history",
    .operands = "",
    .summary = "show the versions of the route policy, with who put them and when",
    .about = "Every version is kept: `keyward policy apply --version N` puts one in force again.",
    .options = talk_options,
    .run = history,
};

const struct command cmd_policy_diff = {
    .name = "policy diff",
    .operands = "[A] [B|FILE]",
    .n_operands = 2,
    .n_optional = 2,
    .summary = "what one version of the policy says otherwise than another, or than a file",
    .about = "Alone: what the last change changed. With a version: what has changed since. With a "
             "FILE: what it\n"
             "would change. The order of lines and the names of parameters say nothing.",
    .options = talk_options,
    .run = diff,
};
