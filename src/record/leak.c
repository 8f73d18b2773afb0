/* leak.c - see leak.h. Numbers first, at fixed places, then the strings, each behind a byte of length. */
#include "record/leak.h"

#include <assert.h>

#include "base/pack.h"
#include "base/utf8.h"

enum { LEAK_VERSION = 1, LEAK_FIXED = 50 };

static_assert(LEAK_FIXED + 4 + KW_KEY_ID_LEN + KW_ACCOUNT_MAX + LEAK_URL_MAX + LEAK_NOTE_MAX <=
                  LEAK_MAX,
              "the longest leak fits");
static_assert(LEAK_URL_MAX <= UINT8_MAX && LEAK_NOTE_MAX <= UINT8_MAX, "a byte tells their length");

/* ---- words ---- */

static const struct {
    const char *word, *sentence;
    bool is_key;
} whats[LEAK_N_WHATS] = {[LEAK_NONE] = {"unknown", "is not known", false},
#define X(symbol, word, is_key, sentence) [symbol] = {word, sentence, is_key},
                         LEAK_WHATS(X)
#undef X
};

static unsigned place_of(enum leak_what what)
{
    return (unsigned)what < LEAK_N_WHATS ? what : LEAK_NONE;
}

const char *leak_what_word(enum leak_what what)
{
    return whats[place_of(what)].word;
}

const char *leak_what_sentence(enum leak_what what)
{
    return whats[place_of(what)].sentence;
}

bool leak_is_key(enum leak_what what)
{
    return whats[place_of(what)].is_key;
}

const char *leak_by_word(enum leak_by by)
{
    return by == LEAK_BY_GITHUB ? "github" : "anybody";
}

/* ---- bytes ---- */

size_t leak_encode(const struct leak *l, uint8_t out[LEAK_MAX])
{
    struct packer to = {.p = out, .cap = LEAK_MAX};

    pack_u8(&to, LEAK_VERSION);
    pack_u8(&to, (uint8_t)l->what);
    pack_u8(&to, (uint8_t)l->by);
    pack_u8(&to, l->is_old);
    pack_u8(&to, (uint8_t)l->environment);
    pack_u8(&to, 0);
    pack_u32(&to, l->summed);
    pack_u64(&to, (uint64_t)l->time_us);
    pack_bytes(&to, l->request_id, EVENT_REQUEST_ID);
    pack_bytes(&to, l->source.b, sizeof l->source.b);
    pack_str8(&to, utf8_cut(l->key, KW_KEY_ID_LEN));
    pack_str8(&to, utf8_cut(l->account, KW_ACCOUNT_MAX));
    pack_str8(&to, utf8_cut(l->url, LEAK_URL_MAX));
    pack_str8(&to, utf8_cut(l->note, LEAK_NOTE_MAX));
    return to.n;
}

static bool lengths_ok(const struct leak *l)
{
    return l->key.n <= KW_KEY_ID_LEN && l->account.n <= KW_ACCOUNT_MAX &&
           l->url.n <= LEAK_URL_MAX && l->note.n <= LEAK_NOTE_MAX;
}

static bool values_ok(const struct leak *l)
{
    return l->what > LEAK_NONE && (unsigned)l->what < LEAK_N_WHATS &&
           (unsigned)l->by < LEAK_N_BYS && (unsigned)l->environment <= KW_PRODUCTION;
}

enum kw_err leak_decode(struct str bytes, struct leak *out)
{
    struct unpacker from = {.p = (const uint8_t *)bytes.p, .n = bytes.n};
    struct leak l = {0};

    if (unpack_u8(&from) != LEAK_VERSION)
        return from.bad ? KW_EDAMAGED : KW_EFORMAT;
    l.what = unpack_u8(&from);
    l.by = unpack_u8(&from);
    uint8_t old = unpack_u8(&from);
    l.environment = unpack_u8(&from);
    uint8_t zero = unpack_u8(&from);
    l.summed = unpack_u32(&from);
    l.time_us = (int64_t)unpack_u64(&from);
    unpack_bytes(&from, l.request_id, EVENT_REQUEST_ID);
    unpack_bytes(&from, l.source.b, sizeof l.source.b);
    l.key = unpack_str8(&from);
    l.account = unpack_str8(&from);
    l.url = unpack_str8(&from);
    l.note = unpack_str8(&from);
    if (!unpack_done(&from) || zero != 0 || old > 1 || !lengths_ok(&l) || !values_ok(&l))
        return KW_EDAMAGED;
    l.is_old = old == 1;
    *out = l;
    return KW_OK;
}
