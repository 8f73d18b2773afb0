/* cmd_audit.c - keyward audit tail, search, explain. */
#include <stdio.h>
#include <time.h>

#include "base/hex.h"
#include "cli/audit.h"
#include "cli/audit_far.h"
#include "cli/output.h"
#include "cli/where.h"
#include "record/explain.h"

enum { TAIL_DEFAULT = 50, FOLLOW_NS = 200000000 };

static enum exit_status read_count(const struct command *self, const struct args *args,
                                   const char *name, uint64_t otherwise, uint64_t *out)
{
    const char *text = args_value(args, name);

    *out = otherwise;
    if (text != NULL && str_u64(str_from(text), UINT32_MAX, out) != KW_OK)
        return exit_say(EXIT_DATA, self->name, "--%s: a number from 0 to %u", name, UINT32_MAX);
    return EXIT_DONE;
}

/* ---- tail ---- */

/* Until the reader has gone or the user interrupts. */
static enum exit_status follow(const struct command *self, const struct args *args,
                               struct audit_place *place, const struct record_query *q,
                               struct record_cursor *at, struct audit_printer *p)
{
    const struct timespec pause = {.tv_nsec = FOLLOW_NS};

    for (;;) {
        enum exit_status status = audit_drain(self, args, place);
        if (status != EXIT_DONE)
            return status;
        enum kw_err err = search_follow(place->dir, q, at, audit_print, p);
        if (err == KW_OK && fflush(stdout) != 0)
            return EXIT_IO;
        if (err != KW_OK)
            return audit_exit(self, place->dir, err);
        nanosleep(&pause, NULL);
    }
}

static enum exit_status tail_here(const struct command *self, const struct args *args, uint64_t n)
{
    AUTO(audit_printer_deinit) struct audit_printer p = {.as_json = args_has(args, "json")};
    struct audit_place place;
    struct audit_query q;
    struct record_cursor end = {0};

    enum exit_status status = audit_query_read(self, args, &q);
    if (status == EXIT_DONE)
        status = audit_drain(self, args, &place);
    if (status != EXIT_DONE)
        return status;
    enum kw_err err = search_tail(place.dir, &q.query, n, audit_print, &p, &end);
    if (err != KW_OK)
        return audit_exit(self, place.dir, err);
    if (fflush(stdout) != 0)
        return EXIT_IO;
    return args_has(args, "follow") ? follow(self, args, &place, &q.query, &end, &p) : EXIT_DONE;
}

static enum exit_status tail(const struct command *self, const struct args *args)
{
    uint64_t n;

    enum exit_status status = read_count(self, args, "lines", TAIL_DEFAULT, &n);
    if (status != EXIT_DONE)
        return status;
    if (!where_is_url(args))
        return tail_here(self, args, n);
    if (args_has(args, "follow"))
        return exit_say(EXIT_USAGE, self->name,
                        "--follow works on the machine of keyward serve alone");
    return audit_far_search(self, args, n, true);
}

static const struct option tail_options[] = {
    {"lines", "N", false, "so many records, oldest first (-n N; default 50)", 'n'},
    {"follow", NULL, false, "go on with what comes (-f)", 'f'},
    AUDIT_QUERY_OPTIONS,
    TALK_OPTIONS,
    {NULL},
};

const struct command cmd_audit_tail = {
    .name = "audit tail",
    .operands = "",
    .summary = "show the newest attempts, changes, sign-ins, leaks, spends, warnings and readings",
    .about = "With --json one object a line (NDJSON), with reason, status, request_id, key_id and "
             "more.\n"
             "What was decided before the call is in the answer: keyward serve is asked to write "
             "down first.",
    .options = tail_options,
    .run = tail,
};

/* ---- search ---- */

