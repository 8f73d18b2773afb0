/* file.h - whole small files: read, replaced at once, looked at for who may touch them. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <sys/types.h>

#include "base/buf.h"

/* Reads all of a file, at most out->max bytes, to the end of out.
 * KW_ENOTFOUND, KW_EPERM, KW_EFULL (longer than that), KW_ENOMEM, KW_EIO. */
enum kw_err file_read(const char *path, struct buf *out);

/* Replaces a file so that after a power cut there is the old or the new one, whole: temporary file
 * beside it, fsync, rename, fsync of the folder. */
enum kw_err file_replace(const char *path, struct str content, mode_t mode);

/* Makes the folder that a file is in durable: that the file is there, under this name, outlives a power cut. */
enum kw_err file_sync_folder(const char *path);

/* KW_EPERM when others than the owner may write (or, with is_secret, read or write) the file, or
 * when it belongs to somebody who is neither this user nor root. */
enum kw_err file_check_private(const char *path, bool is_secret);

/* Writes or reads all n bytes at an offset, whatever the kernel does in one go (EINTR, short). A
 * read past the end is KW_EIO. */
enum kw_err file_pwrite(int fd, const void *bytes, size_t n, off_t at);
enum kw_err file_pread(int fd, void *bytes, size_t n, off_t at);

void file_closep(int *fd); /* for AUTO: closes what is not negative */

/* A system call's errno as one of ours. */
enum kw_err file_err(int errnum);

#endif
