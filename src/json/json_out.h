/* json_out.h - the JSON of answers, and its text, which is wiped when it has been sent. */
#ifndef JSON_JSON_OUT_H
#define JSON_JSON_OUT_H

#include <jansson.h>

#include "json/problem.h"

/* {"statusCode":400,"message":…,"error":"Bad Request","code":…,"field":…,"requestId":…}; field only
 * where there is one. NULL: out of memory. */
json_t *json_out_problem(const struct problem *p, const char *request_id);

/* The compact text of a value. NULL: out of memory. Freed, and wiped, by json_text_free. */
struct json_text {
    size_t n;
    char p[];
};
struct json_text *json_out_text(const json_t *value);
struct json_text *json_text_of(struct str bytes); /* any other text */
void json_text_free(void *text);

/* Appends a value, which it takes, to a list; without the memory for it, gives the list up, and *list is NULL from then on. So
 * a list is whole, or there is none. */
void json_out_append(json_t **list, json_t *value);

/* The object with one more member; takes both. NULL: out of memory. */
json_t *json_out_with(json_t *object, const char *name, json_t *value);

/* "2026-01-31T12:34:56Z", or null for 0. */
json_t *json_out_moment(int64_t ms);

#endif
