/* cmd_keys_show.c - keyward keys show. */
#include "cli/key_call.h"

static enum exit_status run(const struct command *self, const struct args *args)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};

    enum exit_status status = key_call(self, args, "GET", "", NULL, NULL, &answer);
    if (status != EXIT_DONE)
        return status;
    return key_tell(args, &answer, "");
}

static const struct option options[] = {TALK_OPTIONS, {NULL}};

const struct command cmd_keys_show = {
    .name = "keys show",
    .operands = "ID",
    .n_operands = 1,
    .summary = "show one key, without its secret",
    .options = options,
    .run = run,
};
