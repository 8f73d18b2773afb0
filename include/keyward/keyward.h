/* keyward/keyward.h - decide whether a caller may do something.
 *
 *     struct kw_engine *engine;
 *     if (kw_open("/run/keyward", &engine) != KW_OK)
 *         ... every request is to be refused with 503; try again in a second
 *
 *     struct kw_decision d;
 *     if (kw_authorize(engine, &request, &d) == KW_OK && d.verdict == KW_ALLOW)
 *         serve();
 *     else
 *         refuse(d.status, body, kw_answer_body(&d, &request, body));
 *
 * Threads   Any number of threads may use one engine at once; kw_open and kw_close are for one. After fork() the child's
 *           engine denies everything (KW_WHY_UNAVAILABLE) until the child closes it and opens its own.
 * Memory    Nothing returned here needs freeing, except an engine by kw_close. A decision is self-contained. Deciding
 *           takes no lock, allocates nothing and makes no system call, except to look, at most once a second, for a new
 *           keyring when the old one has fallen silent.
 * Failure   On any error the decision is a denial: a caller that forgets to look still denies.
 * Arguments A pointer that is NULL, and a length that has no bytes or is beyond KW_STR_MAX, is refused before anything is
 *           read; nothing behind the last byte of a string is ever looked at. Other lengths must be true.
 * Signals   kw_open installs a SIGBUS handler once per process, which forgives faults inside Keyward's own mappings (a
 *           shared file that was cut short) and hands every other fault to the handler that was there before. */
#ifndef KEYWARD_KEYWARD_H
#define KEYWARD_KEYWARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <keyward/api.h>
#include <keyward/err.h>
#include <keyward/reason.h>
#include <keyward/version.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- words of the domain ---- */

enum kw_verdict { KW_DENY = 0, KW_ALLOW = 1 }; /* zero, so that an empty decision denies */

enum kw_environment { KW_NO_ENVIRONMENT = 0, KW_SANDBOX = 1, KW_PRODUCTION = 2 };

/* What a route asks for. Zero is the strictest of the classes that a key can reach: a route the policy does not list. */
enum kw_class {
    KW_CLASS_UNLISTED = 0,
    KW_CLASS_READ = 1,
    KW_CLASS_TRANSACT = 2,
    KW_CLASS_MANAGE = 3,
    KW_CLASS_PUBLIC = 4,
    KW_CLASS_DENY = 5
};

/* A key holds a set of these. */
enum kw_permission {
    KW_READ_ONLY = 1,
    KW_TRANSACTIONS = 2,
    KW_ACCOUNT_MANAGEMENT = 4,
    KW_FULL_ACCESS = 8
};

enum kw_limit_kind { KW_NO_LIMIT = 0, KW_LIMIT_RATE = 1, KW_LIMIT_QUOTA = 2 };

enum {
    KW_KEY_ID_LEN = 14,     /* base62, public */
    KW_ACCOUNT_MAX = 40,    /* bytes of an account id */
    KW_REQUEST_ID_LEN = 32, /* hex */
    KW_PATH_MAX = 4096,     /* a longer path is refused as ambiguous */
    KW_STR_MAX = 1 << 20, /* bytes of a string that is looked at; a longer one is refused unread */
    KW_LIST_MAX = 1 << 16 /* strings of a list, likewise */
};

/* ---- what is asked ---- */

struct kw_str { /* bytes with a length; not terminated; may be {NULL, 0} */
    const char *p;
    size_t n;
};

enum kw_request_flag {
    KW_REQ_TLS = 1,             /* the client's connection to us is TLS */
    KW_REQ_LOOPBACK = 2,        /* the listener is bound to a loopback address or a unix socket */
    KW_REQ_PLAINTEXT_OK = 4,    /* the operator accepts keys without TLS here */
    KW_REQ_BROWSER = 8,         /* Origin or Sec-Fetch-* present */
    KW_REQ_REFUSE_BROWSER = 16, /* ... and the operator wants that refused rather than reported */
    KW_REQ_UNTRUSTED_PEER = 32, /* a proxy that is none of ours asks for somebody: deny */
    KW_REQ_FORWARDED_AMBIGUOUS = 64 /* what our proxy tells cannot be read: deny (forwarded.h) */
};

