/* listing.h - all objects of one kind, as a table for people or as JSON. */
#ifndef CLI_LISTING_H
#define CLI_LISTING_H

#include "cli/table.h"
#include "cli/talk.h"

struct listing {
    const char *name;            /* of the list in the answer: "members" */
    const char *const *headings; /* of n_columns */
    size_t n_columns;
    bool has_whole_end; /* see table.h */
    enum kw_err (*add_row)(struct table *t, const json_t *object);
    const char *empty; /* what to say, and to do, when there are none */
};

/* Reads all pages behind path and shows them. */
enum exit_status listing_show(const struct command *self, const struct args *args, struct buf *path,
                              const struct listing *l);

#endif
