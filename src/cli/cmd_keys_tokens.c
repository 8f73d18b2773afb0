/* cmd_keys_tokens.c - keyward keys tokens: what a key was exchanged for, listed or ended. */
#include <stdio.h>

#include "cli/confirm.h"
#include "cli/key_call.h"
#include "cli/output.h"
#include "cli/table.h"

enum { COUNT_LEN = 24, ENDINGS_MAX = 100 };

/* ---- listed ---- */

static enum kw_err add_family(struct table *t, const json_t *f)
{
    char refreshes[COUNT_LEN];
    const char *last = output_string(f, "refreshedAt");
    const char *const cells[] = {output_string(f, "id"),           output_string(f, "createdAt"),
                                 output_string(f, "createdFrom"),  refreshes,
                                 last[0] == '\0' ? "never" : last, output_string(f, "refreshEnds")};

    snprintf(refreshes, sizeof refreshes, "%lld", output_number(f, "refreshes"));
    return table_add(t, cells);
}

static enum kw_err put_families(const json_t *list, struct buf *out)
{
    AUTO(table_deinit) struct table t = {.n_columns = 6};
    const char *const headings[] = {"ID", "SINCE", "FROM", "REFRESHED", "LAST", "UNTIL"};

    TRY(table_add(&t, headings));
    for (size_t i = 0; i < json_array_size(list); i++)
        TRY(add_family(&t, json_array_get(list, i)));
    table_print(&t, out);
    return KW_OK;
}

static enum exit_status show(const struct command *self, const json_t *page)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    const json_t *list = json_object_get(page, "families");

    if (json_array_size(list) == 0) {
        buf_printf(&text, "The key has no tokens that are good.\n");
        return output_text(&text);
    }
    enum kw_err err = put_families(list, &text);
    if (output_string(page, "next")[0] != '\0')
        buf_printf(&text, "There are more: --json tells how to go on.\n");
    return err == KW_OK ? output_text(&text) : exit_say(EXIT_IO, self->name, "%s", kw_strerror(err));
}

static enum exit_status list(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};

    enum exit_status status = key_call(self, args, "GET", "/tokens", NULL, NULL, &answer);
    if (status != EXIT_DONE)
        return status;
    return args_has(args, "json") ? output_json(answer.body) : show(self, answer.body);
}

/* ---- ended ---- */

static enum exit_status end_some(const struct command *self, const struct args *args, long long *n,
                                 bool *more)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};

    enum exit_status status = key_call(self, args, "POST", "/tokens/end", NULL, NULL, &answer);
    if (status != EXIT_DONE)
        return status;
    *n += output_number(answer.body, "ended");
    *more = json_is_true(json_object_get(answer.body, "more"));
    return EXIT_DONE;
}

static enum exit_status tell(const struct args *args, long long n, bool more)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    if (args_has(args, "json"))
        buf_printf(&text, "{\"ended\":%lld,\"more\":%s}\n", n, more ? "true" : "false");
    else
        buf_printf(&text, "Ended: %lld. Whoever has the key gets new ones.\n", n);
    return output_text(&text);
}

static enum exit_status end_all(const struct command *self, const struct args *args)
{
    bool more = true;
    long long n = 0;

    enum exit_status status = confirm(
        self, args, "End all tokens of this key? Programs that use them are refused at once.");
    for (int i = 0; i < ENDINGS_MAX && more && status == EXIT_DONE; i++)
        status = end_some(self, args, &n, &more);
    return status == EXIT_DONE ? tell(args, n, more) : status;
}

/* ---- the command ---- */

static enum exit_status run(const struct command *self, const struct args *args)
{
    return args_has(args, "end") ? end_all(self, args) : list(self, args);
}

static const struct option options[] = {
    {"end", NULL, false, "end all of them: refused from now on; the key itself stays as it is"},
    CONFIRM_OPTION,
    TALK_OPTIONS,
    {NULL},
};

const struct command cmd_keys_tokens = {
    .name = "keys tokens",
    .operands = "ID",
    .n_operands = 1,
    .summary = "the access tokens that a key was exchanged for",
    .about = "Each line is one exchange, with its refreshes. No token itself is shown.",
    .options = options,
    .run = run,
};
