/* doctor.h - the rounds of `keyward doctor`; each adds what it has found. */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include <sys/types.h>

#include "cli/finding.h"
#include "cli/nginx_conf.h"
#include "config/config.h"

struct doctor {
    const struct config *config; /* borrows */
    struct config_paths paths;
    uid_t owner; /* of the state folder: who keyward serve is */
    struct findings findings;
};

/* Folders and files: there, whose, and who else may touch them. doctor_files.c */
void doctor_files(struct doctor *d);

/* keyward serve: it answers, its heart beats, and the shared files are of formats that this program knows. doctor_serve.c */
void doctor_serve(struct doctor *d);

/* Clock, disks, shared memory. doctor_machine.c */
void doctor_machine(struct doctor *d);

/* nginx, by what `nginx -T` printed: its configuration, module, user, ports. doctor_nginx.c */
void doctor_nginx(struct doctor *d, struct str text);

/* What `nginx -T` prints. KW_ENOTFOUND: there is no nginx; KW_EIO: it does not accept its own configuration. doctor_run.c */
enum kw_err doctor_run_nginx(struct buf *out) MUST_USE;

/* All that comes from a descriptor. KW_EFULL, KW_EIO. */
enum kw_err doctor_read(int fd, struct buf *out) MUST_USE;

/* Every process of this machine, as far as this user may look. doctor_processes.c */
void doctor_processes(struct doctor *d, const char *nginx_user);

#endif
