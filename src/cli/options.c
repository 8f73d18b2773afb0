/* options.c - see options.h. */
#include "cli/options.h"

#include <stdarg.h>
#include <stdio.h>

enum { WORD_MAX = 40 };

static enum kw_err say(char *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

static enum kw_err say(char *why, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why, OPTIONS_WHY_MAX, format, args);
    va_end(args);
    return KW_EINVAL;
}

/* ---- the nearest word ---- */

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* Levenshtein's distance, one row at a time. */
static size_t distance(const char *a, const char *b)
{
    size_t row[WORD_MAX + 1], n_a = strlen(a), n_b = strlen(b);

    if (n_a > WORD_MAX || n_b > WORD_MAX)
        return WORD_MAX;
    for (size_t j = 0; j <= n_b; j++)
        row[j] = j;
    for (size_t i = 1; i <= n_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            size_t above = row[j];
            size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = least(above + 1, row[j - 1] + 1, change);
            diagonal = above;
        }
    }
    return row[n_b];
}

const char *options_nearest(const char *word, const char *const *list)
{
    const char *best = NULL;
    size_t nearest = strlen(word) / 3 + 2; /* farther away it is no typing error */

    for (; *list != NULL; list++) {
        size_t d = distance(word, *list);
        if (d < nearest) {
            nearest = d;
            best = *list;
        }
    }
    return best;
}

static enum kw_err unknown_option(struct str name, const struct option *table, char *why)
{
    const char *names[OPTIONS_GIVEN_MAX] = {NULL};
    char word[WORD_MAX + 1];
    size_t n = 0;

    snprintf(word, sizeof word, "%.*s", name.n > WORD_MAX ? WORD_MAX : (int)name.n, name.p);
    for (; table[n].name != NULL && n + 1 < COUNT_OF(names); n++)
        names[n] = table[n].name;
    const char *near = options_nearest(word, names);
    if (near == NULL)
        return say(why, "there is no option --%s", word);
    return say(why, "there is no option --%s; did you mean --%s?", word, near);
}

/* ---- taken apart ---- */

static const struct option *find(const struct option *table, struct str name)
{
    for (; table->name != NULL; table++)
        if (str_eq(str_from(table->name), name))
            return table;
    return NULL;
}

static enum kw_err keep(struct args *a, const struct option *o, const char *value, char *why)
{
    if (!o->repeats && args_has(a, o->name))
        return say(why, "--%s may be given once", o->name);
    if (a->n_given == OPTIONS_GIVEN_MAX)
        return say(why, "there are more than %d options", OPTIONS_GIVEN_MAX);
    a->given[a->n_given].option = o;
    a->given[a->n_given++].value = value;
    return KW_OK;
}

/* Takes argv[*i], which begins with "--", and its value where that is the next argument. */
static enum kw_err take_option(int argc, char *const argv[], int *i, const struct option *table,
                               struct args *a, char *why)
{
    struct str text = str_from(argv[*i] + 2), name = text, rest;
    const char *value = NULL;

    if (str_cut(text, '=', &name, &rest))
        value = rest.p;
    const struct option *o = find(table, name);
    if (o == NULL)
        return unknown_option(name, table, why);
    if (o->value == NULL && value != NULL)
        return say(why, "--%s takes no value", o->name);
    if (o->value != NULL && value == NULL) {
        if (*i + 1 >= argc || strncmp(argv[*i + 1], "--", 2) == 0)
            return say(why, "--%s needs a value: --%s %s", o->name, o->name, o->value);
        value = argv[++*i];
    }
    return keep(a, o, value, why);
}

/* Takes argv[*i], "-n", and its value. */
static enum kw_err take_letter(int argc, char *const argv[], int *i, const struct option *table,
                               struct args *a, char *why)
{
    const char *text = argv[*i];

    for (const struct option *o = table; o->name != NULL; o++) {
        if (o->letter != text[1] || text[2] != '\0')
            continue;
        if (o->value != NULL && *i + 1 >= argc)
            return say(why, "-%c needs a value: -%c %s", o->letter, o->letter, o->value);
        return keep(a, o, o->value == NULL ? NULL : argv[++*i], why);
    }
    return say(why, "there is no option %.40s", text);
}

static enum kw_err take_operand(const char *text, size_t n_operands, struct args *a, char *why)
{
    if (a->n_operands == n_operands)
        return say(why, "one argument too many: %.40s", text);
    a->operands[a->n_operands++] = text;
    return KW_OK;
}

enum kw_err options_parse(int argc, char *const argv[], const struct option *table, size_t n_least,
                          size_t n_most, struct args *out, char why[OPTIONS_WHY_MAX])
{
    struct args a = {.n_given = 0};
    bool options_over = false;

    for (int i = 0; i < argc; i++) {
        if (!options_over && strcmp(argv[i], "--") == 0)
            options_over = true;
        else if (!options_over && argv[i][0] == '-' && argv[i][1] == '-')
            TRY(take_option(argc, argv, &i, table, &a, why));
        else if (!options_over && argv[i][0] == '-' && argv[i][1] != '\0')
            TRY(take_letter(argc, argv, &i, table, &a, why));
        else
            TRY(take_operand(argv[i], n_most, &a, why));
    }
    if (a.n_operands < n_least)
        return say(why, "an argument is missing");
    *out = a;
    return KW_OK;
}

bool args_has(const struct args *a, const char *name)
{
    for (size_t i = 0; i < a->n_given; i++)
        if (strcmp(a->given[i].option->name, name) == 0)
            return true;
    return false;
}

const char *args_next(const struct args *a, const char *name, size_t *at)
{
    while (*at < a->n_given) {
        size_t i = (*at)++;
        if (strcmp(a->given[i].option->name, name) == 0)
            return a->given[i].value;
    }
    return NULL;
}

const char *args_value(const struct args *a, const char *name)
{
    size_t at = 0;

    return args_next(a, name, &at);
}
