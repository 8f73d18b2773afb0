/* cmd_usage.c - keyward usage. */
#include <stdio.h>

#include "cli/output.h"
#include "cli/table.h"
#include "cli/talk.h"

enum { NUMBER_LEN = 24 };

/* One of the answer's lists, as a table: what it is about, and its numbers. */
struct part {
    const char *list, *heading, *member;
    const char *numbers[3], *headings[3]; /* end with NULL */
    bool is_sparse;                       /* those without anything are left out */
    bool is_long;                         /* what it is about stands at the end, whole */
};

static const struct part parts[] = {
    {"buckets", "TIME", "time", {"allowed", "denied", NULL}, {"ALLOWED", "DENIED", NULL}, true},
    {"reasons", "DENIED BECAUSE", "reason", {"count", NULL}, {"TIMES", NULL}, false},
    {"classes", "CLASS", "class", {"allowed", "denied", NULL}, {"ALLOWED", "DENIED", NULL}, false},
    {"routes", "ROUTE", "route", {"allowed", "denied", NULL}, {"ALLOWED", "DENIED", NULL}, false, true},
    {"countries", "COUNTRY", "country", {"allowed", "denied", NULL}, {"ALLOWED", "DENIED", NULL}, false},
    {"sources", "FROM", "source", {"allowed", "denied", NULL}, {"ALLOWED", "DENIED", NULL}, false},
};

static size_t n_numbers(const struct part *p)
{
    return p->numbers[1] == NULL ? 1 : 2;
}

static enum kw_err add_texts(struct table *t, const struct part *p, const char *what,
                             const char *first, const char *second)
{
    const char *const usual[] = {what, first, second}, *const at_end[] = {first, second, what};

    return table_add(t, p->is_long ? at_end : usual);
}

static enum kw_err add_row(struct table *t, const struct part *p, const json_t *one)
{
    char numbers[2][NUMBER_LEN] = {"", ""};
    long long sum = 0;

    for (size_t i = 0; i < n_numbers(p); i++) {
        long long n = output_number(one, p->numbers[i]);
        snprintf(numbers[i], sizeof numbers[i], "%lld", n);
        sum += n;
    }
    if (p->is_sparse && sum == 0)
        return KW_OK;
    return add_texts(t, p, output_string(one, p->member), numbers[0], numbers[1]);
}

static enum kw_err put_part(const json_t *answer, const struct part *p, struct buf *text)
{
    AUTO(table_deinit)
    struct table t = {.n_columns = 1 + n_numbers(p), .has_whole_end = p->is_long};
    const json_t *list = json_object_get(answer, p->list);

    TRY(add_texts(&t, p, p->heading, p->headings[0], p->headings[1]));
    for (size_t i = 0; i < json_array_size(list); i++)
        TRY(add_row(&t, p, json_array_get(list, i)));
    if (t.n_rows == 1)
        return KW_OK;
    buf_str(text, STR("\n"));
    table_print(&t, text);
    return KW_OK;
}

static double in_us(const json_t *latency, const char *member)
{
    return (double)output_number(latency, member) / 1000;
}

static void put_latency(const json_t *answer, struct buf *text)
{
    const json_t *latency = json_object_get(answer, "latency");
    char line[160];

    if (!json_is_object(latency))
        return;
    snprintf(line, sizeof line,
             "half in %.1f us, 95%% in %.1f us, 99%% in %.1f us, the longest %.1f us",
             in_us(latency, "medianNs"), in_us(latency, "p95Ns"), in_us(latency, "p99Ns"),
             in_us(latency, "maxNs"));
    output_line(text, "Decided", line);
}

static void put_head(const json_t *answer, struct buf *text)
{
    char stretch[128], numbers[64];

    snprintf(stretch, sizeof stretch, "%s to %s, by the %s", output_string(answer, "from"),
             output_string(answer, "until"), output_string(answer, "step"));
    snprintf(numbers, sizeof numbers, "%lld allowed, %lld denied", output_number(answer, "allowed"),
             output_number(answer, "denied"));
    output_line(text, "Time", stretch);
    output_line(text, "Requests", numbers);
    put_latency(answer, text);
    if (json_is_false(json_object_get(answer, "places")))
        output_line(text, "Countries",
                    "not known: there is no location file, see location_country_file");
    output_line(text, "Counted to", output_string(answer, "recordedUntil"));
}

static enum exit_status show(const struct command *self, const json_t *answer)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    enum kw_err err = KW_OK;

    put_head(answer, &text);
    for (size_t i = 0; i < COUNT_OF(parts) && err == KW_OK; i++)
        err = put_part(answer, &parts[i], &text);
    if (err != KW_OK)
        return exit_say(EXIT_IO, self->name, "%s", kw_strerror(err));
    return output_text(&text);
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    static const char *const parameters[] = {"key",  "account", "environment",
                                             "from", "until",   "step"};
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf path = BUF_MAX(4096);

    buf_str(&path, STR("/v1/usage"));
    for (size_t i = 0; i < COUNT_OF(parameters); i++)
        if (args_has(args, parameters[i]))
            client_add_query(&path, parameters[i], str_from(args_value(args, parameters[i])));
    buf_add(&path, "", 1);
    if (path.failed)
        return exit_say(EXIT_DATA, self->name, "what is asked is too long");
    const struct client_request r = {.method = "GET", .path = path.p};
    enum exit_status status = talk(self, args, &r, &answer);
    if (status != EXIT_DONE)
        return status;
    return args_has(args, "json") ? output_json(answer.body) : show(self, answer.body);
}

static const struct option options[] = {
    {"key", "ID", false, "of this key alone; also from where it was used"},
    {"account", "ID", false, "of the keys of this account"},
    {"environment", "sandbox|production", false, "of hosts of this environment"},
    {"from", "WHEN", false, "2026-11-24, 2026-11-24T03:00:00Z, 90m, 12h or 7d (default: a day)"},
    {"until", "WHEN", false, "the same forms (default: now)"},
    {"step", "minute|hour|day", false, "how long a line of the table is"},
    TALK_OPTIONS,
    {NULL},
};

const struct command cmd_usage = {
    .name = "usage",
    .operands = "",
    .summary = "how much was asked, allowed and refused",
    .about = "Counted from the record, in whole steps: minutes are kept for 3 days, hours for 60, "
             "days for "
             "400.\n"
             "Routes, countries, networks and how long decisions took are counted by the day "
             "(UTC), of each\n"
             "that the time touches, and kept for 60: the most frequent first, and the rest as "
             "\"other\".\n"
             "Steps in which nothing was asked are left out, but for --json.",
    .options = options,
    .run = run,
};
