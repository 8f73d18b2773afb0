/* keys_bulk.h - many keys changed at once: counted, asked about, and done. */
#ifndef CLI_KEYS_BULK_H
#define CLI_KEYS_BULK_H

#include "cli/confirm.h"
#include "cli/key_filter.h"
#include "cli/talk.h"

#define BULK_OPTIONS                                                                                  \
    {                                                                                                 \
        "expect", "N", false, "that so many match, instead of being asked; another number is refused" \
    }

struct bulk {            /* borrows */
    const char *path;    /* of the call */
    const char *verb;    /* "Revoke", of the question */
    const char *final;   /* what is said behind it */
    const char *done;    /* "revoked" */
    const char *expires; /* NULL: the call takes none */
};

/* EXIT_REFUSED: another number matched than --expect says, or the answer was no. */
enum exit_status keys_bulk(const struct command *self, const struct args *args,
                           const struct bulk *bulk);

#endif
