/* authorize.c - the decision: steps in order, the first that objects decides; one exit for ALLOW.
 */
#include "base/clock.h"
#include "base/hex.h"
#include "engine/attempt.h"
#include "engine/whole.h"

static attempt_step *const steps[] = {
    step_forwarded,  step_path,       step_expect,  step_exposure, step_tls,         step_route,
    step_credential, step_prove,      step_state,   step_account,  step_environment, step_address,
    step_browser,    step_permission, step_reserve, step_limits,
};

/* A token that is given up: it has only to be one. */
static attempt_step *const steps_of_revoke[] = {
    step_forwarded, step_route, step_credential, step_prove, step_whose, step_reserve,
};

static enum kw_reason take_steps(struct attempt *a, attempt_step *const *first, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        enum kw_reason why = first[i](a);
        if (why != KW_WHY_ALLOWED)
            return why;
    }
    return KW_WHY_ALLOWED;
}

static enum kw_reason judge(struct attempt *a)
{
    if (a->use != NULL && a->use->kind == USE_REVOKE)
        return take_steps(a, steps_of_revoke, COUNT_OF(steps_of_revoke));
    return take_steps(a, steps, COUNT_OF(steps));
}

/* The number is big-endian, so that ids of one verifier sort by time. */
static void name_request(struct kw_engine *e, uint8_t id[EVENT_REQUEST_ID], struct kw_decision *d)
{
    uint64_t number =
        __builtin_bswap64(atomic_fetch_add_explicit(&e->n_requests, 1, memory_order_relaxed));

    memcpy(id, &e->verifier, sizeof e->verifier);
    memcpy(id + sizeof e->verifier, &number, sizeof number);
    memcpy(d->request_id, e->verifier_hex, sizeof e->verifier_hex);
    hex_put(&number, sizeof number, d->request_id + sizeof e->verifier_hex);
    d->request_id[KW_REQUEST_ID_LEN] = '\0';
}

/* The one exit for ALLOW: what is neither allowed nor public, or was read from a file that was cut
 * short under us, is a denial. */
static void conclude(struct attempt *a, enum kw_reason why)
{
    struct kw_decision *d = a->decision;
    bool is_torn = atomic_load_explicit(&a->view->torn, memory_order_acquire) != 0;

    d->reason = is_torn ? KW_WHY_UNAVAILABLE : why;
    d->status = kw_reason_status(d->reason);
    attempt_record(a, d->reason);
    if (atomic_load_explicit(&a->view->torn, memory_order_acquire) != 0) {
        d->reason = KW_WHY_UNAVAILABLE;
        d->status = kw_reason_status(d->reason);
    }
    if (d->reason == KW_WHY_ALLOWED || d->reason == KW_WHY_PUBLIC)
        d->verdict = KW_ALLOW;
}

/* The limits that refused have been told of already. */
static void tell_refused(struct attempt *a)
{
    if (a->decision->proved && a->decision->limited_by == KW_NO_LIMIT)
        attempt_tell_limits(a);
}

static void decide(struct attempt *a)
{
    int64_t offset_us;

    if (!keyring_wall_offset(a->view->keyring, &offset_us)) {
        conclude(a, KW_WHY_UNAVAILABLE);
        return;
    }
    a->wall_us = (int64_t)a->boot_us + offset_us;
    attempt_meet_key(a);
    enum kw_reason why = judge(a);
    if (why != KW_WHY_ALLOWED)
        tell_refused(a);
    conclude(a, why);
}

static enum kw_err authorize(struct kw_engine *engine, const struct kw_request *request,
                             const struct engine_use *use, uint64_t started_ns, uint64_t boot_us,
                             struct kw_decision *out)
{
    if (out == NULL)
        return KW_EINVAL;
    *out = (struct kw_decision){.status = kw_reason_status(KW_WHY_UNAVAILABLE)};
    if (engine == NULL || !request_is_whole(request))
        return KW_EINVAL;
    struct attempt a = {.engine = engine,
                        .request = request,
                        .use = use,
                        .decision = out,
                        .started_ns = started_ns,
                        .boot_us = boot_us};
    name_request(engine, a.request_id, out);
    if (atomic_load_explicit(engine->alive, memory_order_relaxed) == 0)
        return KW_OK; /* a child after fork: denied as unavailable */
    a.view = view_enter(engine, boot_us);
    if (a.view == NULL)
        return KW_OK;
    decide(&a);
    view_leave(a.view);
    return KW_OK;
}

enum kw_err kw_authorize(struct kw_engine *engine, const struct kw_request *request,
                         struct kw_decision *out)
{
    uint64_t now_ns = clock_boot_ns();

    return authorize(engine, request, NULL, now_ns, now_ns / 1000, out);
}

enum kw_err engine_use_key(struct kw_engine *engine, const struct kw_request *request,
                           const struct engine_use *use, struct kw_decision *out)
{
    uint64_t now_ns = clock_boot_ns();

    return authorize(engine, request, use, now_ns, now_ns / 1000, out);
}

enum kw_err kw_authorize_at(struct kw_engine *engine, const struct kw_request *request,
                            uint64_t boot_us, struct kw_decision *out)
{
    return authorize(engine, request, NULL, 0, boot_us, out);
}
