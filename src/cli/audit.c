/* audit.c - see audit.h. */
#include "cli/audit.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/hex.h"
#include "cli/output.h"
#include "core/key.h"
#include "core/moment.h"
#include "core/permission.h"
#include "record/asked.h"
#include "record/line.h"

enum { LINE_MAX_BYTES = 8192 };

enum exit_status audit_drain(const struct command *self, const struct args *args,
                             struct audit_place *out)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};
    const struct client_request r = {.method = "POST", .path = "/v1/drain"};

    enum exit_status status = talk(self, args, &r, &answer);
    if (status != EXIT_DONE)
        return status;
    snprintf(out->dir, sizeof out->dir, "%s", output_string(answer.body, "auditDir"));
    snprintf(out->public_key, sizeof out->public_key, "%s", output_string(answer.body, "publicKey"));
    return EXIT_DONE;
}

/* ---- the query ---- */

static enum exit_status wrong(const struct command *self, const char *option, const char *form)
{
    return exit_say(EXIT_DATA, self->name, "--%s: %s", option, form);
}

static enum exit_status read_who(const struct command *self, const struct args *args,
                                 struct audit_query *out)
{
    const char *source = args_value(args, "source"), *reason = args_value(args, "reason");
    const char *request = args_value(args, "request"), *key = args_value(args, "key");

    out->query.key_id = str_from(key);
    out->query.account = str_from(args_value(args, "account"));
    if (key != NULL && !key_id_ok(str_from(key)))
        return wrong(self, "key", "a key is named by its id, 14 letters and digits");
    if (source != NULL && address_parse(str_from(source), &out->source) != KW_OK)
        return wrong(self, "source", "an address is written like 192.0.2.1 or 2001:db8::1");
    if (reason != NULL && asked_reason(str_from(reason), &out->reason) != KW_OK)
        return wrong(self, "reason", "there is no such reason; docs/architecture.md lists them");
    if (request != NULL && hex_get(str_from(request), out->request_id, EVENT_REQUEST_ID) != KW_OK)
        return wrong(self, "request", "a request id is 32 hexadecimal digits, as in X-Request-Id");
    out->query.source = source == NULL ? NULL : &out->source;
    out->query.reason = reason == NULL ? NULL : &out->reason;
    out->query.request_id = request == NULL ? NULL : out->request_id;
    return EXIT_DONE;
}

static enum exit_status read_kinds(const struct command *self, const struct args *args,
                                   enum search_kinds *out)
{
    static const struct {
        const char *option;
        enum search_kinds kinds;
    } all[] = {{"events", SEARCH_EVENTS}, {"changes", SEARCH_CHANGES}, {"sign-ins", SEARCH_SIGN_INS}};
    int n = 0;

    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (args_has(args, all[i].option)) {
            *out = all[i].kinds;
            n++;
        }
    if (n > 1)
        return exit_say(EXIT_USAGE, self->name,
                        "--events, --changes and --sign-ins exclude each other");
    return EXIT_DONE;
}

enum exit_status audit_query_read(const struct command *self, const struct args *args,
                                  struct audit_query *out)
{
    const char *since = args_value(args, "since"), *until = args_value(args, "until");
    const char *form = "a time is written like 2026-11-24, 2026-11-24T03:00:00Z, 90m, 12h or 7d";

    *out = (struct audit_query){.query = {.kinds = SEARCH_ALL}};
    if (since != NULL && asked_time(str_from(since), clock_wall_us(), &out->query.from_us) != KW_OK)
        return wrong(self, "since", form);
    if (until != NULL && asked_time(str_from(until), clock_wall_us(), &out->query.until_us) != KW_OK)
        return wrong(self, "until", form);
    enum exit_status status = read_kinds(self, args, &out->query.kinds);
    if (status != EXIT_DONE)
        return status;
    return read_who(self, args, out);
}

/* ---- lines ---- */

