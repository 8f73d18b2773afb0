/* audit.c - see audit.h. */
#include "cli/audit.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/hex.h"
#include "cli/audit_line.h"
#include "cli/output.h"
#include "core/key.h"
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

static enum exit_status read_outcome(const struct command *self, const struct args *args,
                                     struct record_query *out)
{
    const char *verdict = args_value(args, "verdict"), *member = args_value(args, "member");
    const char *environment = args_value(args, "environment");

    out->member = str_from(member);
    out->from_browser = args_has(args, "browser");
    if (verdict != NULL && asked_verdict(str_from(verdict), &out->verdict) != KW_OK)
        return wrong(self, "verdict", "it is allow or deny");
    if (environment != NULL && environment_parse(str_from(environment), &out->environment) != KW_OK)
        return wrong(self, "environment", "it is sandbox or production");
    if (member != NULL && !key_id_ok(str_from(member)))
        return wrong(self, "member", "a member is named by his id, 14 letters and digits");
    return EXIT_DONE;
}

static enum exit_status read_kinds(const struct command *self, const struct args *args,
                                   enum search_kinds *out)
{
    static const struct {
        const char *option;
        enum search_kinds kinds;
    } all[] = {{"events", SEARCH_EVENTS},     {"changes", SEARCH_CHANGES},
               {"sign-ins", SEARCH_SIGN_INS}, {"leaks", SEARCH_LEAKS},
               {"spends", SEARCH_SPENDS},     {"warnings", SEARCH_WARNINGS},
               {"reads", SEARCH_READINGS}};
    int n = 0;

    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (args_has(args, all[i].option)) {
            *out = all[i].kinds;
            n++;
        }
    if (n > 1)
        return exit_say(
            EXIT_USAGE,
            self->name, "--events, --changes, --sign-ins, --leaks, --spends, --warnings and --reads exclude each other");
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
    status = read_outcome(self, args, &out->query);
    if (status != EXIT_DONE)
        return status;
    return read_who(self, args, out);
}

/* ---- lines ---- */

/* For people, too, by way of the JSON: a record of another machine comes as that. */
static enum kw_err print_for_people(struct buf *line)
{
    json_t *record = json_loadb(line->p, line->n, JSON_ALLOW_NUL, NULL);

    if (record == NULL)
        return KW_EFORMAT;
    buf_clear(line);
    audit_line(record, line);
    json_decref(record);
    return line->failed ? KW_ENOMEM : KW_OK;
}

enum kw_err audit_print_line(struct audit_printer *p, struct str line)
{
    p->line.max = LINE_MAX_BYTES;
    buf_clear(&p->line);
    buf_str(&p->line, line);
    p->n++;
    if (!p->as_json)
        TRY(print_for_people(&p->line));
    return !p->line.failed && fwrite(p->line.p, 1, p->line.n, stdout) == p->line.n ? KW_OK : KW_EIO;
}

enum kw_err audit_print(void *printer, const struct record_entry *e)
{
    AUTO(buf_deinit) struct buf line = BUF_MAX(LINE_MAX_BYTES);

    line_json(e, &line);
    return line.failed ? KW_ENOMEM : audit_print_line(printer, buf_view(&line));
}

void audit_printer_deinit(struct audit_printer *p)
{
    buf_deinit(&p->line);
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
