/* freeze_note.h - why, when and by whom something was frozen or thawed: as a part of its image, and as one column. */
#ifndef STORE_FREEZE_NOTE_H
#define STORE_FREEZE_NOTE_H

#include "base/pack.h"
#include "core/grant.h"
#include "store/row.h"

enum { FREEZE_NOTE_MAX = 8 + 1 + 1 + KW_ACCOUNT_MAX + 1 + FREEZE_WHY_MAX };

/* Whether there is one. There is none before the first freeze. */
static inline bool freeze_note_is(const struct freeze_note *n)
{
    return n->since_ms != 0;
}

/* Whether it can be sealed: its strings end, and without a moment there is nothing of it. */
bool freeze_note_ok(const struct freeze_note *n);

void freeze_note_pack(struct packer *to, const struct freeze_note *n);
void freeze_note_unpack(struct unpacker *from, struct freeze_note *n); /* into zeroed memory */

/* The same bytes as a column; NULL: none. */
void give_freeze_note(struct giver *to, const struct freeze_note *n);
void take_freeze_note(struct taker *from, struct freeze_note *n);

#endif
