/* spend_event.c - see spend_event.h. Numbers first, at fixed places, then the strings, each behind a byte of length. */
#include "core/spend_event.h"

#include <assert.h>

#include "base/pack.h"
#include "base/utf8.h"

enum { VERSION = 1, FIXED = 1 + 4 + 1 + 8 + 8 + 16 + 16 + SPEND_REQUEST_ID };

static_assert(FIXED + 8 + KW_KEY_ID_LEN + KW_ACCOUNT_MAX + SPEND_ID_LEN + SPEND_REFERENCE_MAX +
                      CURRENCY_MAX + SPEND_DESTINATION_MAX + SPEND_ACTOR_MAX <=
                  SPEND_EVENT_MAX,
              "the longest fits");

static const struct {
    const char *word, *sentence;
    bool is_refusal;
} whats[SPEND_N_WHATS] = {[SPEND_DID_NOTHING] = {"unknown", "is not known", true},
#define X(symbol, word, refused, sentence) [symbol] = {word, sentence, refused},
                          SPEND_WHATS(X)
#undef X
};

static unsigned place_of(enum spend_what what)
{
    return (unsigned)what < SPEND_N_WHATS ? what : SPEND_DID_NOTHING;
}

const char *spend_what_word(enum spend_what what)
{
    return whats[place_of(what)].word;
}

const char *spend_what_sentence(enum spend_what what)
{
    return whats[place_of(what)].sentence;
}

bool spend_is_refusal(enum spend_what what)
{
    return whats[place_of(what)].is_refusal;
}

static void pack_amount(struct packer *to, struct amount a)
{
    pack_u64(to, (uint64_t)(a.u >> 64));
    pack_u64(to, (uint64_t)a.u);
}

size_t spend_event_encode(const struct spend_event *e, uint8_t out[SPEND_EVENT_MAX])
{
    struct packer to = {.p = out, .cap = SPEND_EVENT_MAX};

    pack_u8(&to, VERSION);
    pack_u8(&to, (uint8_t)e->what);
    pack_u8(&to, (uint8_t)e->why);
    pack_u8(&to, (uint8_t)e->environment);
    pack_u8(&to, (uint8_t)e->decimals);
    pack_u64(&to, e->n);
    pack_u64(&to, (uint64_t)e->time_us);
    pack_amount(&to, e->amount);
    pack_amount(&to, e->committed);
    pack_bytes(&to, e->request_id, SPEND_REQUEST_ID);
    pack_str8(&to, utf8_cut(e->key, KW_KEY_ID_LEN));
    pack_str8(&to, utf8_cut(e->account, KW_ACCOUNT_MAX));
    pack_str8(&to, utf8_cut(e->reservation, SPEND_ID_LEN));
    pack_str8(&to, utf8_cut(e->reference, SPEND_REFERENCE_MAX));
    pack_str8(&to, utf8_cut(e->currency, CURRENCY_MAX));
    pack_str8(&to, utf8_cut(e->destination, SPEND_DESTINATION_MAX));
    pack_str8(&to, utf8_cut(e->actor, SPEND_ACTOR_MAX));
    return to.n;
}

static struct amount unpack_amount(struct unpacker *from)
{
    struct amount a = {.u = unpack_u64(from)};

    a.u = a.u << 64 | unpack_u64(from);
    from->bad |= amount_compare(a, amount_max()) > 0;
    return a;
}

static struct str unpack_short(struct unpacker *from, size_t max)
{
    struct str s = unpack_str8(from);

    from->bad |= s.n > max;
    return s;
}

static bool values_ok(const struct spend_event *e)
{
    return e->what > SPEND_DID_NOTHING && (unsigned)e->what < SPEND_N_WHATS &&
           (unsigned)e->why < SPEND_N_WHYS && (unsigned)e->environment <= KW_PRODUCTION &&
           e->decimals <= AMOUNT_DECIMALS_MAX;
}

enum kw_err spend_event_decode(struct str bytes, struct spend_event *out)
{
    struct unpacker from = {.p = (const uint8_t *)bytes.p, .n = bytes.n};
    struct spend_event e = {.n = 0};

    if (unpack_u8(&from) != VERSION)
        return from.bad ? KW_EDAMAGED : KW_EFORMAT;
    e.what = unpack_u8(&from);
    e.why = unpack_u8(&from);
    e.environment = unpack_u8(&from);
    e.decimals = unpack_u8(&from);
    e.n = unpack_u64(&from);
    e.time_us = (int64_t)unpack_u64(&from);
    e.amount = unpack_amount(&from);
    e.committed = unpack_amount(&from);
    unpack_bytes(&from, e.request_id, SPEND_REQUEST_ID);
    e.key = unpack_short(&from, KW_KEY_ID_LEN);
    e.account = unpack_short(&from, KW_ACCOUNT_MAX);
    e.reservation = unpack_short(&from, SPEND_ID_LEN);
    e.reference = unpack_short(&from, SPEND_REFERENCE_MAX);
    e.currency = unpack_short(&from, CURRENCY_MAX);
    e.destination = unpack_short(&from, SPEND_DESTINATION_MAX);
    e.actor = unpack_short(&from, SPEND_ACTOR_MAX);
    if (!unpack_done(&from) || !values_ok(&e))
        return KW_EDAMAGED;
    *out = e;
    return KW_OK;
}
