/* cmd_reports.c - keyward reports list, show, acknowledge, write. */
#include <stdio.h>

#include "cli/listing.h"
#include "cli/output.h"
#include "cli/where.h"
#include "core/key.h"

enum { PATH_MAX_LEN = 96 };

/* ---- list ---- */

static long long number(const json_t *report, const char *part, const char *name)
{
    return output_number(json_object_get(report, part), name);
}

static enum kw_err add_row(struct table *t, const json_t *r)
{
    char from[OUTPUT_DAY_LEN + 1], to[OUTPUT_DAY_LEN + 1], denied[24], open[24];

    output_day(r, "from", from);
    output_day(r, "to", to);
    snprintf(denied, sizeof denied, "%lld", number(r, "requests", "denied"));
    snprintf(open, sizeof open, "%lld", number(r, "alerts", "notResolved"));
    const char *const cells[] = {output_string(r, "id"),
                                 output_string(r, "account"),
                                 from,
                                 to,
                                 output_string(r, "state"),
                                 denied,
                                 open};
    return table_add(t, cells);
}

static enum exit_status list(const struct command *self, const struct args *args)
{
    static const char *const headings[] = {"ID",    "ACCOUNT", "FROM",       "TO",
                                           "STATE", "DENIED",  "ALERTS OPEN"};
    static const struct listing l = {
        .name = "reports",
        .headings = headings,
        .n_columns = COUNT_OF(headings),
        .add_row = add_row,
        .empty =
            "There are no reports yet: one of each account is written on Monday. `keyward reports "
            "write` writes one now.\n",
    };
    AUTO(buf_deinit) struct buf path = BUF_MAX(4096);

    buf_printf(&path, "/v1/reports?limit=1000");
    if (args_has(args, "account"))
        client_add_query(&path, "account", str_from(args_value(args, "account")));
    return listing_show(self, args, &path, &l);
}

/* ---- one ---- */

static void line(struct buf *out, const char *title, long long n)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", n);
    output_line(out, title, text);
}

static void group(struct buf *out, const char *title, const json_t *report, const char *name)
{
    const json_t *g = json_object_get(json_object_get(report, "keys"), name);
    const json_t *keys = json_object_get(g, "keys");

    buf_printf(out, "%-13s%lld", title, output_number(g, "count"));
    for (size_t i = 0; i < json_array_size(keys); i++)
        buf_printf(out, "%s%s", i == 0 ? ": " : ", ", json_string_value(json_array_get(keys, i)));
    buf_printf(out, "\n");
}

static void kinds(struct buf *out, const json_t *key)
{
    const json_t *all = json_object_get(key, "kinds");

    buf_printf(out, "  %s ", output_string(key, "key"));
    for (size_t i = 0; i < json_array_size(all); i++)
        buf_printf(out, "%s%s", i == 0 ? " " : ", ", json_string_value(json_array_get(all, i)));
    buf_printf(out, "\n");
}

static void advice(struct buf *out, const json_t *report)
{
    const json_t *a = json_object_get(json_object_get(report, "keys"), "advice");
    const json_t *keys = json_object_get(a, "keys");

    if (!json_is_object(a)) {
        output_line(out, "Advice", "not known");
        return;
    }
    buf_printf(out, "%-13s%lld of %lld keys that were looked at\n", "Advice",
               output_number(a, "count"), output_number(a, "looked"));
    for (size_t i = 0; i < json_array_size(keys); i++)
        kinds(out, json_array_get(keys, i));
}

static void reasons(struct buf *out, const json_t *report)
{
    json_t *all = json_object_get(json_object_get(report, "requests"), "reasons"), *value;
    const char *name;

    json_object_foreach(all, name, value)
    {
        buf_printf(out, "  %-20s %lld\n", name, (long long)json_integer_value(value));
    }
}

