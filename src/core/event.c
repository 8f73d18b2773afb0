/* event.c - see event.h. Numbers first, at fixed places, then the strings, each behind a byte of
 * length. */
#include "core/event.h"

#include <assert.h>

#include "base/pack.h"
#include "base/utf8.h"

/* The second version has a token's id, which takes its room from the agent; all but tokens' are of the first. */
enum { EVENT_FIRST = 1, EVENT_OF_TOKEN = 2, EVENT_FIXED = 104 };

static size_t agent_max(const struct event *e)
{
    return e->credential == CREDENTIAL_TOKEN ? EVENT_TOKEN_AGENT_MAX : EVENT_AGENT_MAX;
}

static_assert(EVENT_FIXED + 4 + KW_ACCOUNT_MAX + EVENT_AGENT_MAX + EVENT_METHOD_MAX + EVENT_PATH_MAX <=
                  EVENT_MAX,
              "the longest event fits");

/* Compiled once for each version, so that all but the strings has a place that is known then: every decision writes an event. */
static inline __attribute__((always_inline)) size_t encode(const struct event *e, bool is_token,
                                                           uint8_t out[EVENT_MAX])
{
    struct packer to = {.p = out, .cap = EVENT_MAX};

    pack_u8(&to, is_token ? EVENT_OF_TOKEN : EVENT_FIRST);
    pack_u8(&to, (uint8_t)e->kind);
    pack_u8(&to, (uint8_t)e->reason);
    pack_u8(&to, (uint8_t)e->route_class);
    pack_u8(&to, (uint8_t)e->environment);
    pack_u8(&to, (uint8_t)e->credential);
    pack_u8(&to, (uint8_t)e->limited_by);
    pack_u8(&to, e->flags);
    pack_u16(&to, e->status);
    pack_u32(&to, e->count);
    pack_u64(&to, (uint64_t)e->time_us);
    pack_u64(&to, e->ring);
    pack_u64(&to, e->position);
    pack_bytes(&to, e->request_id, EVENT_REQUEST_ID);
    pack_bytes(&to, e->key_id, KW_KEY_ID_LEN);
    if (is_token)
        pack_bytes(&to, e->token_id, KW_KEY_ID_LEN);
    pack_u32(&to, e->generation);
    pack_u32(&to, e->key_version);
    pack_u32(&to, e->policy_version);
    pack_bytes(&to, e->source.b, sizeof e->source.b);
    pack_u32(&to, e->route);
    pack_u32(&to, e->latency_ns);
    pack_str8(&to, utf8_cut(e->account, KW_ACCOUNT_MAX));
    pack_str8(&to, utf8_cut(e->agent, agent_max(e)));
    pack_str8(&to, utf8_cut(e->method, EVENT_METHOD_MAX));
    pack_str8(&to, utf8_cut(e->path, EVENT_PATH_MAX));
    return to.n;
}

size_t event_encode(const struct event *e, uint8_t out[EVENT_MAX])
{
    return e->credential == CREDENTIAL_TOKEN ? encode(e, true, out) : encode(e, false, out);
}

static bool lengths_ok(const struct event *e)
{
    return e->account.n <= KW_ACCOUNT_MAX && e->agent.n <= agent_max(e) &&
           e->method.n <= EVENT_METHOD_MAX && e->path.n <= EVENT_PATH_MAX;
}

static bool values_ok(const struct event *e)
{
    return e->kind > EVENT_NONE && e->kind <= EVENT_WARNING && (unsigned)e->reason < KW_N_REASONS &&
           e->route_class <= KW_CLASS_DENY && e->environment <= KW_PRODUCTION &&
           e->credential <= CREDENTIAL_TOKEN && e->limited_by <= KW_LIMIT_QUOTA &&
           (e->flags & ~EVENT_FLAGS_ALL) == 0;
}

enum kw_err event_decode(struct str bytes, struct event *out)
{
    struct unpacker from = {.p = (const uint8_t *)bytes.p, .n = bytes.n};
    struct event e = {0};

    uint8_t version = unpack_u8(&from);
    if (version != EVENT_FIRST && version != EVENT_OF_TOKEN)
        return from.bad ? KW_EDAMAGED : KW_EFORMAT;
    e.kind = unpack_u8(&from);
    e.reason = unpack_u8(&from);
    e.route_class = unpack_u8(&from);
    e.environment = unpack_u8(&from);
    e.credential = unpack_u8(&from);
    e.limited_by = unpack_u8(&from);
    e.flags = unpack_u8(&from);
    e.status = unpack_u16(&from);
    e.count = unpack_u32(&from);
    e.time_us = (int64_t)unpack_u64(&from);
    e.ring = unpack_u64(&from);
    e.position = unpack_u64(&from);
    unpack_bytes(&from, e.request_id, EVENT_REQUEST_ID);
    unpack_bytes(&from, e.key_id, KW_KEY_ID_LEN);
    if (version == EVENT_OF_TOKEN)
        unpack_bytes(&from, e.token_id, KW_KEY_ID_LEN);
    e.generation = unpack_u32(&from);
    e.key_version = unpack_u32(&from);
    e.policy_version = unpack_u32(&from);
    unpack_bytes(&from, e.source.b, sizeof e.source.b);
    e.route = unpack_u32(&from);
    e.latency_ns = unpack_u32(&from);
    e.account = unpack_str8(&from);
    e.agent = unpack_str8(&from);
    e.method = unpack_str8(&from);
    e.path = unpack_str8(&from);
    if ((version == EVENT_OF_TOKEN) != (e.credential == CREDENTIAL_TOKEN))
        return KW_EDAMAGED;
    if (!unpack_done(&from) || !lengths_ok(&e) || !values_ok(&e))
        return KW_EDAMAGED;
    *out = e;
    return KW_OK;
}
