/* main.c - the program `keyward`: finds the command, and keeps keys out of its arguments. */
#include <jansson.h>
#include <locale.h>
#include <stdlib.h>

#include "cli/help.h"
#include "core/exposure.h"

static bool holds_a_key(int argc, char *const argv[])
{
    const struct str any_brand = {NULL, 0};

    for (int i = 1; i < argc; i++)
        if (exposure_found(str_from(argv[i]), any_brand))
            return true;
    return false;
}

static bool wants_help(int argc, char *const argv[])
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

/* The command that was probably meant: "keys crate" is near "keys create". NULL: none is near. */
static const char *nearest_command(int argc, char *const argv[])
{
    const char *names[64] = {NULL};
    char said[80];

    for (size_t i = 0; commands[i] != NULL && i + 1 < COUNT_OF(names); i++)
        names[i] = commands[i]->name;
    snprintf(said, sizeof said, "%.38s %.38s", argv[0], argc > 1 ? argv[1] : "");
    const char *near = argc > 1 ? options_nearest(said, names) : NULL;
    return near == NULL ? options_nearest(argv[0], names) : near;
}

static enum exit_status unknown_command(int argc, char *const argv[])
{
    const char *near = nearest_command(argc, argv);

    if (argv[0][0] == '-')
        return exit_say(EXIT_USAGE, "",
                        "%.40s stands before the command: options stand behind it, as in "
                        "`keyward keys list --json`",
                        argv[0]);
    if (near == NULL)
        return exit_say(EXIT_USAGE, "", "there is no command %.40s; see `keyward help`", argv[0]);
    return exit_say(EXIT_USAGE, "", "there is no command %.40s%s%.40s; did you mean `keyward %s`?",
                    argv[0], argc > 1 ? " " : "", argc > 1 ? argv[1] : "", near);
}

static enum exit_status no_command(int argc, char *const argv[])
{
    if (argc == 0) {
        help_all(stderr);
        return EXIT_USAGE;
    }
    if (!commands_is_group(argv[0]) || (argc > 1 && argv[1][0] != '-'))
        return unknown_command(argc, argv);
    bool asked = wants_help(argc, argv);
    help_group(asked ? stdout : stderr, argv[0]);
    return asked ? EXIT_DONE : EXIT_USAGE;
}

static enum exit_status run(const struct command *c, int argc, char *const argv[])
{
    char why[OPTIONS_WHY_MAX] = "";
    struct args args;

    if (wants_help(argc, argv)) {
        help_command(stdout, c);
        return EXIT_DONE;
    }
    if (options_parse(argc, argv, c->options, c->n_operands - c->n_optional, c->n_operands, &args,
                      why) != KW_OK)
        return exit_say(EXIT_USAGE, c->name, "%s; see `keyward help %s`", why, c->name);
    return c->run(c, &args);
}

static enum exit_status help_about(int argc, char *const argv[])
{
    int n_words = 0;
    const struct command *c = commands_find(argc, argv, &n_words);

    if (c != NULL && n_words == argc)
        help_command(stdout, c);
    else if (argc == 1 && wants_help(argc, argv))
        help_command(stdout, &cmd_help);
    else if (argc == 1 && commands_is_group(argv[0]))
        help_group(stdout, argv[0]);
    else
        return no_command(argc, argv);
    return EXIT_DONE;
}

int main(int argc, char *argv[])
{
    char help_word[] = "help", version_word[] = "version";
    char *const as_help[] = {help_word}, *const as_version[] = {version_word};
    int n_words = 0, n = argc - 1;
    char *const *words = argv + 1;

    setlocale(LC_CTYPE, "C.UTF-8");
    if (holds_a_key(argc, argv))
        return (int)exit_say(
            EXIT_USAGE, "",
            "an argument looks like an API key; nothing was done. Arguments can be seen by "
            "every user of this machine and stay in the shell's history: revoke that key. "
            "Commands name a key by its id, the 14 characters in its middle");
    if (n == 1 && (strcmp(words[0], "--help") == 0 || strcmp(words[0], "-h") == 0))
        words = as_help;
    if (n == 1 && strcmp(words[0], "--version") == 0)
        words = as_version;
    if (n > 1 && strcmp(words[0], "help") == 0)
        return (int)help_about(n - 1, words + 1);
    const struct command *c = commands_find(n, words, &n_words);
    return (int)(c == NULL ? no_command(n, words) : run(c, n - n_words, words + n_words));
}