static void print(const json_t *r, struct buf *out)
{
    output_line(out, "Id", output_string(r, "id"));
    output_line(out, "Account", output_string(r, "account"));
    output_line(out, "From", output_string(r, "from"));
    output_line(out, "To", output_string(r, "to"));
    output_line(out, "State", output_string(r, "state"));
    line(out, "Allowed", number(r, "requests", "allowed"));
    line(out, "Denied", number(r, "requests", "denied"));
    reasons(out, r);
    line(out, "Signed in", number(r, "signIns", "done"));
    line(out, "Refused", number(r, "signIns", "refused"));
    line(out, "Alerts open", number(r, "alerts", "notResolved"));
    line(out, "Active keys", number(r, "keys", "active"));
    group(out, "Overdue", r, "overdue");
    group(out, "Due soon", r, "dueSoon");
    group(out, "Expiring", r, "expiring");
    group(out, "Unused", r, "unused");
    advice(out, r);
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

static enum exit_status path_of(const struct command *self, const struct args *args,
                                const char *more, char path[PATH_MAX_LEN])
{
    if (!key_id_ok(str_from(args->operands[0])))
        return exit_say(EXIT_DATA, self->name,
                        "ID: it is 14 letters and digits; `keyward reports list` shows the ids");
    snprintf(path, PATH_MAX_LEN, "/v1/reports/%s%s", args->operands[0], more);
    return EXIT_DONE;
}

static enum exit_status show(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    char path[PATH_MAX_LEN];

    enum exit_status status = path_of(self, args, "", path);
    if (status == EXIT_DONE)
        status = talk(self, args, &(struct client_request){.method = "GET", .path = path}, &answer);
    return status == EXIT_DONE ? tell(args, answer.body, NULL) : status;
}

/* ---- done ---- */

static enum exit_status acknowledge(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    char path[PATH_MAX_LEN];

    enum exit_status status = path_of(self, args, "/acknowledge", path);
    if (status != EXIT_DONE)
        return status;
    json_t *body = json_pack("{s:s*}", "comment", args_value(args, "comment"));
    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "--comment has to be UTF-8 text");
    const struct client_request r = {.method = "POST", .path = path, .body = body};
    status = talk(self, args, &r, &answer);
    json_decref(body);
    return status == EXIT_DONE
               ? tell(args, answer.body, "Acknowledged: the record says who has looked through it.")
               : status;
}

/* The machine's administrators have no account of their own: theirs is main, as it is for keys. */
static enum exit_status write_now(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    const char *account = args_value(args, "account");

    if (account == NULL && !where_is_url(args))
        account = "main";
    json_t *body = json_pack("{s:s*}", "account", account);
    if (body == NULL)
        return exit_say(EXIT_DATA, self->name, "--account has to be UTF-8 text");
    const struct client_request r = {.method = "POST", .path = "/v1/reports", .body = body};
    enum exit_status status = talk(self, args, &r, &answer);
    json_decref(body);
    return status == EXIT_DONE ? tell(args, answer.body, NULL) : status;
}

/* ---- named ---- */

static const struct option account_options[] = {
    {"account", "ID", false, "of this account"}, TALK_OPTIONS, {NULL}};
static const struct option show_options[] = {TALK_OPTIONS, {NULL}};
static const struct option step_options[] = {
    {"comment", "TEXT", false, "a word for the others"}, TALK_OPTIONS, {NULL}};

const struct command cmd_reports_list = {
    .name = "reports list",
    .operands = "",
    .summary = "show the weekly reports",
    .about = "The newest first.",
    .options = account_options,
    .run = list,
};

const struct command cmd_reports_show = {
    .name = "reports show",
    .operands = "ID",
    .n_operands = 1,
    .summary = "show a report: requests, sign-ins, alerts, keys, advice",
    .options = show_options,
    .run = show,
};

const struct command cmd_reports_acknowledge = {
    .name = "reports acknowledge",
    .operands = "ID",
    .n_operands = 1,
    .summary = "say that you have looked through a report",
    .options = step_options,
    .run = acknowledge,
};

const struct command cmd_reports_write = {
    .name = "reports write",
    .operands = "",
    .summary = "write a report of the last seven days now",
    .options = account_options,
    .run = write_now,
};