static enum exit_status search_here(const struct command *self, const struct args *args,
                                    uint64_t limit)
{
    AUTO(audit_printer_deinit) struct audit_printer p = {.as_json = args_has(args, "json")};
    struct audit_place place;
    struct audit_query q;

    enum exit_status status = audit_query_read(self, args, &q);
    if (status == EXIT_DONE)
        status = audit_drain(self, args, &place);
    if (status != EXIT_DONE)
        return status;
    q.query.limit = limit;
    q.query.oldest_first = args_has(args, "oldest-first");
    status = audit_exit(self, place.dir, search_run(place.dir, &q.query, audit_print, &p));
    if (status == EXIT_DONE && fflush(stdout) != 0)
        return EXIT_IO;
    if (status == EXIT_DONE && p.n == 0 && !p.as_json)
        fputs("Nothing on the record matches.\n", stderr);
    return status;
}

static enum exit_status search(const struct command *self, const struct args *args)
{
    uint64_t limit;

    enum exit_status status = read_count(self, args, "limit", 0, &limit);
    if (status != EXIT_DONE)
        return status;
    if (!where_is_url(args))
        return search_here(self, args, limit);
    if (args_has(args, "oldest-first"))
        return exit_say(EXIT_USAGE, self->name,
                        "--oldest-first works on the machine of keyward serve alone");
    return audit_far_search(self, args, limit, false);
}

static const struct option search_options[] = {
    AUDIT_QUERY_OPTIONS,
    {"limit", "N", false, "at most so many (default: all)"},
    {"oldest-first", NULL, false, "in the order of the record (default: newest first)"},
    TALK_OPTIONS,
    {NULL},
};

const struct command cmd_audit_search = {
    .name = "audit search",
    .operands = "",
    .summary =
        "find attempts, changes, sign-ins, leaks, spends, warnings and readings on the record",
    .about = "What is given must all hold. With --json one object a line.",
    .options = search_options,
    .run = search,
};

/* ---- explain ---- */

struct explaining {
    bool found, as_json;
    struct explained all;
};

static enum kw_err explain_one(void *ctx, const struct record_entry *e)
{
    struct explaining *x = ctx;

    if (x->as_json && e->kind == RECORD_SPEND)
        return KW_OK; /* the decision is asked for */
    x->found = true;
    if (x->as_json) {
        AUTO(audit_printer_deinit) struct audit_printer p = {.as_json = true};
        enum kw_err err = audit_print(&p, e);
        return err == KW_OK ? KW_EFULL : err;
    }
    return explain_add(&x->all, e) ? KW_OK : KW_EFULL;
}

static enum exit_status explain(const struct command *self, const struct args *args)
{
    struct explaining x = {.as_json = args_has(args, "json"), .all = {.text.max = 0}};
    struct audit_place place;
    uint8_t id[EVENT_REQUEST_ID];

    if (hex_get(str_from(args->operands[0]), id, sizeof id) != KW_OK)
        return exit_say(EXIT_DATA, self->name,
                        "a request id is 32 hexadecimal digits, as in X-Request-Id");
    if (where_is_url(args))
        return audit_far_explain(self, args);
    enum exit_status status = audit_drain(self, args, &place);
    if (status != EXIT_DONE)
        return status;
    const struct record_query q = {.request_id = id, .limit = EXPLAIN_RECORDS};
    enum kw_err err = search_run(place.dir, &q, explain_one, &x);
    if (err == KW_OK || err == KW_EFULL)
        err = explain_end(&x.all);
    status = audit_exit(self, place.dir, err);
    if (status == EXIT_DONE && !x.found)
        status = exit_say(EXIT_REFUSED, self->name, "nothing with that request id is on the record");
    if (status == EXIT_DONE && !x.as_json)
        status = output_text(&x.all.text);
    explained_deinit(&x.all);
    return status;
}

static const struct option explain_options[] = {TALK_OPTIONS, {NULL}};

const struct command cmd_audit_explain = {
    .name = "audit explain",
    .operands = "REQUEST-ID",
    .n_operands = 1,
    .summary = "tell how a decision came about",
    .about = "Step by step, with the versions of the key and of the policy that were in force.\n"
             "The request id is in every answer: X-Request-Id.",
    .options = explain_options,
    .run = explain,
};
