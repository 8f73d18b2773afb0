/* json_in.c - see json_in.h. */
#include "json/json_in.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "base/wipe.h"

static const char not_json[] = "not_json";

/* Brackets outside of strings; a body that is not JSON may be counted wrongly, and is refused by
 * the parser anyway. */
static bool is_too_deep(struct str body)
{
    bool in_string = false;
    int depth = 0;

    for (size_t i = 0; i < body.n; i++) {
        char c = body.p[i];
        if (in_string && c == '\\')
            i++;
        else if (c == '"')
            in_string = !in_string;
        else if (!in_string && (c == '{' || c == '['))
            depth++;
        else if (!in_string && (c == '}' || c == ']'))
            depth--;
        if (depth > JSON_DEPTH_MAX)
            return true;
    }
    return false;
}

/* jansson passes over an allocation that failed: the text of a string then lacks a character, or it says that the body is
 * not JSON. So it gets its memory through here, and nothing counts that was read while some could not be had. */
static __thread bool starved;

static void *allocate(size_t n)
{
    void *p = malloc(n);

    starved = starved || p == NULL;
    return p;
}

/* Before there is a second thread: jansson keeps these in plain variables. */
__attribute__((constructor)) static void watch_memory(void)
{
    json_set_alloc_funcs(allocate, wipe_free); /* whatever passes through JSON may hold a secret */
}

static enum kw_err parse(struct str body, json_error_t *error, json_t **out)
{
    starved = false;
    json_t *value = json_loadb(body.n == 0 ? "" : body.p, body.n, JSON_REJECT_DUPLICATES, error);
    if (starved) {
        json_decref(value);
        return KW_ENOMEM;
    }
    *out = value;
    return KW_OK;
}

static enum kw_err read_value(struct str body, struct problem *p, json_t **out)
{
    json_error_t error;
    json_t *value = NULL;

    if (is_too_deep(body))
        return problem_say(p, 400, not_json, "The body is nested deeper than %d levels",
                           JSON_DEPTH_MAX);
    TRY(parse(body, &error, &value));
    if (value == NULL && json_error_code(&error) == json_error_duplicate_key)
        return problem_say(p, 400, "duplicate_member",
                           "A member is given twice (line %d of the body)", error.line);
    if (value == NULL) /* jansson's own text may quote the body: it is not passed on */
        return problem_say(p, 400, not_json, "The body is not JSON: see its line %d, column %d",
                           error.line, error.column);
    *out = value;
    return KW_OK;
}

static enum kw_err read_of(struct str body, json_type type, const char *name, struct problem *p,
                           json_t **out)
{
    json_t *value = NULL;

    TRY(read_value(body, p, &value));
    if (value == NULL || json_typeof(value) != type) {
        json_decref(value);
        return problem_say(p, 400, not_json, "The body has to be a JSON %s", name);
    }
    *out = value;
    return KW_OK;
}

enum kw_err json_in_object(struct str body, struct problem *p, json_t **out)
{
    return read_of(body, JSON_OBJECT, "object", p, out);
}

enum kw_err json_in_array(struct str body, struct problem *p, json_t **out)
{
    return read_of(body, JSON_ARRAY, "list", p, out);
}

static bool is_on(const char *const *names, const char *name)
{
    for (; *names != NULL; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

enum kw_err json_in_only(const json_t *object, const char *const *names, struct problem *p)
{
    for (void *at = json_object_iter(UNCONST(object)); at != NULL;
         at = json_object_iter_next(UNCONST(object), at)) {
        const char *name = json_object_iter_key(at);
        if (is_on(names, name))
            continue;
        bool may_show = strlen(name) < PROBLEM_FIELD_MAX && utf8_printable(str_from(name));
        return problem_field(p, "unknown_member", may_show ? name : "", "There is no member \"%s\"",
                             may_show ? name : "…");
    }
    return KW_OK;
}

struct str json_in_str(const json_t *string)
{
    return (struct str){json_string_value(string), json_string_length(string)};
}

struct str json_in_item(const json_t *list, size_t i)
{
    return json_in_str(json_array_get(list, i));
}

enum kw_err json_in_text(const json_t *object, const char *name, struct problem *p, struct str *out)
{
    const json_t *value = json_object_get(object, name);

    *out = (struct str){NULL, 0};
    if (value == NULL)
        return KW_OK;
    if (!json_is_string(value))
        return problem_field(p, "wrong_type", name, "\"%s\" has to be a string", name);
    if (json_string_length(value) > JSON_TEXT_MAX)
        return problem_field(p, "range", name, "\"%s\" may have %d bytes at most", name,
                             JSON_TEXT_MAX);
    *out = json_in_str(value);
    return KW_OK;
}

enum kw_err json_in_required(const json_t *object, const char *name, struct problem *p,
                             struct str *out)
{
    TRY(json_in_text(object, name, p, out));
    if (out->p == NULL)
        return problem_field(p, "missing", name, "\"%s\" is missing", name);
    return KW_OK;
}

enum kw_err json_in_bool(const json_t *object, const char *name, struct problem *p, bool *out)
{
    const json_t *value = json_object_get(object, name);

    if (value == NULL)
        return KW_OK;
    if (!json_is_boolean(value))
        return problem_field(p, "wrong_type", name, "\"%s\" has to be true or false", name);
    *out = json_is_true(value);
    return KW_OK;
}

enum kw_err json_in_u32(const json_t *object, const char *name, uint32_t max, struct problem *p,
                        uint32_t *out)
{
    const json_t *value = json_object_get(object, name);

    if (value == NULL)
        return KW_OK;
    if (!json_is_integer(value))
        return problem_field(p, "wrong_type", name, "\"%s\" has to be a whole number", name);
    json_int_t n = json_integer_value(value);
    if (n < 0 || n > max)
        return problem_field(p, "range", name, "\"%s\" is a number from 0 to %u", name, max);
    *out = (uint32_t)n;
    return KW_OK;
}

enum kw_err json_in_list(const json_t *object, const char *name, size_t max, struct problem *p,
                         const json_t **out)
{
    const json_t *list = json_object_get(object, name);

    if (list != NULL && !json_is_array(list))
        return problem_field(p, "wrong_type", name, "\"%s\" has to be a list of strings", name);
    if (json_array_size(list) > max)
        return problem_field(p, "range", name, "\"%s\" may have %zu entries at most", name, max);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!json_is_string(json_array_get(list, i)))
            return problem_field(p, "wrong_type", name, "\"%s\" has to be a list of strings", name);
    *out = list;
    return KW_OK;
}
