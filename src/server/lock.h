/* lock.h - one keyward serve per state folder. */
#ifndef SERVER_LOCK_H
#define SERVER_LOCK_H

#include "base/str.h"

/* Takes the lock file at a path, which is made when it is missing, and writes this process's id
 * into it. Held until *fd is closed, or the process ends, however it ends. KW_EBUSY: another
 * process holds it; *holder is its id, 0 when that is not readable. KW_EPERM, KW_ENOTFOUND (no
 * folder), KW_EIO. */
enum kw_err lock_take(const char *path, int *fd, unsigned *holder) MUST_USE;

#endif
