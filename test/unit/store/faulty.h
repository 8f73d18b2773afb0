/* faulty.h - a disk that fails when it is told to, below SQLite. */
#ifndef TEST_STORE_FAULTY_H
#define TEST_STORE_FAULTY_H

#include <stdbool.h>

struct faulty {
    int syncs_left, writes_left; /* the call that fails, once, counted from 1; 0: none */
    bool no_sync;                /* all fail */
    int write_error;             /* SQLite's code for the failed write */
    const char *full_beside;     /* no write finds room while there is this file; NULL: all do */
};
extern struct faulty faulty;

/* All databases that are opened from here on lie on this disk, which is well. */
void faulty_install(void);

#endif
