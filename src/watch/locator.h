/* locator.h - the country and the network of an address, from files in MaxMind's format. */
#ifndef WATCH_LOCATOR_H
#define WATCH_LOCATOR_H

#include "watch/detect.h"

/* A file is read whole, into memory of our own, so that whoever replaces or cuts it disturbs nobody; it is read again when it has
 * changed. What cannot be read is told of in the log, once for each change, and what was read before stays.
 *
 * Threads   One at a time. */
struct locator;

enum { LOCATOR_FILES_MAX = 2, LOCATOR_FILE_MAX = 512 << 20 };

/* Copies the paths, that of countries first; an empty one is left out. Files that cannot be read yet are tried again. KW_ENOMEM. */
enum kw_err locator_new(const char *const paths[LOCATOR_FILES_MAX], struct locator **out) MUST_USE;
void locator_free(struct locator *l); /* takes NULL */

/* Looks whether a file has changed; to be called now and then. */
void locator_refresh(struct locator *l);

/* For struct detect_locator; ctx is a locator. Who was asked for last is remembered: it is asked for each attempt. */
bool locator_find(void *ctx, const struct address *a, struct located *out);

/* Whether there is a file that tells countries, or networks. */
bool locator_is_open(const struct locator *l);

/* Whether there is the one of countries. */
bool locator_knows_countries(const struct locator *l);

/* When the older of the files that are read was made, in seconds since 1970; 0: there is none, or it does not say. */
uint64_t locator_made_s(const struct locator *l);

#endif
