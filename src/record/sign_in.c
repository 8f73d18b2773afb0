/* sign_in.c - see sign_in.h. Numbers first, at fixed places, then the strings, each behind a byte of length. */
#include "record/sign_in.h"

#include <assert.h>

#include "base/pack.h"
#include "base/utf8.h"

enum { SIGN_IN_VERSION = 1, SIGN_IN_FIXED = 48 };

static_assert(SIGN_IN_FIXED + 5 + 2 * KW_KEY_ID_LEN + KW_ACCOUNT_MAX + SIGN_IN_EMAIL_MAX +
                      SIGN_IN_AGENT_MAX <=
                  SIGN_IN_MAX,
              "the longest sign-in fits");

/* ---- words ---- */

static const struct {
    const char *word, *sentence;
    bool is_refusal;
} whats[SIGN_IN_N_WHATS] = {[SIGN_IN_NONE] = {"unknown", "is not known", true},
#define X(symbol, word, refused, sentence) [symbol] = {word, sentence, refused},
                            SIGN_IN_WHATS(X)
#undef X
};

static const struct {
    const char *word, *sentence;
} whys[SIGN_IN_N_WHYS] = {
#define X(symbol, word, sentence) [symbol] = {word, sentence},
    SIGN_IN_WHYS(X)
#undef X
};

static unsigned place_of(enum sign_in_what what)
{
    return (unsigned)what < SIGN_IN_N_WHATS ? what : SIGN_IN_NONE;
}

const char *sign_in_what_word(enum sign_in_what what)
{
    return whats[place_of(what)].word;
}

const char *sign_in_what_sentence(enum sign_in_what what)
{
    return whats[place_of(what)].sentence;
}

bool sign_in_is_refusal(enum sign_in_what what)
{
    return whats[place_of(what)].is_refusal;
}

const char *sign_in_why_word(enum sign_in_why why)
{
    return (unsigned)why < SIGN_IN_N_WHYS ? whys[why].word : "";
}

const char *sign_in_why_sentence(enum sign_in_why why)
{
    return (unsigned)why < SIGN_IN_N_WHYS ? whys[why].sentence : "";
}

/* ---- bytes ---- */

size_t sign_in_encode(const struct sign_in *s, uint8_t out[SIGN_IN_MAX])
{
    struct packer to = {.p = out, .cap = SIGN_IN_MAX};

    pack_u8(&to, SIGN_IN_VERSION);
    pack_u8(&to, (uint8_t)s->what);
    pack_u8(&to, (uint8_t)s->why);
    pack_u8(&to, 0);
    pack_u32(&to, s->summed);
    pack_u64(&to, (uint64_t)s->time_us);
    pack_bytes(&to, s->request_id, EVENT_REQUEST_ID);
    pack_bytes(&to, s->source.b, sizeof s->source.b);
    pack_str8(&to, utf8_cut(s->member, KW_KEY_ID_LEN));
    pack_str8(&to, utf8_cut(s->token, KW_KEY_ID_LEN));
    pack_str8(&to, utf8_cut(s->account, KW_ACCOUNT_MAX));
    pack_str8(&to, utf8_cut(s->email, SIGN_IN_EMAIL_MAX));
    pack_str8(&to, utf8_cut(s->agent, SIGN_IN_AGENT_MAX));
    return to.n;
}

static bool lengths_ok(const struct sign_in *s)
{
    return s->member.n <= KW_KEY_ID_LEN && s->token.n <= KW_KEY_ID_LEN &&
           s->account.n <= KW_ACCOUNT_MAX && s->email.n <= SIGN_IN_EMAIL_MAX &&
           s->agent.n <= SIGN_IN_AGENT_MAX;
}

static bool values_ok(const struct sign_in *s)
{
    return s->what > SIGN_IN_NONE && (unsigned)s->what < SIGN_IN_N_WHATS &&
           (unsigned)s->why < SIGN_IN_N_WHYS;
}

enum kw_err sign_in_decode(struct str bytes, struct sign_in *out)
{
    struct unpacker from = {.p = (const uint8_t *)bytes.p, .n = bytes.n};
    struct sign_in s = {0};

    if (unpack_u8(&from) != SIGN_IN_VERSION)
        return from.bad ? KW_EDAMAGED : KW_EFORMAT;
    s.what = unpack_u8(&from);
    s.why = unpack_u8(&from);
    uint8_t zero = unpack_u8(&from);
    s.summed = unpack_u32(&from);
    s.time_us = (int64_t)unpack_u64(&from);
    unpack_bytes(&from, s.request_id, EVENT_REQUEST_ID);
    unpack_bytes(&from, s.source.b, sizeof s.source.b);
    s.member = unpack_str8(&from);
    s.token = unpack_str8(&from);
    s.account = unpack_str8(&from);
    s.email = unpack_str8(&from);
    s.agent = unpack_str8(&from);
    if (!unpack_done(&from) || zero != 0 || !lengths_ok(&s) || !values_ok(&s))
        return KW_EDAMAGED;
    *out = s;
    return KW_OK;
}
