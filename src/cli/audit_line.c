/* audit_line.c - see audit_line.h. */
#include "cli/audit_line.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "cli/output.h"
#include "record/line.h"

static const char *or_dash(const json_t *record, const char *member)
{
    const char *text = output_string(record, member);

    return text[0] == '\0' ? "-" : text;
}

/* To the second: "2026-11-24T03:55:35Z". */
static void put_time(const json_t *record, struct buf *out)
{
    buf_printf(out, "%.19sZ  ", or_dash(record, "time"));
}

static void put_text(const json_t *string, struct buf *out)
{
    line_string((struct str){json_string_value(string), json_string_length(string)}, out);
}

static void put_string(const json_t *record, const char *member, struct buf *out)
{
    put_text(json_object_get(record, member), out);
}

static void put_event(const json_t *e, const char *kind, struct buf *out)
{
    buf_printf(out, "%3lld %-20s  %-14s  %-15s  ", output_number(e, "status"), or_dash(e, "reason"),
               or_dash(e, "key_id"), or_dash(e, "source"));
    if (strcmp(kind, "decision") != 0) {
        buf_printf(out, "%s of %lld attempts", kind, output_number(e, "count"));
        return;
    }
    put_string(e, "method", out);
    buf_str(out, STR(" "));
    put_string(e, "path", out);
}

/* As it is, where a terminal may see it. */
static void put_summary(const json_t *summary, struct buf *out)
{
    if (json_is_string(summary)) {
        put_text(summary, out);
        return;
    }
    char *text = json_dumps(summary, JSON_COMPACT);
    if (text == NULL && summary != NULL)
        out->failed = true;
    else if (utf8_printable(str_from(text)))
        buf_str(out, str_from(text));
    else
        line_string(str_from(text), out);
    free(text);
}

static void put_change(const json_t *c, struct buf *out)
{
    buf_printf(out, "change %lld by ", output_number(c, "change"));
    put_string(c, "actor", out);
    buf_printf(out, ": %s %s version %lld ", output_string(c, "object_kind"),
               output_string(c, "object_id"), output_number(c, "version"));
    put_summary(json_object_get(c, "summary"), out);
}

static void put_sign_in(const json_t *s, bool is_summary, struct buf *out)
{
    const char *who = output_string(s, "token"), *why = output_string(s, "why");

    buf_printf(out, "sign-in %-17s  %-14s  %-15s  ", or_dash(s, "what"),
               who[0] == '\0' ? or_dash(s, "member") : who, or_dash(s, "source"));
    if (is_summary)
        buf_printf(out, "summary of %lld", output_number(s, "count"));
    else
        put_string(s, "email", out);
    if (why[0] != '\0')
        buf_printf(out, ": %s", why);
}

/* Of a summary there is no key, and nothing of where it was found. */
static void put_leak(const json_t *l, bool is_summary, struct buf *out)
{
    buf_printf(out, "leak %-14s  %-14s  by %-7s  ", or_dash(l, "what"), or_dash(l, "key_id"),
               or_dash(l, "by"));
    if (is_summary)
        buf_printf(out, "summary of %lld", output_number(l, "count"));
    else
        put_string(l, "url", out);
}

static void put_spend(const json_t *s, struct buf *out)
{
    const char *why = output_string(s, "why"), *committed = output_string(s, "committed");

    buf_printf(out, "spend %-15s  %-14s  %s ", or_dash(s, "what"), or_dash(s, "key_id"),
               committed[0] == '\0' ? output_string(s, "amount") : committed);
    buf_printf(out, "%s to ", or_dash(s, "currency"));
    put_string(s, "destination", out);
    buf_str(out, STR(", reference "));
    put_string(s, "reference", out);
    if (why[0] != '\0')
        buf_printf(out, ": %s", why);
}

static void put_warning(const json_t *w, struct buf *out)
{
    buf_printf(out, "warning %-17s  %-14s  generation %lld", or_dash(w, "what"),
               or_dash(w, "key_id"), output_number(w, "generation"));
}

static void put_reading(const json_t *r, bool is_summary, struct buf *out)
{
    buf_printf(out, "read %-11s  ", or_dash(r, "what"));
    if (is_summary) {
        buf_printf(out, "summary of %lld", output_number(r, "count"));
        return;
    }
    put_string(r, "actor", out);
    buf_printf(out, "  %-15s  ", or_dash(r, "source"));
    put_string(r, "filter", out);
}

void audit_line(const json_t *record, struct buf *out)
{
    const char *kind = output_string(record, "kind");

    put_time(record, out);
    if (strcmp(kind, "change") == 0)
        put_change(record, out);
    else if (strcmp(kind, "spend") == 0)
        put_spend(record, out);
    else if (strncmp(kind, "sign_in", 7) == 0)
        put_sign_in(record, strcmp(kind, "sign_in_summary") == 0, out);
    else if (strncmp(kind, "leak", 4) == 0)
        put_leak(record, strcmp(kind, "leak_summary") == 0, out);
    else if (strncmp(kind, "read", 4) == 0)
        put_reading(record, strcmp(kind, "read_summary") == 0, out);
    else if (strcmp(kind, "warning") == 0)
        put_warning(record, out);
    else
        put_event(record, kind, out);
    buf_str(out, STR("\n"));
}
