/* freeze_note.c - see freeze_note.h. */
#include "store/freeze_note.h"

#include "store/image_parts.h"

bool freeze_note_ok(const struct freeze_note *n)
{
    if (!is_terminated(n->by, sizeof n->by) || !is_terminated(n->why, sizeof n->why))
        return false;
    return freeze_note_is(n) || (n->by[0] == '\0' && n->why[0] == '\0' && !n->by_operator);
}

void freeze_note_pack(struct packer *to, const struct freeze_note *n)
{
    pack_u64(to, (uint64_t)n->since_ms);
    pack_u8(to, n->by_operator ? 1 : 0);
    pack_str8(to, str_from(n->by));
    pack_str8(to, str_from(n->why));
}

void freeze_note_unpack(struct unpacker *from, struct freeze_note *n)
{
    n->since_ms = (int64_t)unpack_u64(from);
    uint8_t by_operator = unpack_u8(from);
    n->by_operator = by_operator == 1;
    if (by_operator > 1)
        from->bad = true;
    image_unpack_text(from, n->by, sizeof n->by);
    image_unpack_text(from, n->why, sizeof n->why);
}

void give_freeze_note(struct giver *to, const struct freeze_note *n)
{
    uint8_t bytes[FREEZE_NOTE_MAX];
    struct packer packed = {.p = bytes, .cap = sizeof bytes};

    if (!freeze_note_is(n)) {
        give_null(to);
        return;
    }
    freeze_note_pack(&packed, n);
    give_blob_copy(to, bytes, packed.n);
}

void take_freeze_note(struct taker *from, struct freeze_note *n)
{
    if (take_null(from))
        return;
    struct str bytes = take_blob(from);
    struct unpacker unpacked = {.p = (const uint8_t *)bytes.p, .n = bytes.n};
    freeze_note_unpack(&unpacked, n);
    if (!unpack_done(&unpacked) || !freeze_note_is(n))
        from->bad = true;
}
