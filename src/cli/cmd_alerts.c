/* cmd_alerts.c - keyward alerts list, show, acknowledge, resolve, comment, undo, test. */
#include <stdio.h>

#include "cli/confirm.h"
#include "cli/listing.h"
#include "cli/output.h"
#include "core/key.h"

enum { PATH_MAX_LEN = 96 };

/* ---- list ---- */

static enum kw_err add_row(struct table *t, const json_t *a)
{
    const char *account = output_string(a, "account"), *name = output_string(a, "name");
    const char *const cells[] = {output_string(a, "id"),
                                 output_string(a, "severity"),
                                 output_string(a, "state"),
                                 output_string(a, "foundAt"),
                                 output_string(a, "detector"),
                                 name[0] == '\0' ? output_string(a, "subject") : name,
                                 account[0] == '\0' ? "-" : account,
                                 output_string(a, "deed")};

    return table_add(t, cells);
}

static enum exit_status list(const struct command *self, const struct args *args)
{
    static const char *const headings[] = {"ID",       "SEVERITY", "STATE",   "FOUND",
                                           "DETECTOR", "ABOUT",    "ACCOUNT", "ACTION"};
    static const struct listing l = {
        .name = "alerts",
        .headings = headings,
        .n_columns = COUNT_OF(headings),
        .add_row = add_row,
        .empty = "There are no such alerts. `keyward alerts test` raises one, to see whether it "
                 "arrives.\n",
    };
    static const char *const filters[] = {"account", "state", "severity", "detector", "key"};
    AUTO(buf_deinit) struct buf path = BUF_MAX(4096);

    buf_printf(&path, "/v1/alerts?limit=1000");
    for (size_t i = 0; i < COUNT_OF(filters); i++)
        if (args_has(args, filters[i]))
            client_add_query(&path, filters[i], str_from(args_value(args, filters[i])));
    return listing_show(self, args, &path, &l);
}

/* ---- one ---- */

static void print_evidence(const json_t *a, struct buf *out)
{
    json_t *all = json_object_get(a, "evidence"), *value;
    const char *name;

    json_object_foreach(all, name, value)
    {
        if (json_is_string(value))
            buf_printf(out, "  %-20s %s\n", name, json_string_value(value));
        else
            buf_printf(out, "  %-20s %lld\n", name, (long long)json_integer_value(value));
    }
}

static void print_history(const json_t *a, struct buf *out)
{
    const json_t *list = json_object_get(a, "history");

    for (size_t i = json_array_size(list); i-- > 0;) {
        const json_t *step = json_array_get(list, i);
        const char *note = output_string(step, "note");
        buf_printf(out, "  %s  %s, by %s%s%s\n", output_string(step, "at"),
                   output_string(step, "state"), output_string(step, "by"),
                   note[0] == '\0' ? "" : ": ", note);
    }
}

static void print(const json_t *a, struct buf *out)
{
    buf_printf(out, "%s: %s\n\n", output_string(a, "severity"), output_string(a, "title"));
    output_line(out, "Id", output_string(a, "id"));
    output_line(out, "State", output_string(a, "state"));
    output_line(out, "Detector", output_string(a, "detector"));
    output_line(out, "About", output_string(a, "subject"));
    output_line(out, "Name", output_string(a, "name"));
    output_line(out, "Account", output_string(a, "account"));
    output_line(out, "Environment", output_string(a, "environment"));
    output_line(out, "Began", output_string(a, "beganAt"));
    output_line(out, "Found", output_string(a, "foundAt"));
    output_line(out, "Request", output_string(a, "requestId"));
    output_line(out, "Action", output_string(a, "action"));
    output_line(out, "Done", output_string(a, "deed"));
    buf_printf(out, "\nWhat shows it\n");
    print_evidence(a, out);
    buf_printf(out, "\nWhat to do\n  %s\n", output_string(a, "advice"));
    buf_printf(out, "\nWhat became of it\n");
    print_history(a, out);
}

static enum exit_status tell(const struct args *args, const json_t *answer, const char *sentence)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);

    if (args_has(args, "json"))
        return output_json(answer);
    if (sentence == NULL)
        print(answer, &text);
    else
        buf_printf(&text, "%s\n", sentence);
    return output_text(&text);
}

static enum exit_status check_id(const struct command *self, const struct args *args)
{
    if (key_id_ok(str_from(args->operands[0])))
        return EXIT_DONE;
    return exit_say(EXIT_DATA, self->name,
                    "ID: it is 14 letters and digits; `keyward alerts list` shows the ids");
}

static enum exit_status show(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    char path[PATH_MAX_LEN];

    enum exit_status status = check_id(self, args);
    if (status != EXIT_DONE)
        return status;
    snprintf(path, sizeof path, "/v1/alerts/%s", args->operands[0]);
    status = talk(self, args, &(struct client_request){.method = "GET", .path = path}, &answer);
    return status == EXIT_DONE ? tell(args, answer.body, NULL) : status;
}