struct kw_request {            /* borrows everything */
    struct kw_str method;      /* exact; "GET" */
    struct kw_str target;      /* path and query as the client sent them: "/wallet/me?x=1" */
    const struct kw_str *keys; /* the value of every key header field of the request, in order */
    size_t n_keys;
    const struct kw_str *bearers; /* the value behind "Bearer " of every Authorization field, where bearer keys are
                                      accepted; those that do not carry our prefix are none of our business */
    size_t n_bearers;
    const struct kw_str *cookies; /* the value of every Cookie field */
    size_t n_cookies;
    struct kw_str key_header; /* the name of the key header; empty: "x-api-key" */
    struct kw_str agent;      /* User-Agent, for the record */
    uint8_t source[16]; /* the client's address; IPv4 as ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2) */
    enum kw_environment environment; /* of the host that was asked */
    unsigned flags;                  /* enum kw_request_flag */
};

/* ---- what is answered ---- */

struct kw_limit_state { /* where a limit stands after this decision, which took one only if it was allowed; quota 0:
                           there is none */
    uint32_t quota;     /* requests per window */
    uint32_t window_s;  /* of a month: its length in seconds */
    uint32_t remaining; /* may be sent now */
    uint32_t reset_s; /* seconds until it is full again, rounded up; of a quota: until its window ends */
};

/* What is held back for the time being, together with all that is narrower: one key, all of its account, all of its
 * environment. */
enum kw_frozen {
    KW_FROZEN_NOTHING = 0,
    KW_FROZEN_KEY = 1,
    KW_FROZEN_ACCOUNT = 2,
    KW_FROZEN_ENVIRONMENT = 3
};

struct kw_decision {
    enum kw_verdict verdict;
    enum kw_reason reason;
    int status;  /* HTTP status of a denial; 200 when allowed */
    bool proved; /* the secret matched: the fields below about the key are true */
    int64_t old_secret_ends_ms; /* the secret in use is the one being rotated out: when it ends, by the wall clock; else 0 */
    enum kw_class route_class;     /* what the route asks for */
    enum kw_limit_kind limited_by; /* with status 429 of a proved key */
    uint32_t retry_after_s;        /* with status 429: whole seconds, rounded up */
    enum kw_frozen frozen;         /* with KW_WHY_FROZEN: the widest of what is */
    bool frozen_reads; /* with KW_WHY_FROZEN: all of its requests are, not only those that change something */
    char request_id[KW_REQUEST_ID_LEN + 1];
    char key_id[KW_KEY_ID_LEN + 1];   /* empty unless proved */
    char account[KW_ACCOUNT_MAX + 1]; /* empty unless proved */
    enum kw_environment environment;  /* of the key; KW_NO_ENVIRONMENT unless proved */
    unsigned permissions;             /* set of enum kw_permission; 0 unless proved */
    struct kw_limit_state rate,
        quota; /* of every proved key, allowed or refused; quota 0 unless proved */
};

/* ---- the engine ---- */

struct kw_engine;

/* Opens the state that `keyward serve` shares (its run folder, "/run/keyward") and claims a pair of rings in it.
 *   KW_EUNAVAILABLE  there is no keyring yet, or it is another boot's
 *   KW_EPERM         this process may not open the files: its user belongs into the group keyward-verify
 *   KW_EFORMAT       the files are of a version that this library does not know: reload or upgrade this program
 *   KW_EFULL         no free ring at the moment; `serve` makes more within a second
 *   KW_EINVAL        run_dir or out is NULL, or run_dir is empty or too long
 *   KW_EDAMAGED, KW_ENOMEM, KW_EIO
 * Maps all of the shared files at once (a tenth of a second for a million keys), so that decisions wait for no page.
 * Trying again later is right for all of them but KW_EINVAL. */
KW_API enum kw_err kw_open(const char *run_dir, struct kw_engine **out);

/* Gives the rings back. Takes NULL. No other thread may still be deciding. */
KW_API void kw_close(struct kw_engine *engine);

