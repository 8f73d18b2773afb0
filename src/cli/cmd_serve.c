/* cmd_serve.c - keyward serve. */
#include "cli/commands.h"
#include "server/serve.h"

static enum exit_status run(const struct command *self, const struct args *args)
{
    const char *file = args_value(args, "config");
    struct config config;
    char why[SERVE_WHY_MAX] = "";

    enum kw_err err = config_load(file == NULL ? CONFIG_DEFAULT_FILE : file, &config, why);
    if (err == KW_ENOTFOUND)
        return exit_say(EXIT_NO_INPUT, self->name, "%s", why);
    if (err != KW_OK)
        return exit_say(EXIT_CONFIG, self->name, "%s", why);
    err = serve_run(&config, why);
    if (err != KW_OK)
        return exit_say(exit_of(err), self->name, "%s", why);
    return EXIT_DONE;
}

static const struct option options[] = {
    {"config", "FILE", false, "the configuration; " CONFIG_DEFAULT_FILE " otherwise"},
    {NULL},
};

const struct command cmd_serve = {
    .name = "serve",
    .operands = "",
    .summary = "run the authority: keys, keyring, record",
    .about = "Stays in the foreground and logs to standard error. SIGTERM and SIGINT end it; the "
             "keyring\n"
             "stays, so that verifiers go on deciding meanwhile.",
    .options = options,
    .run = run,
};
