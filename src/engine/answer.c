/* answer.c - what a caller is told: the body of a denial, and where his limits stand. */
#include <keyward/keyward.h>

#include <stdio.h>

#include "base/buf.h"
#include "base/pack.h"
#include "base/quote.h"
#include "core/address.h"
#include "core/exposure.h"
#include "core/moment.h"
#include "core/permission.h"
#include "engine/whole.h"

enum { MESSAGE_MAX = 400, ROUTE_SHOWN = 200 };

/* The method and path, for people; a credential that was sent in it is not sent back. */
static void print_route(const struct kw_request *r, char *out, size_t cap)
{
    char path[ROUTE_SHOWN];
    const char *end = r->target.n == 0 ? NULL : memchr(r->target.p, '?', r->target.n);
    struct str raw = {r->target.p, end == NULL ? r->target.n : (size_t)(end - r->target.p)};
    size_t n = exposure_redact(raw, (struct str){0}, (struct str){0}, path, sizeof path);

    snprintf(out, cap, "%.*s %.*s", r->method.n > 16 ? 16 : (int)r->method.n, r->method.p, (int)n,
             path);
}

static void print_permission_denied(const struct kw_decision *d, const struct kw_request *r,
                                    char *out, size_t cap)
{
    char route[ROUTE_SHOWN + 20] = "this route";

    if (r != NULL)
        print_route(r, route, sizeof route);
    if (d->route_class == KW_CLASS_UNLISTED)
        snprintf(
            out, cap,
            "This key lacks the Full Access permission that %s needs: the policy does not list it",
            route);
    else
        snprintf(out, cap, "This key lacks the %s permission that %s needs",
                 class_permission_title(d->route_class), route);
}

static void print_environment(const struct kw_decision *d, const struct kw_request *r, char *out,
                              size_t cap)
{
    bool is_sandbox = d->environment == KW_SANDBOX;

    if (r != NULL && r->environment == KW_NO_ENVIRONMENT) {
        snprintf(out, cap, "This is a %s key, and this host takes no keys: use the %s host",
                 kw_environment_name(d->environment), kw_environment_name(d->environment));
        return;
    }
    snprintf(out, cap, "This is a %s key, and this is the %s host: use the other host, or a %s key",
             kw_environment_name(d->environment), is_sandbox ? "production" : "sandbox",
             is_sandbox ? "production" : "sandbox");
}

static void print_address(const struct kw_request *r, char *out, size_t cap)
{
    char text[ADDRESS_TEXT_MAX];
    struct address a;

    memcpy(a.b, r->source, sizeof a.b);
    size_t n = address_print(&a, text);
    snprintf(
        out, cap,
        "This key may not be used from %.*s: its address rules, or its account's, do not list it",
        (int)n, text);
}

static void print_limit(const struct kw_decision *d, const struct kw_limit_state *l, char *out,
                        size_t cap)
{
    snprintf(out, cap, "%s: %u requests in %u s; try again in %u s", kw_reason_message(d->reason),
             l->quota, l->window_s, d->retry_after_s);
}

/* What is frozen, and that it is for a time only: nobody is to throw a good key away. */
static void print_frozen(const struct kw_decision *d, char *out, size_t cap)
{
    const char *whose = d->frozen == KW_FROZEN_KEY       ? "this key"
                        : d->frozen == KW_FROZEN_ACCOUNT ? "all keys of this account"
                        : d->environment == KW_SANDBOX   ? "all sandbox keys"
                                                         : "all production keys";

    if (d->frozen == KW_FROZEN_NOTHING)
        snprintf(out, cap, "%s", kw_reason_message(d->reason));
    else
        snprintf(out, cap,
                 "%s with %s are frozen for the time being%s. The key stays valid: try again later",
                 d->frozen_reads ? "All requests" : "Transactions", whose,
                 d->frozen_reads ? "" : "; reading is not");
}

static void print_message(const struct kw_decision *d, const struct kw_request *r, char *out,
                          size_t cap)
{
    if (d->reason == KW_WHY_PERMISSION_DENIED)
        print_permission_denied(d, r, out, cap);
    else if (d->reason == KW_WHY_ENVIRONMENT_MISMATCH)
        print_environment(d, r, out, cap);
    else if (d->reason == KW_WHY_IP_NOT_ALLOWED && r != NULL)
        print_address(r, out, cap);
    else if (d->reason == KW_WHY_FROZEN)
        print_frozen(d, out, cap);
    else if (d->reason == KW_WHY_RATE_LIMITED)
        print_limit(d, &d->rate, out, cap);
    else if (d->reason == KW_WHY_QUOTA_EXCEEDED)
        print_limit(d, &d->quota, out, cap);
    else
        snprintf(out, cap, "%s", kw_reason_message(d->reason));
}