/* Decides, and puts the attempt on the record. *out is always written: an error leaves a denial in it.
 *   KW_OK      decided; see out->verdict
 *   KW_EINVAL  engine, request or out is NULL; a string has a length without bytes, or one beyond KW_STR_MAX; a list has
 *              a length without strings, or one beyond KW_LIST_MAX. Such a call is not on the record. */
KW_API enum kw_err kw_authorize(struct kw_engine *engine, const struct kw_request *request,
                                struct kw_decision *out);

/* The same at a given time: microseconds of CLOCK_BOOTTIME. For tests. */
KW_API enum kw_err kw_authorize_at(struct kw_engine *engine, const struct kw_request *request,
                                   uint64_t boot_us, struct kw_decision *out);

/* ---- the answer on the wire ----
 *
 * What is written into a buffer is terminated, and 0 is returned for a buffer of NULL. */

enum { KW_BODY_MAX = 1024, KW_LIMIT_HEADER_MAX = 128, KW_PERMISSIONS_MAX = 80 };

/* The JSON body of a denial, {"statusCode":…,"message":…,"error":…,"code":…,"requestId":…}, into buf; returns its length,
 * which is less than KW_BODY_MAX. `code` is the reason, but "invalid_key" for all three that an unproved caller must not
 * tell apart. The request may be NULL: messages then do not name the route. So it is with one that kw_authorize refuses as
 * KW_EINVAL. A decision of NULL is told as KW_WHY_UNAVAILABLE. */
KW_API size_t kw_answer_body(const struct kw_decision *d, const struct kw_request *request,
                             char buf[KW_BODY_MAX]);

/* The values of RateLimit-Policy and RateLimit (IETF draft-ietf-httpapi-ratelimit-headers) into buffers of
 * KW_LIMIT_HEADER_MAX bytes; return their lengths, 0 when the decision has no limits to tell of, or is NULL. */
KW_API size_t kw_answer_ratelimit_policy(const struct kw_decision *d, char buf[KW_LIMIT_HEADER_MAX]);
KW_API size_t kw_answer_ratelimit(const struct kw_decision *d, char buf[KW_LIMIT_HEADER_MAX]);

/* The limit that is nearest to its end, for X-RateLimit-Limit, -Remaining and -Reset. NULL when there is none, and
 * for a decision of NULL. */
KW_API const struct kw_limit_state *kw_answer_nearest(const struct kw_decision *d);

/* The value of X-Keyward-Old-Secret-Ends, which tells a client that it still uses the secret which is being rotated out:
 * "2026-01-31T12:34:56Z" (RFC 3339), when that one ends, into a buffer of KW_LIMIT_HEADER_MAX bytes; returns its length, 0 when
 * the current secret was used, or none that is right. */
KW_API size_t kw_answer_old_secret_ends(const struct kw_decision *d, char buf[KW_LIMIT_HEADER_MAX]);

/* "read_only,transactions" for X-Keyward-Permissions; returns the length. */
KW_API size_t kw_permissions_text(unsigned set, char buf[KW_PERMISSIONS_MAX]);
KW_API const char *kw_environment_name(enum kw_environment environment); /* "sandbox", "production", "" */

/* ---- what must not be logged ---- */

/* Whether a bearer token is one of ours by its prefix; such a header is removed before the upstream even where bearer
 * keys are not accepted. An engine of NULL knows no prefix: false. A token that kw_authorize would refuse as KW_EINVAL:
 * true for any engine, so that it is removed. */
KW_API bool kw_is_ours(const struct kw_engine *engine, struct kw_str token);

/* Copies text (a request line, a path) into buf with every credential of ours in it replaced by its public part and "…",
 * cut to cap bytes and not terminated; returns the length. An engine of NULL redacts whatever has the shape of a credential
 * of any brand. A text that kw_authorize would refuse as KW_EINVAL, and a buf of NULL: 0. */
KW_API size_t kw_redact(const struct kw_engine *engine, struct kw_str text, char *buf, size_t cap);

#ifdef __cplusplus
}
#endif

#endif
