/* audit_far.c - see audit_far.h. */
#include "cli/audit_far.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/audit.h"
#include "cli/output.h"

enum { PAGE = 1000, LINES_MAX = 256 << 20 };

/* ---- what is asked ---- */

static void add_kind(const struct args *args, struct buf *path)
{
    static const struct {
        const char *option, *kind;
    } kinds[] = {{"events", "event"}, {"changes", "change"}, {"sign-ins", "sign_in"},
                 {"leaks", "leak"},   {"spends", "spend"},   {"warnings", "warning"},
                 {"reads", "read"}};

    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (args_has(args, kinds[i].option))
            client_add_query(path, "kind", str_from(kinds[i].kind));
}

/* The words are those of the call; `since` is its `from`. */
static void put_query(const struct args *args, uint64_t limit, const char *cursor, struct buf *path)
{
    static const char *const same[] = {"until",   "key",     "account",     "source", "reason",
                                       "request", "verdict", "environment", "member"};

    buf_printf(path, "/v1/events?format=ndjson&limit=%" PRIu64, limit);
    if (args_has(args, "since"))
        client_add_query(path, "from", str_from(args_value(args, "since")));
    for (size_t i = 0; i < COUNT_OF(same); i++)
        if (args_has(args, same[i]))
            client_add_query(path, same[i], str_from(args_value(args, same[i])));
    if (args_has(args, "browser"))
        client_add_query(path, "browser", STR("true"));
    add_kind(args, path);
    if (cursor[0] != '\0')
        client_add_query(path, "cursor", str_from(cursor));
    buf_add(path, "", 1);
}

/* ---- what is answered ---- */

struct lines {
    struct buf text;  /* of all pages, newest first, each with its line feed */
    uint64_t n;       /* lines in it */
    char cursor[256]; /* of the page that comes; empty: none */
};

static void lines_deinit(struct lines *l)
{
    buf_deinit(&l->text);
}

/* The last line of a page says where to go on. */
static enum kw_err take_end(struct str line, struct lines *l)
{
    json_t *end = json_loadb(line.p, line.n, 0, NULL);

    bool is_end = strcmp(output_string(end, "kind"), "end") == 0;
    snprintf(l->cursor, sizeof l->cursor, "%s", output_string(end, "next"));
    json_decref(end);
    return is_end ? KW_OK : KW_EFORMAT;
}

static enum kw_err take_page(struct str text, struct lines *l)
{
    struct str line;

    while (str_cut(text, '\n', &line, &text) && text.n > 0) {
        buf_add(&l->text, line.p, line.n + 1); /* the line feed with it */
        l->n++;
    }
    TRY(take_end(line, l));
    return l->text.failed ? KW_ENOMEM : KW_OK;
}

static enum exit_status ask(const struct command *self, const struct args *args, uint64_t limit,
                            struct lines *l)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf path = BUF_MAX(16384);

    put_query(args, limit, l->cursor, &path);
    if (path.failed)
        return exit_say(EXIT_DATA, self->name, "the filters are too long");
    const struct client_request r = {.method = "GET", .path = path.p, .is_text = true};
    enum exit_status status = talk(self, args, &r, &answer);
    if (status != EXIT_DONE)
        return status;
    const struct str text = {json_string_value(answer.body), json_string_length(answer.body)};
    if (take_page(text, l) != KW_OK)
        return exit_say(EXIT_UNAVAILABLE, self->name, "the answer is not the lines of a record");
    return EXIT_DONE;
}

/* ---- search ---- */

/* What has come so far, in the order in which it stands, or from its end. */
static enum kw_err print(struct audit_printer *p, struct str text, bool from_its_end)
{
    struct str line;

    while (!from_its_end && str_cut(text, '\n', &line, &text))
        TRY(audit_print_line(p, (struct str){line.p, line.n + 1}));
    while (from_its_end && text.n > 0) {
        const char *before = memrchr(text.p, '\n', text.n - 1);
        size_t at = before == NULL ? 0 : (size_t)(before - text.p) + 1;
        TRY(audit_print_line(p, (struct str){text.p + at, text.n - at}));
        text.n = at;
    }
    return KW_OK;
}

