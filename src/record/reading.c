/* reading.c - see reading.h. Numbers first, at fixed places, then the strings, each behind a byte of length. */
#include "record/reading.h"

#include <assert.h>

#include "base/pack.h"
#include "base/utf8.h"

enum { READING_VERSION = 1, READING_FIXED = 48 };

static_assert(READING_FIXED + 4 + READING_ACTOR_MAX + KW_KEY_ID_LEN + KW_ACCOUNT_MAX +
                      READING_FILTER_MAX <=
                  READING_MAX,
              "the longest reading fits");

static const struct {
    const char *word, *sentence;
} whats[READING_N_WHATS] = {[READING_NONE] = {"unknown", "is not known"},
#define X(symbol, word, sentence) [symbol] = {word, sentence},
                            READING_WHATS(X)
#undef X
};

static unsigned place_of(enum reading_what what)
{
    return (unsigned)what < READING_N_WHATS ? what : READING_NONE;
}

const char *reading_what_word(enum reading_what what)
{
    return whats[place_of(what)].word;
}

const char *reading_what_sentence(enum reading_what what)
{
    return whats[place_of(what)].sentence;
}

size_t reading_encode(const struct reading *r, uint8_t out[READING_MAX])
{
    struct packer to = {.p = out, .cap = READING_MAX};

    pack_u8(&to, READING_VERSION);
    pack_u8(&to, (uint8_t)r->what);
    pack_u8(&to, 0);
    pack_u8(&to, 0);
    pack_u32(&to, r->summed);
    pack_u64(&to, (uint64_t)r->time_us);
    pack_bytes(&to, r->request_id, EVENT_REQUEST_ID);
    pack_bytes(&to, r->source.b, sizeof r->source.b);
    pack_str8(&to, utf8_cut(r->actor, READING_ACTOR_MAX));
    pack_str8(&to, utf8_cut(r->member, KW_KEY_ID_LEN));
    pack_str8(&to, utf8_cut(r->account, KW_ACCOUNT_MAX));
    pack_str8(&to, utf8_cut(r->filter, READING_FILTER_MAX));
    return to.n;
}

static bool is_sound(const struct reading *r)
{
    return r->what > READING_NONE && (unsigned)r->what < READING_N_WHATS &&
           r->actor.n <= READING_ACTOR_MAX && r->member.n <= KW_KEY_ID_LEN &&
           r->account.n <= KW_ACCOUNT_MAX && r->filter.n <= READING_FILTER_MAX;
}

enum kw_err reading_decode(struct str bytes, struct reading *out)
{
    struct unpacker from = {.p = (const uint8_t *)bytes.p, .n = bytes.n};
    struct reading r = {0};

    if (unpack_u8(&from) != READING_VERSION)
        return from.bad ? KW_EDAMAGED : KW_EFORMAT;
    r.what = unpack_u8(&from);
    uint8_t zero = unpack_u8(&from), zero_too = unpack_u8(&from);
    r.summed = unpack_u32(&from);
    r.time_us = (int64_t)unpack_u64(&from);
    unpack_bytes(&from, r.request_id, EVENT_REQUEST_ID);
    unpack_bytes(&from, r.source.b, sizeof r.source.b);
    r.actor = unpack_str8(&from);
    r.member = unpack_str8(&from);
    r.account = unpack_str8(&from);
    r.filter = unpack_str8(&from);
    if (!unpack_done(&from) || zero != 0 || zero_too != 0 || !is_sound(&r))
        return KW_EDAMAGED;
    *out = r;
    return KW_OK;
}
