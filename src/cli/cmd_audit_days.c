/* cmd_audit_days.c - keyward audit days. */
#include <stdio.h>

#include "cli/listing.h"
#include "cli/output.h"

static const char *number(const json_t *o, const char *name, char out[24])
{
    const json_t *n = json_object_get(o, name);

    if (!json_is_integer(n))
        return "-";
    snprintf(out, 24, "%lld", (long long)json_integer_value(n));
    return out;
}

static const char *state_of(const json_t *d)
{
    if (json_is_true(json_object_get(d, "damaged")))
        return "damaged";
    return json_is_true(json_object_get(d, "closed")) ? "closed" : "open";
}

static enum kw_err add_row(struct table *t, const json_t *d)
{
    char records[24], batches[24], bytes[24], hash[32];

    const char *last = json_string_value(json_object_get(d, "lastHash"));

    snprintf(hash, sizeof hash, "%.16s%s", last == NULL ? "-" : last, last == NULL ? "" : "…");
    const char *const cells[] = {output_string(d, "day"),       state_of(d),
                                 number(d, "records", records), number(d, "batches", batches),
                                 number(d, "bytes", bytes),     hash};

    return table_add(t, cells);
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    static const char *const headings[] = {"DAY",     "STATE", "RECORDS",
                                           "BATCHES", "BYTES", "LAST HASH"};
    static const struct listing l = {
        .name = "days",
        .headings = headings,
        .n_columns = COUNT_OF(headings),
        .add_row = add_row,
        .empty = "Nothing is on the record yet.\n",
    };
    AUTO(buf_deinit) struct buf path = BUF_MAX(4096);

    buf_printf(&path, "/v1/audit/days?limit=1000");
    return listing_show(self, args, &path, &l);
}

static const struct option options[] = {TALK_OPTIONS, {NULL}};

const struct command cmd_audit_days = {
    .name = "audit days",
    .operands = "",
    .summary = "list the days of the record, each with its signed end",
    .about = "Newest first. With --json, \"head\" of a day is what to keep elsewhere: "
             "`keyward audit verify --head FILE`\nholds the record against it. A day that is "
             "damaged has none: `keyward audit verify`\nnames the first bad record.",
    .options = options,
    .run = run,
};
