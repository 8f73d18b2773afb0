/* cmd_serve.c - keyward serve. */
#include "cli/commands.h"
#include "server/serve.h"

/* The last line, too, is in the form that was asked for. */
static enum exit_status fail(const struct command *self, enum log_format format,
                             enum exit_status status, const char *why)
{
    if (format == LOG_TEXT)
        return exit_say(status, self->name, "%s", why);
    log_error("%s", why);
    return status;
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    const char *file = args_value(args, "config"), *word = args_value(args, "log-format");
    enum log_format format = LOG_TEXT;
    struct config config = {.log_format = LOG_TEXT};
    char why[SERVE_WHY_MAX] = "";

    if (word != NULL && config_log_format(word, &format) != KW_OK)
        return exit_say(EXIT_USAGE, self->name, "--log-format: it is text or json");
    log_set_format(format);
    enum kw_err err = config_load(file == NULL ? CONFIG_DEFAULT_FILE : file, &config, why);
    if (err != KW_OK)
        return fail(self, format, err == KW_ENOTFOUND ? EXIT_NO_INPUT : EXIT_CONFIG, why);
    if (word == NULL)
        log_set_format(format = config.log_format);
    err = serve_run(&config, why);
    if (err != KW_OK)
        return fail(self, format, exit_of(err), why);
    return EXIT_DONE;
}

static const struct option options[] = {
    {"config", "FILE", false, "the configuration; " CONFIG_DEFAULT_FILE " otherwise"},
    {"log-format", "FORMAT", false, "text or json, whatever the configuration says"},
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