/* ---- steps ---- */

/* The last word of the command's name is that of the call. `while_done` is said instead where what was done to the key stays. */
static enum exit_status step(const struct command *self, const struct args *args,
                             const char *sentence, const char *while_done)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    char path[PATH_MAX_LEN];

    enum exit_status status = check_id(self, args);
    if (status != EXIT_DONE)
        return status;
    json_t *body = json_pack("{s:s*}", "comment", args_value(args, "comment"));
    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "--comment has to be UTF-8 text");
    snprintf(path, sizeof path, "/v1/alerts/%s/%s", args->operands[0], strrchr(self->name, ' ') + 1);
    const struct client_request r = {.method = "POST", .path = path, .body = body};
    status = talk(self, args, &r, &answer);
    json_decref(body);
    if (status != EXIT_DONE)
        return status;
    bool is_done = strcmp(output_string(answer.body, "deed"), "done") == 0;
    return tell(args, answer.body, is_done && while_done != NULL ? while_done : sentence);
}

static enum exit_status acknowledge(const struct command *self, const struct args *args)
{
    return step(self, args, "Acknowledged: more of the same is counted there until it is resolved.",
                NULL);
}

static enum exit_status resolve(const struct command *self, const struct args *args)
{
    return step(
        self, args, "Resolved: what is found from here on is a new alert.",
        "Resolved: what is found from here on is a new alert. What was done to the key stays; "
        "`keyward alerts undo` gives it back.");
}

static enum exit_status comment(const struct command *self, const struct args *args)
{
    if (!args_has(args, "comment"))
        return exit_say(EXIT_USAGE, self->name, "--comment is needed");
    return step(self, args, "Said.", NULL);
}

static enum exit_status undo(const struct command *self, const struct args *args)
{
    enum exit_status status = check_id(self, args);

    if (status == EXIT_DONE)
        status = confirm(self, args, "Give the key back what this alert took from it?");
    return status == EXIT_DONE
               ? step(self, args, "Undone: the key may do again what it could do before.", NULL)
               : status;
}

static enum exit_status try_it(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    const struct client_request r = {.method = "POST", .path = "/v1/alerts/test"};

    enum exit_status status = talk(self, args, &r, &answer);
    return status == EXIT_DONE
               ? tell(args, answer.body,
                      "Raised: look whether it arrives by mail and at your webhooks. "
                      "`keyward alerts list` shows it.")
               : status;
}

/* ---- named ---- */

static const struct option list_options[] = {
    {"account", "ID", false, "of this account"},
    {"state", "STATE", false, "open, acknowledged or resolved"},
    {"severity", "WORD", false, "low, medium, high or critical: at least so grave"},
    {"detector", "WORD", false, "found by this detector"},
    {"key", "ID", false, "about this key"},
    TALK_OPTIONS,
    {NULL},
};
static const struct option show_options[] = {TALK_OPTIONS, {NULL}};
static const struct option step_options[] = {
    {"comment", "TEXT", false, "a word for the others"}, TALK_OPTIONS, {NULL}};
static const struct option undo_options[] = {
    {"comment", "TEXT", false, "a word for the others"}, CONFIRM_OPTION, TALK_OPTIONS, {NULL}};

const struct command cmd_alerts_list = {
    .name = "alerts list",
    .operands = "",
    .summary = "show what the watch has found",
    .about = "The newest first.",
    .options = list_options,
    .run = list,
};

const struct command cmd_alerts_show = {
    .name = "alerts show",
    .operands = "ID",
    .n_operands = 1,
    .summary = "show an alert, what shows it, and what became of it",
    .options = show_options,
    .run = show,
};

const struct command cmd_alerts_acknowledge = {
    .name = "alerts acknowledge",
    .operands = "ID",
    .n_operands = 1,
    .summary = "say that you look after an alert",
    .options = step_options,
    .run = acknowledge,
};

const struct command cmd_alerts_resolve = {
    .name = "alerts resolve",
    .operands = "ID",
    .n_operands = 1,
    .summary = "end an alert",
    .options = step_options,
    .run = resolve,
};

const struct command cmd_alerts_comment = {
    .name = "alerts comment",
    .operands = "ID",
    .n_operands = 1,
    .summary = "leave a word at an alert",
    .options = step_options,
    .run = comment,
};

const struct command cmd_alerts_undo = {
    .name = "alerts undo",
    .operands = "ID",
    .n_operands = 1,
    .summary = "give a key back what an alert took from it",
    .about = "Refused where somebody has changed the key since.",
    .options = undo_options,
    .run = undo,
};

const struct command cmd_alerts_test = {
    .name = "alerts test",
    .operands = "",
    .summary = "raise an alert, to see whether it arrives",
    .options = show_options,
    .run = try_it,
};
