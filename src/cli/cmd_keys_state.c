/* cmd_keys_state.c - keyward keys disable, enable, revoke. */
#include "cli/confirm.h"
#include "cli/key_call.h"
#include "cli/keys_bulk.h"

static enum exit_status step(const struct command *self, const struct args *args,
                             const char *behind, const char *sentence)
{
    AUTO(client_answer_deinit) struct client_answer answer = {0};

    enum exit_status status = key_call(self, args, "POST", behind, NULL, NULL, &answer);
    if (status != EXIT_DONE)
        return status;
    return key_tell(args, &answer, sentence);
}

static enum exit_status run_disable(const struct command *self, const struct args *args)
{
    return step(self, args, "/disable", "Disabled: refused from now on, until it is enabled again.");
}

static enum exit_status run_enable(const struct command *self, const struct args *args)
{
    return step(self, args, "/enable", "Enabled: accepted from now on.");
}

static enum exit_status revoke_many(const struct command *self, const struct args *args)
{
    static const struct bulk bulk = {
        .path = "/v1/keys/revoke",
        .verb = "Revoke",
        .final = "That is final: none can be enabled again.",
        .done = "revoked",
    };

    if (!key_filter_given(args))
        return exit_say(EXIT_USAGE, self->name,
                        "give an ID, or say which keys: --created-by, --used-from, …");
    return keys_bulk(self, args, &bulk);
}

static enum exit_status run_revoke(const struct command *self, const struct args *args)
{
    char question[120];

    if (args->n_operands == 0)
        return revoke_many(self, args);
    if (key_filter_given(args) || args_has(args, "expect"))
        return exit_say(EXIT_USAGE, self->name, "give an ID, or say which keys, not both");
    snprintf(question, sizeof question,
             "Revoke the key %.20s? That is final: it cannot be enabled again.", args->operands[0]);
    enum exit_status status = confirm(self, args, question);
    if (status != EXIT_DONE)
        return status;
    return step(self, args, "/revoke", "Revoked: refused from now on, for ever.");
}

static const struct option options[] = {TALK_OPTIONS, {NULL}};

static const struct option revoke_options[] = {
    KEY_FILTER_OPTIONS, BULK_OPTIONS, CONFIRM_OPTION, TALK_OPTIONS, {NULL},
};

const struct command cmd_keys_disable = {
    .name = "keys disable",
    .operands = "ID",
    .n_operands = 1,
    .summary = "refuse a key until it is enabled again",
    .options = options,
    .run = run_disable,
};

const struct command cmd_keys_enable = {
    .name = "keys enable",
    .operands = "ID",
    .n_operands = 1,
    .summary = "accept a disabled key again",
    .options = options,
    .run = run_enable,
};

const struct command cmd_keys_revoke = {
    .name = "keys revoke",
    .operands = "[ID]",
    .n_operands = 1,
    .n_optional = 1,
    .summary = "refuse a key, or many, for ever",
    .about =
        "When this returns, no decision on this machine that begins later allows the key.\n"
        "Without an ID, the keys that match the options are counted, and asked about; each is a\n"
        "change of its own on the record.",
    .options = revoke_options,
    .run = run_revoke,
};
