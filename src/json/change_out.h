/* change_out.h - a management change as the record shows it: what the object is after it, without digests. */
#ifndef JSON_CHANGE_OUT_H
#define JSON_CHANGE_OUT_H

#include "record/change.h"

struct change_text { /* `change` borrows from the rest, and from the entry it was made from */
    struct record_change change;
    char id[CHANGE_ID_MAX + 1], account[CHANGE_ID_MAX + 1];
    char summary[CHANGE_SUMMARY_MAX + 1];
};

/* KW_EFORMAT, KW_EDAMAGED: the entry's image cannot be read. KW_ENOMEM. */
enum kw_err change_out(const struct change *c, struct change_text *out) MUST_USE;

#endif
