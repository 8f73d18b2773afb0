/* json_in.h - JSON from outside, read strictly: what is not expected is refused, by name. */
#ifndef JSON_JSON_IN_H
#define JSON_JSON_IN_H

#include <jansson.h>

#include "json/problem.h"

enum { JSON_BODY_MAX = 1 << 20, JSON_DEPTH_MAX = 8, JSON_TEXT_MAX = 4096 };

/* KW_EINVAL, and *p says why; KW_ENOMEM, from json_in_object alone, and it does not.
 *
 * One object, alone in the body: no duplicate members, nothing behind it, nested at most
 * JSON_DEPTH_MAX deep. The caller owns *out. */
enum kw_err json_in_object(struct str body, struct problem *p, json_t **out) MUST_USE;
enum kw_err json_in_array(struct str body, struct problem *p,
                          json_t **out) MUST_USE; /* the same of a list */

/* Refuses an object with a member that is not on the list, which ends with NULL. */
enum kw_err json_in_only(const json_t *object, const char *const *names, struct problem *p) MUST_USE;

/* The string of a member, of at most JSON_TEXT_MAX bytes; borrowed. _text: {NULL, 0} when there is
 * no such member. */
enum kw_err json_in_text(const json_t *object, const char *name, struct problem *p,
                         struct str *out) MUST_USE;
enum kw_err json_in_required(const json_t *object, const char *name, struct problem *p,
                             struct str *out) MUST_USE;

/* A boolean; *out stays as it is when there is no such member. */
enum kw_err json_in_bool(const json_t *object, const char *name, struct problem *p,
                         bool *out) MUST_USE;

/* A whole number from 0 to max; *out stays as it is when there is no such member. */
enum kw_err json_in_u32(const json_t *object, const char *name, uint32_t max, struct problem *p,
                        uint32_t *out) MUST_USE;

/* The list of strings of a member, at most max of them; borrowed, NULL when there is no such
 * member. */
enum kw_err json_in_list(const json_t *object, const char *name, size_t max, struct problem *p,
                         const json_t **out) MUST_USE;

struct str json_in_item(const json_t *list, size_t i); /* of a list that json_in_list gave */
struct str json_in_str(const json_t *string);

#endif
