/* yaml_in.c - see yaml_in.h. libcyaml knows the types; what it lets pass (duplicate keys, several
 * documents) is refused before by a walk over the events of libyaml, on which it stands. */
#include "config/yaml_in.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "base/utf8.h"

struct walk {
    yaml_parser_t parser;
    yaml_event_t event; /* the current one; zero: none yet */
    char *why;
};

static enum kw_err say(char *why, size_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum kw_err say(char *why, size_t line, const char *format, ...)
{
    va_list args;
    int n = snprintf(why, YAML_WHY_MAX, "line %zu: ", line);

    va_start(args, format);
    vsnprintf(why + n, YAML_WHY_MAX - (size_t)n, format, args);
    va_end(args);
    return KW_ESYNTAX;
}

static size_t line_of(const struct walk *w)
{
    return w->event.start_mark.line + 1;
}

static enum kw_err next(struct walk *w)
{
    yaml_event_delete(&w->event);
    memset(&w->event, 0, sizeof w->event);
    if (yaml_parser_parse(&w->parser, &w->event))
        return KW_OK;
    memset(&w->event, 0, sizeof w->event);
    if (w->parser.error == YAML_MEMORY_ERROR)
        return KW_ENOMEM;
    return say(w->why, w->parser.problem_mark.line + 1, "not YAML: %s",
               w->parser.problem == NULL ? "it ends too early" : w->parser.problem);
}

static enum kw_err walk_begin(struct walk *w, struct str text, char *why)
{
    *w = (struct walk){.why = why};
    if (!yaml_parser_initialize(&w->parser))
        return KW_ENOMEM;
    yaml_parser_set_input_string(&w->parser, (const unsigned char *)(text.n == 0 ? "" : text.p),
                                 text.n);
    return KW_OK;
}

static void walk_endp(struct walk *w) /* for AUTO */
{
    yaml_event_delete(&w->event);
    yaml_parser_delete(&w->parser);
}

static struct str scalar(const struct walk *w)
{
    return (struct str){(const char *)w->event.data.scalar.value, w->event.data.scalar.length};
}

static enum kw_err plain_scalar(const struct walk *w)
{
    if (w->event.type == YAML_ALIAS_EVENT)
        return say(w->why, line_of(w), "aliases (*name) are not accepted: write the value out");
    if (w->event.type == YAML_MAPPING_START_EVENT)
        return say(w->why, line_of(w),
                   "a mapping where a text is expected: put quotes around what holds { } or ': '");
    if (w->event.type != YAML_SCALAR_EVENT)
        return say(w->why, line_of(w), "a list where a text is expected");
    if (w->event.data.scalar.anchor != NULL || w->event.data.scalar.tag != NULL)
        return say(w->why, line_of(w), "anchors (&name) and tags (!name) are not accepted");
    return KW_OK;
}

static enum kw_err list_of_scalars(struct walk *w)
{
    if (w->event.data.sequence_start.anchor != NULL || w->event.data.sequence_start.tag != NULL)
        return say(w->why, line_of(w), "anchors (&name) and tags (!name) are not accepted");
    for (;;) {
        TRY(next(w));
        if (w->event.type == YAML_SEQUENCE_END_EVENT)
            return KW_OK;
        TRY(plain_scalar(w));
    }
}

static enum kw_err key_number(const struct walk *w, const char *const *names, size_t *out)
{
    struct str key = scalar(w);

    for (size_t i = 0; names[i] != NULL; i++)
        if (str_eq(key, str_from(names[i]))) {
            *out = i;
            return KW_OK;
        }
    char known[224] = "";
    for (size_t i = 0, n = 0; names[i] != NULL && n < sizeof known; i++)
        n += (size_t)snprintf(known + n, sizeof known - n, "%s%s", i == 0 ? "" : ", ", names[i]);
    return say(w->why, line_of(w), "there is no setting \"%.*s\"; there are %s",
               key.n > 40 ? 40 : (int)key.n, key.p, known);
}

static enum kw_err mapping(struct walk *w, const char *const *names)
{
    size_t seen_in[YAML_NAMES_MAX] = {0}, number = 0;

    for (;;) {
        TRY(next(w));
        if (w->event.type == YAML_MAPPING_END_EVENT)
            return KW_OK;
        TRY(plain_scalar(w));
        TRY(key_number(w, names, &number));
        if (seen_in[number] != 0)
            return say(w->why, line_of(w), "\"%s\" stands in line %zu already: keep one of the two",
                       names[number], seen_in[number]);
        seen_in[number] = line_of(w);
        TRY(next(w));
        if (w->event.type == YAML_SEQUENCE_START_EVENT)
            TRY(list_of_scalars(w));
        else
            TRY(plain_scalar(w));
    }
}

static enum kw_err document(struct walk *w, const char *const *names)
{
    TRY(next(w)); /* the stream begins */
    TRY(next(w));
    if (w->event.type == YAML_STREAM_END_EVENT)
        return KW_OK;
    TRY(next(w));
    if (w->event.type != YAML_MAPPING_START_EVENT || w->event.data.mapping_start.anchor != NULL ||
        w->event.data.mapping_start.tag != NULL)
        return say(w->why, line_of(w), "lines of the form \"name: value\" are expected");
    TRY(mapping(w, names));
    TRY(next(w)); /* the document ends */
    TRY(next(w));
    if (w->event.type != YAML_STREAM_END_EVENT)
        return say(w->why, line_of(w), "a second document begins; one file holds one");
    return KW_OK;
}

/* Line by line, so that what is wrong can be found. */
static enum kw_err check_characters(struct str text, char *why)
{
    for (size_t line = 1; text.n > 0; line++) {
        struct str one = text;
        if (!str_cut(text, '\n', &one, &text))
            text = (struct str){NULL, 0};
        struct str rest = one, piece = one;
        while (str_cut(rest, '\t', &piece, &rest)) /* tabs are no printable characters */
            if (!utf8_printable(piece))
                return say(why, line, "not text: save the file as UTF-8, without control characters");
        if (rest.n > 0 && rest.p[rest.n - 1] == '\r')
            rest.n--;
        if (!utf8_printable(rest))
            return say(why, line, "not text: save the file as UTF-8, without control characters");
    }
    return KW_OK;
}

enum kw_err yaml_in_check(struct str text, const char *const *names, char why[YAML_WHY_MAX])
{
    TRY(check_characters(text, why));
    AUTO(walk_endp) struct walk w = {0};
    TRY(walk_begin(&w, text, why));
    return document(&w, names);
}

unsigned yaml_in_line_of(struct str text, const char *key, size_t item)
{
    AUTO(walk_endp) struct walk w = {0};
    char why[YAML_WHY_MAX];
    bool in_list = false, is_key = false;

    if (walk_begin(&w, text, why) != KW_OK)
        return 0;
    while (next(&w) == KW_OK && w.event.type != YAML_STREAM_END_EVENT) {
        if (w.event.type == YAML_SCALAR_EVENT && in_list && is_key && item-- == 0)
            return (unsigned)line_of(&w);
        if (w.event.type == YAML_SCALAR_EVENT && !in_list)
            is_key = str_eq(scalar(&w), str_from(key));
        if (w.event.type == YAML_SEQUENCE_START_EVENT)
            in_list = true;
        if (w.event.type == YAML_SEQUENCE_END_EVENT)
            in_list = false;
    }
    return 0;
}

/* libcyaml tells what is wrong first, and where in the lines after: both go into why. */
static void hear(cyaml_log_t level, void *ctx, const char *format, va_list args)
{
    char *why = ctx, line[YAML_WHY_MAX];
    size_t n = strlen(why);

    if (level < CYAML_LOG_ERROR)
        return;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the format is libcyaml's */
    vsnprintf(line, sizeof line, format, args);
#pragma GCC diagnostic pop
    struct str said = str_trim(str_from(line));
    if (str_starts(said, STR("Load: ")))
        said = str_trim((struct str){said.p + 6, said.n - 6});
    if (str_eq(said, STR("Backtrace:")) || str_starts(said, STR("in mapping (")))
        return;
    snprintf(why + n, YAML_WHY_MAX - n, "%s%.*s", n == 0 ? "" : ", ", (int)said.n, said.p);
}

static cyaml_config_t config_for(char *why)
{
    return (cyaml_config_t){.log_fn = hear,
                            .log_ctx = why,
                            .mem_fn = cyaml_mem,
                            .log_level = CYAML_LOG_ERROR,
                            .flags = CYAML_CFG_NO_ALIAS};
}

static bool is_blank(struct str text) /* nothing but comments and empty lines */
{
    while (text.n > 0) {
        struct str line = text;
        if (!str_cut(text, '\n', &line, &text))
            text = (struct str){NULL, 0};
        line = str_trim(line);
        if (line.n > 0 && line.p[0] != '#')
            return false;
    }
    return true;
}

/* That the text is YAML has been found out before: libyaml can then only fail for want of memory. */
static bool is_memory(cyaml_err_t err)
{
    return err == CYAML_ERR_OOM || err == CYAML_ERR_LIBYAML_PARSER ||
           err == CYAML_ERR_LIBYAML_PARSER_INIT;
}

enum kw_err yaml_in_load(struct str text, const char *const *names,
                         const cyaml_schema_value_t *schema, void **out, char why[YAML_WHY_MAX])
{
    void *loaded = NULL;

    TRY(yaml_in_check(text, names, why));
    why[0] = '\0';
    *out = NULL;
    if (is_blank(text))
        return KW_OK;
    cyaml_config_t config = config_for(why);
    cyaml_err_t err =
        cyaml_load_data((const uint8_t *)text.p, text.n, &config, schema, &loaded, NULL);
    if (is_memory(err))
        return KW_ENOMEM;
    if (err != CYAML_OK)
        return KW_ESYNTAX;
    *out = loaded;
    return KW_OK;
}

void yaml_in_free(const cyaml_schema_value_t *schema, void *loaded)
{
    char why[YAML_WHY_MAX] = "";
    cyaml_config_t config = config_for(why);

    if (loaded != NULL)
        cyaml_free(&config, schema, loaded, 0);
}