static enum exit_status flush(const struct command *self, enum kw_err err)
{
    if (err == KW_EFORMAT)
        return exit_say(EXIT_UNAVAILABLE, self->name, "the answer holds a line that is no record");
    if (err != KW_OK || fflush(stdout) != 0)
        return exit_say(EXIT_IO, self->name, "the answer cannot be written to standard output");
    return EXIT_DONE;
}

/* Newest first a page is printed as it comes; from the end it takes all of them. */
static enum exit_status walk(const struct command *self, const struct args *args, uint64_t n,
                             bool oldest_first, struct audit_printer *p)
{
    AUTO(lines_deinit) struct lines l = {.text = BUF_MAX(LINES_MAX)};
    enum exit_status status = EXIT_DONE;
    bool more = true;

    while (more && status == EXIT_DONE) {
        uint64_t left = n == 0 ? PAGE : n - l.n;
        status = ask(self, args, left < PAGE ? left : PAGE, &l);
        more = l.cursor[0] != '\0' && (n == 0 || l.n < n);
        if (status != EXIT_DONE || (oldest_first && more))
            continue;
        status = flush(self, print(p, buf_view(&l.text), oldest_first));
        buf_clear(&l.text);
    }
    return status;
}

enum exit_status audit_far_search(const struct command *self, const struct args *args, uint64_t n,
                                  bool oldest_first)
{
    AUTO(audit_printer_deinit) struct audit_printer p = {.as_json = args_has(args, "json")};
    struct audit_query checked; /* what is wrong is told as it is told here */

    enum exit_status status = audit_query_read(self, args, &checked);
    if (status == EXIT_DONE && !(oldest_first && n == 0))
        status = walk(self, args, n, oldest_first, &p);
    if (status == EXIT_DONE && p.n == 0 && !p.as_json && !oldest_first)
        fputs("Nothing on the record matches.\n", stderr);
    return status;
}

/* ---- explain ---- */

/* On one line, as here; what a terminal would obey is escaped. */
static enum exit_status print_event(const json_t *event)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    char *line = json_dumps(event, JSON_COMPACT | JSON_ENSURE_ASCII);

    buf_printf(&text, "%s\n", line == NULL ? "" : line);
    text.failed = text.failed || line == NULL;
    free(line);
    return output_text(&text);
}

enum exit_status audit_far_explain(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    char path[80];

    snprintf(path, sizeof path, "/v1/events/%.32s", args->operands[0]);
    const struct client_request r = {.method = "GET", .path = path};
    enum exit_status status = talk(self, args, &r, &answer);
    if (status != EXIT_DONE)
        return status;
    if (args_has(args, "json"))
        return print_event(json_object_get(answer.body, "event"));
    const json_t *lines = json_object_get(answer.body, "explanation");
    for (size_t i = 0; i < json_array_size(lines); i++)
        buf_printf(&text, "%s\n", json_string_value(json_array_get(lines, i)));
    return output_text(&text);
}

/* ---- verify ---- */

static enum exit_status tell_bad(const struct command *self, const json_t *bad)
{
    return exit_say(EXIT_REFUSED, self->name, "%s: batch %lld at byte %lld, record %lld: %s",
                    output_string(bad, "file"), output_number(bad, "batch"),
                    output_number(bad, "offset"), output_number(bad, "record"),
                    output_string(bad, "what"));
}

enum exit_status audit_far_verify(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    AUTO(buf_deinit) struct buf text = BUF_MAX(OUTPUT_MAX);
    const struct client_request r = {.method = "GET", .path = "/v1/audit/verify"};

    enum exit_status status = talk(self, args, &r, &answer);
    if (status != EXIT_DONE)
        return status;
    bool holds = json_is_true(json_object_get(answer.body, "holds"));
    if (args_has(args, "json")) {
        status = output_json(answer.body);
        return status == EXIT_DONE && !holds ? EXIT_REFUSED : status;
    }
    if (!holds)
        return tell_bad(self, json_object_get(answer.body, "firstBad"));
    buf_printf(
        &text,
        "The newest day of the record holds: %lld records in %lld batches. All days are checked on "
        "the machine itself.\n",
        output_number(answer.body, "records"), output_number(answer.body, "batches"));
    return output_text(&text);
}
