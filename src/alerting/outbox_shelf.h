/* outbox_shelf.h - where outbox.db lies open: opened, closed when it does not hold, and opened anew. */
#ifndef ALERTING_OUTBOX_SHELF_H
#define ALERTING_OUTBOX_SHELF_H

#include <pthread.h>

#include "notify/outbox.h"

/* What cannot be read today can be tomorrow: after an error the file is closed, and 5 s later it is opened once more. One that is
 * damaged, or none of ours, is moved aside, and a new one made. All of it is called under the lock, which is the owner's to make. */
struct outbox_shelf {
    pthread_mutex_t lock;
    struct outbox *outbox; /* owns; NULL: it is not open */
    uint64_t open_us;      /* boot clock: not opened before */
    enum kw_err err;       /* why it is not open */
};

/* Opens it where it is not open, and its time has come. KW_OK: it is open; *is_new: since just now. Else why it is not: errors of
 * outbox_open and outbox_move_aside. */
enum kw_err outbox_shelf_open(struct outbox_shelf *s, const char *file, uint64_t now_us,
                              bool *is_new) MUST_USE;

/* Takes the error that somebody got from the outbox: closes it if that says that the file does not hold (KW_EIO, KW_EDAMAGED, KW_EFORMAT).
 * Harmless where it is not open. */
void outbox_shelf_failed(struct outbox_shelf *s, const char *file, uint64_t now_us, enum kw_err err);

#endif
