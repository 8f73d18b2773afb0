/* reserve.c - see reserve.h. The file is allocated and holds nothing; it is removed to be given up, so that one left by
 * another process is as good as one of ours. */
#include "sync/reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"

enum { TRY_US = 1000 * 1000 };

void reserve_init(struct reserve *r, const char *path)
{
    *r = (struct reserve){0};
    if (path != NULL)
        snprintf(r->path, sizeof r->path, "%s", path);
}

static enum kw_err make(const char *path)
{
    AUTO(file_closep)
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    int failed;

    if (fd < 0)
        return file_err(errno);
    do
        failed = posix_fallocate(fd, 0, RESERVE_BYTES);
    while (failed == EINTR);
    return failed == 0 ? KW_OK : file_err(failed);
}

/* Said when it changes. */
static void tell(struct reserve *r, bool is_full)
{
    if (is_full && !r->is_full)
        log_error("the disk of %s is full: only what takes rights away is saved, and the record "
                  "waits, until %d MiB are free",
                  r->path, RESERVE_BYTES >> 20);
    if (!is_full && r->is_full)
        log_info("there is room on the disk of %s again: the reserve is made", r->path);
    r->is_full = is_full;
}

void reserve_tend(struct reserve *r, uint64_t now_us)
{
    if (r->path[0] == '\0' || r->is_held || now_us < r->next_us)
        return;
    r->next_us = now_us + TRY_US;
    enum kw_err err = make(r->path);
    r->is_held = err == KW_OK;
    if (err != KW_OK)
        unlink(r->path); /* what could be allocated is needed */
    if (err != KW_OK && err != KW_EFULL) {
        if (!r->failed)
            log_warn("%s cannot be made: %s; until it can, a full disk keeps revocations from "
                     "being saved",
                     r->path, kw_strerror(err));
        r->failed = true;
        return; /* that says nothing about room */
    }
    r->failed = false;
    tell(r, err == KW_EFULL);
}

bool reserve_give_up(struct reserve *r, uint64_t now_us)
{
    if (!r->is_held)
        return false;
    r->is_held = false;
    r->next_us = now_us + TRY_US;
    if (unlink(r->path) != 0)
        log_warn("%s cannot be given up", r->path);
    tell(r, true);
    return true;
}
