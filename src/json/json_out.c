/* json_out.c - see json_out.h. */
#include "json/json_out.h"

#include <stdlib.h>

#include "core/moment.h"

json_t *json_out_problem(const struct problem *p, const char *request_id)
{
    return json_pack("{s:i, s:s, s:s, s:s, s:s*, s:s}", "statusCode", p->status, "message",
                     p->message, "error", problem_phrase(p->status), "code", p->code, "field",
                     p->field[0] == '\0' ? NULL : p->field, "requestId", request_id);
}

struct json_text *json_out_text(const json_t *value)
{
    size_t n = json_dumpb(value, NULL, 0, JSON_COMPACT);
    struct json_text *text = n == 0 ? NULL : malloc(sizeof *text + n);

    if (text == NULL)
        return NULL;
    text->n = json_dumpb(value, text->p, n, JSON_COMPACT);
    if (text->n == n)
        return text;
    free(text);
    return NULL;
}

struct json_text *json_text_of(struct str bytes)
{
    struct json_text *text = malloc(sizeof *text + bytes.n);

    if (text == NULL)
        return NULL;
    text->n = bytes.n;
    memcpy(text->p, bytes.p, bytes.n);
    return text;
}

void json_text_free(void *text)
{
    struct json_text *t = text;

    if (t == NULL)
        return;
    explicit_bzero(t->p, t->n);
    free(t);
}

void json_out_append(json_t **list, json_t *value)
{
    if (json_array_append_new(*list, value) == 0) /* both may be NULL, and it then fails */
        return;
    json_decref(*list);
    *list = NULL;
}

json_t *json_out_moment(int64_t ms)
{
    char text[MOMENT_LEN + 1];

    if (ms == 0)
        return json_null();
    moment_print(ms, text);
    return json_string(text);
}

json_t *json_out_with(json_t *object, const char *name, json_t *value)
{
    if (object == NULL)
        json_decref(value);
    else if (json_object_set_new(object, name, value) != 0) /* which takes the value all the same */
        json_decref(STEAL(object));
    return object;
}
