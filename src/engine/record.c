/* record.c - an attempt becomes an event in a ring. */
#include "base/clock.h"
#include "core/exposure.h"
#include "engine/attempt.h"

static uint8_t flags_of(const struct attempt *a)
{
    unsigned asked = a->request->flags, flags = 0;

    flags |= a->decision->proved ? EVENT_PROVED : 0u;
    flags |= a->decision->old_secret_ends_ms != 0 ? EVENT_OLD_SECRET : 0u;
    flags |= (asked & KW_REQ_TLS) != 0 ? EVENT_TLS : 0u;
    flags |= (asked & KW_REQ_LOOPBACK) != 0 ? EVENT_LOOPBACK : 0u;
    flags |= (asked & KW_REQ_BROWSER) != 0 ? EVENT_BROWSER : 0u;
    return (uint8_t)flags;
}

static struct event event_of(const struct attempt *a, enum kw_reason why)
{
    const struct kw_request *r = a->request;
    const struct kw_decision *d = a->decision;
    struct event e = {
        .kind = EVENT_DECISION,
        .count = 1,
        .time_us = a->wall_us,
        .credential = a->credential,
        .policy_version = a->policy_version,
        .account = str_from(d->account),
        .environment = r->environment,
        .method = {r->method.p, r->method.n},
        .route = a->route.number,
        .route_class = a->route.c,
        .reason = why,
        .limited_by = d->limited_by,
        .status = (uint16_t)d->status,
        .flags = flags_of(a),
        .latency_ns = a->started_ns == 0 ? 0 : (uint32_t)(clock_boot_ns() - a->started_ns),
    };

    memcpy(e.source.b, r->source, sizeof e.source.b);
    if (a->claimed_id.n > 0) /* else p may be NULL, which memcpy does not take */
        memcpy(e.key_id, a->claimed_id.p, a->claimed_id.n);
    if (a->token_id.n > 0)
        memcpy(e.token_id, a->token_id.p, a->token_id.n);
    memcpy(e.request_id, a->request_id, sizeof e.request_id);
    if (d->proved || why == KW_WHY_SECRET_ROTATED) {
        e.generation = a->found.record.generation;
        e.key_version = a->found.record.version;
    }
    return e;
}

/* Whatever a stranger may have put a key into is redacted before it is written down. */
static void fill(struct attempt *a, int ring, uint64_t position, enum kw_reason why)
{
    char path[EVENT_PATH_MAX] UNINIT, agent[EVENT_AGENT_MAX] UNINIT;
    struct event e = event_of(a, why);
    struct str brand = keyring_brand(a->view->keyring), none = {0};
    struct str agent_text = {a->request->agent.p, a->request->agent.n};

    e.path = (struct str){path, exposure_redact(a->path, brand, none, path, sizeof path)};
    e.agent = (struct str){agent, exposure_redact(agent_text, brand, none, agent, sizeof agent)};
    claim_fill(a->view->claim, ring, position, &e);
}

bool attempt_record(struct attempt *a, enum kw_reason why)
{
    int ring = a->decision->proved ? RING_PROVED : RING_UNPROVED;

    if (!a->is_reserved)
        a->is_reserved = claim_reserve(a->view->claim, ring, &a->position) == KW_OK;
    if (!a->is_reserved) {
        claim_count(a->view->claim, ring, why);
        return false;
    }
    fill(a, ring, a->position, why);
    return true;
}
