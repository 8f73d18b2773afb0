/* folder.h - a folder of its own for a test, and paths in it. */
#ifndef TEST_FOLDER_H
#define TEST_FOLDER_H

#include <limits.h>
#include <stddef.h>

struct folder {
    char path[PATH_MAX - 128];
};

void folder_make(struct folder *f); /* below /dev/shm where there is one: what is tested here lives on tmpfs */
void folder_remove(struct folder *f); /* with everything in it */

/* The path of a file in it; valid until the next but three calls. */
const char *folder_file(const struct folder *f, const char *name);

#endif
