/* corpus.c - runs a fuzz target on each file of a folder: what was found once stays found. */
#include <dirent.h>
#include <stdio.h>

#include "base/file.h"
#include "fuzz.h"

static bool run(const char *folder, const char *name)
{
    AUTO(buf_deinit) struct buf input = BUF_MAX(1 << 20);
    char path[4096];

    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return false;
    if (file_read(path, &input) != KW_OK)
        return false;
    LLVMFuzzerTestOneInput((const uint8_t *)input.p, input.n);
    return true;
}

int main(int argc, char **argv)
{
    DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
    unsigned n = 0;

    if (dir == NULL)
        return 1;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        if (!run(argv[1], entry->d_name)) {
            fprintf(stderr, "%s: cannot be read\n", entry->d_name);
            break;
        }
        n++;
    }
    closedir(dir);
    LLVMFuzzerTestOneInput(NULL, 0);
    return n > 0 ? 0 : 1;
}
