/* password_in.h - whether somebody may choose a password, said in words for him. */
#ifndef API_PASSWORD_IN_H
#define API_PASSWORD_IN_H

#include "core/member.h"
#include "server/call.h"

/* 400 weak_password about the field: too short, too common, … m: whose it would be. */
enum kw_err password_in(struct call *c, const char *field, struct str password,
                        const struct member *m) MUST_USE;

#endif
