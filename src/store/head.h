/* head.h - the file that says how far the change log goes: what a database older than it is held
 * against. */
#ifndef STORE_HEAD_H
#define STORE_HEAD_H

#include "store/chain.h"

/* One line: the number of the newest entry, a blank, its HMAC in hexadecimal. KW_ENOTFOUND,
 * KW_EDAMAGED, KW_EPERM, KW_EIO. */
enum kw_err head_read(const char *path, struct link *out) MUST_USE;

/* Replaces it; when this returns KW_OK it is on the disk. */
enum kw_err head_write(const char *path, const struct link *l) MUST_USE;

#endif