static void print_event(const struct event *e, struct buf *line)
{
    char source[ADDRESS_TEXT_MAX], moment[MOMENT_LEN + 1];
    struct str key = {e->key_id, e->key_id[0] == '\0' ? 0 : sizeof e->key_id};

    moment_print(e->time_us / 1000, moment);
    size_t n = address_print(&e->source, source);
    buf_printf(line, "%s  %3u %-20s  %-14.*s  %-15.*s  ", moment, e->status,
               kw_reason_name(e->reason), key.n == 0 ? 1 : (int)key.n, key.n == 0 ? "-" : key.p,
               (int)n, source);
    if (e->kind != EVENT_DECISION) {
        buf_printf(line, "%s of %u attempts\n", line_event_kind(e->kind), e->count);
        return;
    }
    line_string(e->method, line);
    buf_str(line, STR(" "));
    line_string(e->path, line);
    buf_str(line, STR("\n"));
}

static void print_change(const struct record_change *c, struct buf *line)
{
    static const char *const kinds[] = {"", "key", "account", "policy", "member", "token"};
    char moment[MOMENT_LEN + 1];

    moment_print(c->time_ms, moment);
    buf_printf(line, "%s  change %llu by ", moment, (unsigned long long)c->n);
    line_string(c->actor, line);
    buf_printf(line, ": %s ", (unsigned)c->kind < COUNT_OF(kinds) ? kinds[c->kind] : "");
    buf_str(line, c->id);
    buf_printf(line, " version %u ", c->version);
    buf_str(line, c->summary);
    buf_str(line, STR("\n"));
}

static void print_sign_in(const struct sign_in *s, struct buf *line)
{
    char source[ADDRESS_TEXT_MAX], moment[MOMENT_LEN + 1];
    struct str who = s->token.n > 0 ? s->token : s->member;
    size_t n = address_print(&s->source, source);

    moment_print(s->time_us / 1000, moment);
    buf_printf(line, "%s  sign-in %-17s  %-14.*s  %-15.*s  ", moment, sign_in_what_word(s->what),
               who.n == 0 ? 1 : (int)who.n, who.n == 0 ? "-" : who.p, s->summed > 0 ? 1 : (int)n,
               s->summed > 0 ? "-" : source);
    if (s->summed > 0)
        buf_printf(line, "summary of %u", s->summed);
    else
        line_string(s->email, line);
    if (s->why != SIGN_IN_NO_REASON)
        buf_printf(line, ": %s", sign_in_why_word(s->why));
    buf_str(line, STR("\n"));
}

static void print_for_people(const struct record_entry *e, struct buf *line)
{
    switch (e->kind) {
    case RECORD_EVENT:
        print_event(&e->event, line);
        break;
    case RECORD_CHANGE:
        print_change(&e->change, line);
        break;
    case RECORD_SIGN_IN:
        print_sign_in(&e->sign_in, line);
        break;
    }
}

enum kw_err audit_print(void *printer, const struct record_entry *e)
{
    struct audit_printer *p = printer;

    p->line.max = LINE_MAX_BYTES;
    buf_clear(&p->line);
    if (p->as_json)
        line_json(e, &p->line);
    else
        print_for_people(e, &p->line);
    p->n++;
    return !p->line.failed && fwrite(p->line.p, 1, p->line.n, stdout) == p->line.n ? KW_OK : KW_EIO;
}

enum exit_status audit_exit(const struct command *self, const char *dir, enum kw_err err)
{
    if (err == KW_OK)
        return EXIT_DONE;
    if (err == KW_EDAMAGED || err == KW_EFORMAT)
        return exit_say(
            EXIT_DATA, self->name,
            "the record in %s does not hold: `keyward audit verify` names the first bad record", dir);
    if (err == KW_EPERM)
        return exit_say(EXIT_PERMISSION, self->name, "this user may not read the record in %s", dir);
    return exit_say(exit_of(err), self->name, "%s: %s", dir, kw_strerror(err));
}
