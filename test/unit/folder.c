/* folder.c - see folder.h. */
#include "folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void folder_make(struct folder *f)
{
    const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

    snprintf(f->path, sizeof f->path, "%s/keyward-test-XXXXXX", base);
    if (mkdtemp(f->path) == NULL || chmod(f->path, 0711) != 0)
        abort();
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

void folder_remove(struct folder *f)
{
    nftw(f->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *folder_file(const struct folder *f, const char *name)
{
    static char paths[4][PATH_MAX];
    static unsigned next;
    char *path = paths[next++ % 4];

    snprintf(path, PATH_MAX, "%s/%s", f->path, name);
    return path;
}
