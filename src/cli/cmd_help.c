/* cmd_help.c - keyward help, keyward version. */
#include <jansson.h>
#include <keyward/version.h>

#include "cli/help.h"
#include "cli/output.h"

static const struct option no_options[] = {{NULL}};

static enum exit_status help(const struct command *self, const struct args *args)
{
    (void)self;
    (void)args;
    help_all(stdout);
    return EXIT_DONE;
}

const struct command cmd_help = {
    .name = "help",
    .operands = "",
    .summary = "what there is",
    .about = "With the name of a command behind it, `keyward help` tells about that command.",
    .options = no_options,
    .run = help,
};

static enum exit_status version(const struct command *self, const struct args *args)
{
    (void)self;
    if (!args_has(args, "json")) {
        puts("keyward " KEYWARD_VERSION);
        return EXIT_DONE;
    }
    json_t *answer = json_pack("{s:s}", "version", KEYWARD_VERSION);
    enum exit_status status = output_json(answer);
    json_decref(answer);
    return status;
}

static const struct option version_options[] = {{"json", NULL, false, "answer in JSON"}, {NULL}};

const struct command cmd_version = {
    .name = "version",
    .operands = "",
    .summary = "which version this is",
    .options = version_options,
    .run = version,
};
