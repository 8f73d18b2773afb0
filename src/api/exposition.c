/* exposition.c - see exposition.h. */
#include "api/exposition.h"

#include <stdio.h>

enum { MILLION = 1000000, BOUND_MAX = 32 };

void exposition_begin(struct exposition *x, const char *name, const char *type, const char *help)
{
    x->name = name;
    buf_printf(x->out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void add_value(struct buf *out, const char *value)
{
    for (const char *c = value; *c != '\0'; c++)
        if (*c == '\n')
            buf_str(out, STR("\\n"));
        else
            buf_printf(out, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
}

static void add_name(const struct exposition *x, const char *suffix, const struct label *labels)
{
    bool any = labels != NULL && labels->name != NULL;

    buf_printf(x->out, "%s%s%s", x->name, suffix, any ? "{" : "");
    for (const struct label *l = labels; any && l->name != NULL; l++) {
        buf_printf(x->out, "%s%s=\"", l == labels ? "" : ",", l->name);
        add_value(x->out, l->value);
        buf_str(x->out, STR("\""));
    }
    buf_printf(x->out, "%s ", any ? "}" : "");
}

static void add_millionths(struct buf *out, uint64_t n)
{
    buf_printf(out, "%llu.%06llu\n", (unsigned long long)(n / MILLION),
               (unsigned long long)(n % MILLION));
}

static void add_number(struct buf *out, uint64_t n)
{
    buf_printf(out, "%llu\n", (unsigned long long)n);
}

void exposition_number(const struct exposition *x, const struct label *labels, uint64_t n)
{
    add_name(x, "", labels);
    add_number(x->out, n);
}

void exposition_seconds(const struct exposition *x, const struct label *labels, uint64_t us)
{
    add_name(x, "", labels);
    add_millionths(x->out, us);
}

void exposition_ratio(const struct exposition *x, const struct label *labels, uint64_t n, uint64_t of)
{
    add_name(x, "", labels);
    add_millionths(x->out, of == 0 ? 0 : n * MILLION / of);
}

void exposition_histogram(const struct exposition *x, const uint64_t *bounds_us,
                          const uint64_t *counts, size_t n, uint64_t sum_us)
{
    uint64_t so_far = 0;
    char bound[BOUND_MAX];

    for (size_t i = 0; i <= n; i++) {
        if (i < n)
            snprintf(bound, sizeof bound, "%llu.%06llu", (unsigned long long)(bounds_us[i] / MILLION),
                     (unsigned long long)(bounds_us[i] % MILLION));
        so_far += counts[i];
        add_name(x, "_bucket", (struct label[]){{"le", i < n ? bound : "+Inf"}, {NULL, NULL}});
        add_number(x->out, so_far);
    }
    add_name(x, "_sum", NULL);
    add_millionths(x->out, sum_us);
    add_name(x, "_count", NULL);
    add_number(x->out, so_far);
}
