/* index_entry.h - an entry of an index as bytes; for index.c and index_file.c. */
#ifndef RECORD_INDEX_ENTRY_H
#define RECORD_INDEX_ENTRY_H

#include "record/index.h"

enum { INDEX_ENTRY_MAX = 56 + 16384 }; /* what is fixed, and the largest filter */

/* Takes the entry at the beginning of bytes apart, *len bytes of them; false when none is there that holds. */
bool index_entry_open(struct str bytes, struct index_entry *e, uint8_t hash[8], size_t *len);

#endif
