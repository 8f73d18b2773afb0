/* shelf.h - states of one size, each found by its number: what was changed is known, so that it can be saved. */
#ifndef WATCH_SHELF_H
#define WATCH_SHELF_H

#include "base/str.h"

struct shelf;

/* For states of so many bytes, at most so many. KW_ENOMEM. Not thread-safe. */
enum kw_err shelf_new(size_t size, uint32_t most, struct shelf **out) MUST_USE;
void shelf_free(struct shelf *s); /* takes NULL */
void shelf_clear(struct shelf *s);

/* How many more there is room for. */
uint32_t shelf_room(const struct shelf *s);

/* The state of a number other than 0, which stays where it is; NULL: there is none. */
void *shelf_find(const struct shelf *s, uint32_t no);

/* A new one, of zeros, under a number that has none yet. KW_ENOMEM; KW_EFULL. */
enum kw_err shelf_add(struct shelf *s, uint32_t no, void **out) MUST_USE;

/* It was changed. */
void shelf_touch(struct shelf *s, void *state);

/* Gives each that was changed since the last time, in no order; stops at the first error and returns it. */
typedef enum kw_err shelf_fn(void *ctx, uint32_t no, const void *state);
enum kw_err shelf_each_changed(struct shelf *s, shelf_fn *each, void *ctx) MUST_USE;

#endif
