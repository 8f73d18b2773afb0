/* help.c - see help.h. */
#include "cli/help.h"

static int width_of_usage(const struct command *c)
{
    return (int)(strlen(c->name) + (c->operands[0] == '\0' ? 0 : 1) + strlen(c->operands));
}

static bool is_in(const struct command *c, const char *word) /* "": all */
{
    size_t n = strlen(word);

    return n == 0 || (strncmp(c->name, word, n) == 0 && (c->name[n] == ' ' || c->name[n] == '\0'));
}

static void list(FILE *to, const char *word)
{
    int widest = 0;

    for (size_t i = 0; commands[i] != NULL; i++)
        if (is_in(commands[i], word) && width_of_usage(commands[i]) > widest)
            widest = width_of_usage(commands[i]);
    for (size_t i = 0; commands[i] != NULL; i++) {
        const struct command *c = commands[i];
        if (!is_in(c, word))
            continue;
        fprintf(to, "  %s%s%s%*s  %s\n", c->name, c->operands[0] == '\0' ? "" : " ", c->operands,
                widest - width_of_usage(c), "", c->summary);
    }
}

void help_all(FILE *to)
{
    fputs("Keyward issues API keys, decides what they may do, and keeps the record.\n\n"
          "Usage: keyward COMMAND [OPTION]…\n\n",
          to);
    list(to, "");
    fputs("\n`keyward help COMMAND` and `keyward COMMAND --help` tell more. Exit status:\n\n", to);
#define X(symbol, number, meaning) fprintf(to, "  %2d  %s\n", number, meaning);
    EXITS(X)
#undef X
    fputs("\nThe commands talk to `keyward serve` over a unix socket: that of --socket, else of\n"
          "$KEYWARD_SOCKET, else /run/keyward/admin.sock; or, with --url or $KEYWARD_URL, over "
          "HTTPS\n"
          "with the management token of --token-file, $KEYWARD_TOKEN or $KEYWARD_TOKEN_FILE.\n",
          to);
}

void help_group(FILE *to, const char *word)
{
    fputs("Usage:\n\n", to);
    list(to, word);
    fprintf(to, "\n`keyward help %s COMMAND` tells more.\n", word);
}

static int width_of_option(const struct option *o)
{
    return (int)(strlen(o->name) + (o->value == NULL ? 0 : 1 + strlen(o->value)));
}

static void list_options(FILE *to, const struct option *table)
{
    int widest = (int)strlen("help");

    for (const struct option *o = table; o->name != NULL; o++)
        if (width_of_option(o) > widest)
            widest = width_of_option(o);
    for (const struct option *o = table; o->name != NULL; o++)
        fprintf(to, "  --%s%s%s%*s  %s%s\n", o->name, o->value == NULL ? "" : " ",
                o->value == NULL ? "" : o->value, widest - width_of_option(o), "", o->help,
                o->repeats ? " (may be repeated)" : "");
    fprintf(to, "  --help%*s  this help\n", widest - (int)strlen("help"), "");
}

void help_command(FILE *to, const struct command *c)
{
    fprintf(to, "keyward %s - %s\n\nUsage: keyward %s%s%s [OPTION]…\n\n", c->name, c->summary,
            c->name, c->operands[0] == '\0' ? "" : " ", c->operands);
    if (c->about != NULL)
        fprintf(to, "%s\n\n", c->about);
    list_options(to, c->options);
}
