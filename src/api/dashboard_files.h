/* dashboard_files.h - the files of the dashboard, carried in the program: made from web/dist when it is built. */
#ifndef API_DASHBOARD_FILES_H
#define API_DASHBOARD_FILES_H

#include "base/str.h"

struct dashboard_file {
    const char *path, *type;    /* "/assets/index-1a2b3c4d.js", as it is asked for; Content-Type */
    struct str plain, gzip, br; /* the same compressed; {NULL, 0}: that would be no shorter */
};

/* A file by its address; NULL: there is none. No name of the file system is made of it: this is a table. */
const struct dashboard_file *dashboard_file_find(struct str path);

/* The one page, with {nonce} where its nonce goes. */
extern const struct str dashboard_page;

#endif
