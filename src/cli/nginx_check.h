/* nginx_check.h - what in a configuration of nginx goes around Keyward, or gives a key away. */
#ifndef CLI_NGINX_CHECK_H
#define CLI_NGINX_CHECK_H

#include "cli/finding.h"
#include "cli/nginx_conf.h"

/* Judges every location in which `keyward on` holds: what answers before the check, what answers from a cache, what
 * passes the key on or writes it down, how it is reached. `run_dir` is where this installation has its shared files.
 * Pure. */
void nginx_check(const struct nginx_conf *c, const char *run_dir, struct findings *out);

/* The user of nginx's workers: what `user` says, else Debian's. */
struct str nginx_user(const struct nginx_conf *c);

#endif
