/* identify.h - whether a file is a database of ours, looked at before SQLite touches it. */
#ifndef STORE_IDENTIFY_H
#define STORE_IDENTIFY_H

#include "store/why.h"

/* KW_ENOTFOUND; KW_EFORMAT: empty, not SQLite's, or not Keyward's; KW_EDAMAGED: cut short;
 * KW_EPERM: others may write it. Not while this process has the database open: closing the file
 * would let go of SQLite's locks (POSIX locks belong to the process). */
enum kw_err identify(const char *path, char why[WHY_MAX]) MUST_USE;

#endif
