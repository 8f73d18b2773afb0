/* cmd_keys_rotate.c - keyward keys rotate, keys rotation show, complete, cancel. */
#include <stdio.h>

#include "cli/confirm.h"
#include "cli/key_call.h"
#include "cli/key_show.h"
#include "cli/output.h"
#include "cli/table.h"

enum { NUMBER_LEN = 24 };

/* ---- begun ---- */

static enum exit_status print_rotated(const json_t *key)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    const char *secret = output_string(key, "secret"), *ends = output_string(key, "oldSecretEnds");

    buf_room(&text, 8192); /* so that the key is not copied while the text grows */
    if (ends[0] == '\0')
        buf_printf(&text, "Rotated. The secret before is refused from now on.\n");
    else
        buf_printf(&text,
                   "Rotated. The secret before works until %s.\nWho still uses it: `keyward keys "
                   "rotation show %s`.\n",
                   ends, output_string(key, "id"));
    buf_printf(&text, "\n%s\n\n", secret);
    buf_printf(
        &text,
        "This is the key with its new secret. It is shown once, now, and kept nowhere: put it\n"
        "where the program that uses it will find it.\n\nexport MONEI_API_KEY=%s\n",
        secret);
    return output_text(&text);
}

static enum exit_status run_rotate(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    const char *overlap = args_value(args, "overlap");

    json_t *body = overlap == NULL ? json_object() : json_pack("{s:s}", "overlap", overlap);
    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "--overlap has to be UTF-8 text");
    enum exit_status status = key_call(self, args, "POST", "/rotate", body, NULL, &answer);
    json_decref(body);
    if (status != EXIT_DONE)
        return status;
    return args_has(args, "json") ? output_json(answer.body) : print_rotated(answer.body);
}

/* ---- ended ---- */

static enum exit_status end(const struct command *self, const struct args *args,
                            const char *question, const char *behind, const char *sentence)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};

    enum exit_status status = confirm(self, args, question);
    if (status != EXIT_DONE)
        return status;
    status = key_call(self, args, "POST", behind, NULL, NULL, &answer);
    return status != EXIT_DONE ? status : key_tell(args, &answer, sentence);
}

static enum exit_status run_complete(const struct command *self, const struct args *args)
{
    return end(self, args, "End the old secret of this key now? Who still uses it is refused.",
               "/rotation/complete", "Completed: the old secret is refused from now on.");
}

static enum exit_status run_cancel(const struct command *self, const struct args *args)
{
    return end(self, args, "End the new secret of this key now, and keep the old one?",
               "/rotation/cancel",
               "Cancelled: the new secret is refused from now on, the old one stays.");
}

/* ---- watched ---- */

static const char *stage_text(const char *stage)
{
    static const struct {
        const char *stage, *text;
    } texts[] = {
        {"never", "never due"},        {"fine", "not due for more than 30 days"},
        {"30d", "due within 30 days"}, {"7d", "due within a week"},
        {"1d", "due within a day"},    {"overdue", "overdue"},
    };

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (strcmp(texts[i].stage, stage) == 0)
            return texts[i].text;
    return stage;
}

static void put_state(const json_t *r, struct buf *out)
{
    const char *due = output_string(r, "due"), *ends = output_string(r, "oldSecretEnds");
    bool is_open = json_is_true(json_object_get(r, "isOpen"));

    output_line(out, "Key", output_string(r, "key"));
    buf_printf(out, "%-13s%s%s%s\n", "Rotation", stage_text(output_string(r, "stage")),
               due[0] == '\0' ? "" : ": ", due);
    output_line(out, "If overdue", output_string(r, "onOverdue"));
    buf_printf(out, "%-13s%lld, since %s\n", "Secret", output_number(r, "generation"),
               output_string(r, "secretSince"));
    if (ends[0] == '\0')
        output_line(out, "Old secret", "none: it was never rotated");
    else
        buf_printf(out, "%-13s%s %s\n", "Old secret", is_open ? "works until" : "ended", ends);
}

