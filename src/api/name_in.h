/* name_in.h - what people call a thing or a person, from the member "name" of a body. */
#ifndef API_NAME_IN_H
#define API_NAME_IN_H

#include "core/grant.h"
#include "json/json_in.h"

/* 400 missing, range or syntax. name_in_given: out stays as it is where there is none. */
enum kw_err name_in(const json_t *body, struct problem *p, char out[GRANT_NAME_MAX + 1]) MUST_USE;
enum kw_err name_in_given(const json_t *body, struct problem *p,
                          char out[GRANT_NAME_MAX + 1]) MUST_USE;

#endif
