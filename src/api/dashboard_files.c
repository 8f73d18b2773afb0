/* dashboard_files.c - see dashboard_files.h. The bytes lie in an object of their own, which nothing has to read or compile:
 * tools/dashboard/embed.mjs makes it, and the table of what is where. */
#include "api/dashboard_files.h"

#include "base/macro.h"

extern const char dashboard_bytes[];

#define BYTES(offset, length)                \
    {                                        \
        dashboard_bytes + (offset), (length) \
    }
static const struct dashboard_file files[] = {
#include "api/dashboard.inc"
};
const struct str dashboard_page = BYTES(DASHBOARD_PAGE_OFFSET, DASHBOARD_PAGE_LENGTH);

const struct dashboard_file *dashboard_file_find(struct str path)
{
    size_t i = STR_IN_BY(path, files, path);

    return i == COUNT_OF(files) ? NULL : &files[i];
}
