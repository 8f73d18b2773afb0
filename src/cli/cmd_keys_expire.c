/* cmd_keys_expire.c - keyward keys expire. */
#include "cli/keys_bulk.h"

static enum exit_status run(const struct command *self, const struct args *args)
{
    const struct bulk bulk = {
        .path = "/v1/keys/expire",
        .verb = "End",
        .final = "Keys that end earlier keep their end.",
        .done = "end then, or earlier",
        .expires = args->operands[0],
    };

    if (!key_filter_given(args))
        return exit_say(EXIT_USAGE, self->name,
                        "say which keys: --created-by, --used-from, --unused-since, …");
    return keys_bulk(self, args, &bulk);
}

static const struct option options[] = {
    KEY_FILTER_OPTIONS, BULK_OPTIONS, CONFIRM_OPTION, TALK_OPTIONS, {NULL},
};

const struct command cmd_keys_expire = {
    .name = "keys expire",
    .operands = "WHEN",
    .n_operands = 1,
    .summary = "let many keys end at a time, which is only ever earlier than it was",
    .about =
        "WHEN is 90d, 2030-01-31 or 2030-01-31T12:00:00Z. The keys that match are counted, and\n"
        "asked about. Each is a change of its own on the record.",
    .options = options,
    .run = run,
};
