/* options.h - the arguments of a command, taken apart by its table. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/str.h"

struct option {        /* a table of them ends with a name of NULL */
    const char *name;  /* "expires", for --expires */
    const char *value; /* what the help calls its value; NULL: it takes none */
    bool repeats;      /* may be given more than once */
    const char *help;
    char letter; /* 'n', for -n; 0: it has none */
};

enum { OPTIONS_GIVEN_MAX = 256, OPERANDS_MAX = 3, OPTIONS_WHY_MAX = 240 };

struct args { /* borrows argv */
    struct {
        const struct option *option;
        const char *value; /* NULL: it takes none */
    } given[OPTIONS_GIVEN_MAX];
    size_t n_given;
    const char *operands[OPERANDS_MAX];
    size_t n_operands;
};

/* Takes "--name value", "--name=value", "-n value" and operands, in any order; "--" ends the options. Refused
 * (KW_EINVAL, and why is a sentence): an option that is not in the table (with the nearest one that
 * is), a value too many or missing, an option twice that may come once, fewer operands than n_least or more than n_most. */
enum kw_err options_parse(int argc, char *const argv[], const struct option *table, size_t n_least,
                          size_t n_most, struct args *out, char why[OPTIONS_WHY_MAX]) MUST_USE;

bool args_has(const struct args *a, const char *name);

/* The value of an option; NULL when it was not given. */
const char *args_value(const struct args *a, const char *name);

/* The next value of a repeatable option: begin with *at = 0. NULL: no more. */
const char *args_next(const struct args *a, const char *name, size_t *at);

/* The entry of a list (ending with NULL) that is nearest to a word, for "did you mean"; NULL when
 * none is near. */
const char *options_nearest(const char *word, const char *const *list);

#endif
