/* change.h - one management change on the record, as a struct and as bytes. */
#ifndef RECORD_CHANGE_H
#define RECORD_CHANGE_H

#include "store/store.h"

enum { CHANGE_ACTOR_MAX = 64, CHANGE_ID_MAX = 40, CHANGE_SUMMARY_MAX = 2048, CHANGE_MAX = 2304 };

/* What an entry of the store's change log leaves on the record: no image, no digest, nothing that
 * must not be read. */
struct record_change { /* borrows */
    uint64_t n;        /* of the entry in change_log */
    enum change_kind kind;
    uint32_t object, version;
    int64_t time_ms;
    struct str actor; /* "uid:0" */
    struct str id;    /* the object's public name, so that a search for a key finds its changes too;
                         may be empty */
    struct str account; /* that it belongs to; may be empty */
    struct str summary; /* a JSON object for people, made by the caller: what changed */
};

/* Writes the change; strings that are too long are cut, but for a summary, in whose place {} is
 * written. Returns the length, at most CHANGE_MAX. */
size_t change_encode(const struct record_change *c, uint8_t out[CHANGE_MAX]);

/* Reads a change; strings borrow. KW_EFORMAT for another version, KW_EDAMAGED. */
enum kw_err change_decode(struct str bytes, struct record_change *out);

/* When it was made, in the unit of events; a time that does not fit is the nearest. */
static inline int64_t change_time_us(const struct record_change *c)
{
    int64_t us;

    if (__builtin_mul_overflow(c->time_ms, 1000, &us))
        return c->time_ms < 0 ? INT64_MIN : INT64_MAX;
    return us;
}

#endif