static const char *status_title(int status)
{
    switch (status) {
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 429:
        return "Too Many Requests";
    default: /* a status is an open set */
        return "Service Unavailable";
    }
}

/* Whoever has not proved the secret gets one code for all three. */
static const char *code_of(enum kw_reason why)
{
    bool is_unproved =
        why == KW_WHY_MALFORMED_KEY || why == KW_WHY_UNKNOWN_KEY || why == KW_WHY_WRONG_SECRET;

    return is_unproved ? "invalid_key" : kw_reason_name(why);
}

size_t kw_answer_body(const struct kw_decision *d, const struct kw_request *request,
                      char buf[KW_BODY_MAX])
{
    static const struct kw_decision nothing = {.status = 503};
    char message[MESSAGE_MAX], quoted[KW_BODY_MAX - 200];

    if (buf == NULL)
        return 0;
    d = d == NULL ? &nothing : d;
    request = request_is_whole(request) ? request : NULL;
    print_message(d, request, message, sizeof message);
    quote_json(str_from(message), quoted, sizeof quoted);
    int n = snprintf(
        buf,
        KW_BODY_MAX, "{\"statusCode\":%d,\"message\":%s,\"error\":\"%s\",\"code\":\"%s\",\"requestId\":\"%.*s\"}",
        d->status, quoted, status_title(d->status), code_of(d->reason), KW_REQUEST_ID_LEN,
        d->request_id);
    return n < KW_BODY_MAX ? (size_t)n : KW_BODY_MAX - 1;
}

/* ---- limits, in every answer of a proved key: written by hand, for printf would be a third of their cost ---- */

static void put(struct packer *to, struct str text)
{
    pack_bytes(to, text.p, text.n);
}

static void put_number(struct packer *to, struct str name, uint32_t v)
{
    char digits[10];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + v % 10);
        v /= 10;
    } while (v > 0);
    put(to, name);
    pack_bytes(to, digits + at, sizeof digits - at);
}

static struct packer start(char buf[KW_LIMIT_HEADER_MAX])
{
    return (struct packer){.p = (uint8_t *)buf, .cap = KW_LIMIT_HEADER_MAX - 1};
}

static size_t finish(const struct packer *to, char buf[KW_LIMIT_HEADER_MAX])
{
    buf[to->n] = '\0';
    return to->n;
}

static void put_policy(struct packer *to, struct str name, const struct kw_limit_state *l)
{
    if (to->n > 0)
        put(to, STR(", "));
    put(to, name);
    put_number(to, STR(";q="), l->quota);
    put_number(to, STR(";w="), l->window_s);
}

size_t kw_answer_ratelimit_policy(const struct kw_decision *d, char buf[KW_LIMIT_HEADER_MAX])
{
    struct packer to = start(buf);

    if (buf == NULL)
        return 0;
    if (d != NULL && d->rate.quota != 0)
        put_policy(&to, STR("\"rate\""), &d->rate);
    if (d != NULL && d->quota.quota != 0)
        put_policy(&to, STR("\"quota\""), &d->quota);
    return finish(&to, buf);
}

/* Which one would stop the caller first: the one with the fewest left. */
const struct kw_limit_state *kw_answer_nearest(const struct kw_decision *d)
{
    if (d == NULL)
        return NULL;
    if (d->rate.quota == 0)
        return d->quota.quota == 0 ? NULL : &d->quota;
    if (d->quota.quota == 0)
        return &d->rate;
    return d->quota.remaining < d->rate.remaining ? &d->quota : &d->rate;
}

size_t kw_answer_ratelimit(const struct kw_decision *d, char buf[KW_LIMIT_HEADER_MAX])
{
    const struct kw_limit_state *nearest = kw_answer_nearest(d);
    struct packer to = start(buf);

    if (buf == NULL)
        return 0;
    if (nearest != NULL) {
        put(&to, nearest == &d->rate ? STR("\"rate\"") : STR("\"quota\""));
        put_number(&to, STR(";r="), nearest->remaining);
        put_number(&to, STR(";t="), nearest->reset_s);
    }
    return finish(&to, buf);
}

size_t kw_answer_old_secret_ends(const struct kw_decision *d, char buf[KW_LIMIT_HEADER_MAX])
{
    if (buf == NULL)
        return 0;
    buf[0] = '\0';
    if (d == NULL || d->old_secret_ends_ms == 0)
        return 0;
    moment_print(d->old_secret_ends_ms, buf);
    return MOMENT_LEN;
}
