/* key_show.c - see key_show.h. */
#include "cli/key_show.h"

#include "cli/output.h"

static void show_rotation(const json_t *key, struct buf *out)
{
    const char *due = output_string(key, "rotationDue");

    if (due[0] == '\0')
        output_line(out, "Rotation", "never due");
    else
        buf_printf(out, "%-13severy %lld days, due %s%s\n", "Rotation",
                   output_number(key, "rotationDays"), due,
                   strcmp(output_string(key, "rotationStage"), "overdue") == 0 ? ": OVERDUE" : "");
    if (strcmp(output_string(key, "onOverdue"), "alert") != 0)
        output_line(out, "If overdue", output_string(key, "onOverdue"));
    if (output_string(key, "oldSecretEnds")[0] != '\0')
        buf_printf(out, "%-13sworks until %s\n", "Old secret", output_string(key, "oldSecretEnds"));
}

void key_show(const json_t *key, struct buf *out)
{
    const char *expires = output_string(key, "expires");

    output_line(out, "Id", output_string(key, "id"));
    output_line(out, "Name", output_string(key, "name"));
    output_line(out, "Account", output_string(key, "account"));
    output_line(out, "Environment", output_string(key, "environment"));
    output_line(out, "State", output_string(key, "state"));
    if (strcmp(output_string(key, "frozen"), "nothing") != 0)
        output_line(out, "Frozen", output_string(key, "frozen"));
    buf_printf(out, "%-13s", "Permissions");
    output_list(out, json_object_get(key, "permissions"), "none");
    buf_printf(out, "\n%-13s", "Addresses");
    output_list(out, json_object_get(key, "allowIp"), "all");
    buf_printf(out, "\n");
    output_line(out, "Rate", output_string(key, "rate"));
    output_line(out, "Quota", output_string(key, "quota"));
    output_line(out, "Expires", expires[0] == '\0' ? "never" : expires);
    show_rotation(key, out);
    output_last(out, "Last used", key, "lastUsedAt", "lastUsedFrom");
    buf_printf(out, "%-13s%s by %s\n", "Created", output_string(key, "createdAt"),
               output_string(key, "createdBy"));
    buf_printf(out, "%-13s%lld\n", "Version", output_number(key, "version"));
}
