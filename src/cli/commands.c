/* commands.c - see commands.h. */
#include "cli/commands.h"

const struct command *const commands[] = {
#define X(symbol) &cmd_##symbol,
    COMMANDS(X)
#undef X
        NULL,
};

static bool is_named(const struct command *c, int argc, char *const argv[], int *n_words)
{
    struct str rest = str_from(c->name), word;

    for (int i = 0; i < argc; i++) {
        bool more = str_cut(rest, ' ', &word, &rest);
        if (!str_eq(more ? word : rest, str_from(argv[i])))
            return false;
        if (!more) {
            *n_words = i + 1;
            return true;
        }
    }
    return false;
}

const struct command *commands_find(int argc, char *const argv[], int *n_words)
{
    for (size_t i = 0; commands[i] != NULL; i++)
        if (is_named(commands[i], argc, argv, n_words))
            return commands[i];
    return NULL;
}

bool commands_is_group(const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; commands[i] != NULL; i++)
        if (strncmp(commands[i]->name, word, n) == 0 && commands[i]->name[n] == ' ')
            return true;
    return false;
}