static enum kw_err add_user(struct table *t, const json_t *user)
{
    char allowed[NUMBER_LEN], denied[NUMBER_LEN];
    const char *const cells[] = {output_string(user, "source"), output_string(user, "agent"),
                                 allowed, denied, output_string(user, "lastAt")};

    snprintf(allowed, sizeof allowed, "%lld", output_number(user, "allowed"));
    snprintf(denied, sizeof denied, "%lld", output_number(user, "denied"));
    return table_add(t, cells);
}

static enum kw_err put_users(const json_t *r, struct buf *out)
{
    AUTO(table_deinit) struct table t = {.n_columns = 5};
    const char *const headings[] = {"OLD SECRET USED FROM", "BY", "ALLOWED", "DENIED", "LAST"};
    const json_t *users = json_object_get(r, "oldSecretUsers");

    if (json_array_size(users) == 0) {
        buf_printf(out, "\nNobody has used the old secret, as far as the record was read (%s).\n",
                   output_string(r, "recordedUntil"));
        return KW_OK;
    }
    TRY(table_add(&t, headings));
    for (size_t i = 0; i < json_array_size(users); i++)
        TRY(add_user(&t, json_array_get(users, i)));
    buf_printf(out, "\n");
    table_print(&t, out);
    return KW_OK;
}

static enum exit_status show(const struct command *self, const json_t *r)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    put_state(r, &text);
    if (json_is_null(json_object_get(r, "oldSecretEnds")))
        return output_text(&text);
    enum kw_err err = put_users(r, &text);
    return err == KW_OK ? output_text(&text) : exit_say(EXIT_IO, self->name, "%s", kw_strerror(err));
}

static enum exit_status run_show(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};

    enum exit_status status = key_call(self, args, "GET", "/rotation", NULL, NULL, &answer);
    if (status != EXIT_DONE)
        return status;
    return args_has(args, "json") ? output_json(answer.body) : show(self, answer.body);
}

/* ---- the commands ---- */

static const struct option rotate_options[] = {
    {"overlap", "TIME", false,
     "how long the old secret goes on working: 90m, 24h (the default), 7d; 0"},
    TALK_OPTIONS,
    {NULL},
};

static const struct option end_options[] = {CONFIRM_OPTION, TALK_OPTIONS, {NULL}};

static const struct option show_options[] = {TALK_OPTIONS, {NULL}};

const struct command cmd_keys_rotate = {
    .name = "keys rotate",
    .operands = "ID",
    .n_operands = 1,
    .summary = "give a key a new secret and show it, once",
    .about = "Both secrets work for the overlap, 30 days at most; then the old one is refused. Id, "
             "quota\n"
             "and history stay. Programs that still use the old secret find "
             "X-Keyward-Old-Secret-Ends in\n"
             "the answers to their requests.",
    .options = rotate_options,
    .run = run_rotate,
};

const struct command cmd_keys_rotation_show = {
    .name = "keys rotation show",
    .operands = "ID",
    .n_operands = 1,
    .summary = "when a key is due, and who still uses its old secret",
    .options = show_options,
    .run = run_show,
};

const struct command cmd_keys_rotation_complete = {
    .name = "keys rotation complete",
    .operands = "ID",
    .n_operands = 1,
    .summary = "end the old secret now",
    .about =
        "When this returns, no decision on this machine that begins later allows the old secret.",
    .options = end_options,
    .run = run_complete,
};

const struct command cmd_keys_rotation_cancel = {
    .name = "keys rotation cancel",
    .operands = "ID",
    .n_operands = 1,
    .summary = "end the new secret now, and keep the old one",
    .about = "For a rotation that went wrong: the old secret is the current one again, as old as "
             "it was.",
    .options = end_options,
    .run = run_cancel,
};
