/* copy.h - a file copied, durably, to where nothing is yet. */
#ifndef BASE_COPY_H
#define BASE_COPY_H

#include <sys/types.h>

#include "base/macro.h"
#include "base/str.h"

#define FILE_COPY_ALL UINT64_MAX

/* Copies the first n bytes of a file (FILE_COPY_ALL: what there is) to a new one of this mode, and fsyncs it; the folder is
 * the caller's (file_sync_folder). On an
 * error there is no copy. KW_EEXISTS: something has its name already; KW_ENOTFOUND, KW_EPERM, KW_EFULL,
 * KW_EIO (shorter than n, too). */
enum kw_err file_copy(const char *from, uint64_t n, const char *to, mode_t mode) MUST_USE;

#endif
