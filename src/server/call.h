/* call.h - one call of the management API: what was asked, and what will be answered. */
#ifndef SERVER_CALL_H
#define SERVER_CALL_H

#include "server/caller.h"
#include "server/query.h"
#include "server/server.h"
#include "json/json_in.h"
#include "json/json_out.h"

enum { CALL_HEADER_MAX = 96, CALL_REQUEST_ID_LEN = 32, CALL_AGENT_MAX = 64, CALL_COOKIE_MAX = 160 };
enum { CALL_NONCE_LEN = 22 }; /* 131 bits: CSP level 3, 8.1, asks for 128 */
enum { CALL_POLICY_MAX = 384 };

#define CALL_COOKIE_NAME \
    "__Host-keyward" /* RFC 6265bis, 4.1.3.2: Secure, no Domain, for all of this host */

struct call;

/* Answers a call, in `call`; on an error, problem_of makes of it what a handler has not said
 * itself. */
typedef enum kw_err call_handler(struct call *call);

/* A handler that needs slow work of another thread sets `start` and `go_on` and returns KW_OK. Its connection then waits, and
 * all others are served meanwhile: `start` hands the work over, and whoever has done it calls done(ctx), from any thread;
 * then go_on answers, in the thread of the first. KW_OK from `start` means that done will be called, exactly once. */
typedef void call_done(void *ctx);
struct call_wait {
    enum kw_err (*start)(struct call *call, call_done *done, void *ctx);
    call_handler *go_on;
    void *state;               /* of the handler, for its second half; */
    void (*free)(void *state); /* called in any case, at the end of the call */
};

struct call_signed { /* borrows */
    struct str bytes;
    struct str key_id, signature; /* as its headers say; {NULL, 0}: not sent */
};

struct call {
    /* Asked; borrowed. */
    struct server *server;
    struct caller caller;
    bool is_public;                 /* the answer may be read by the world: it came by http.sock */
    struct address source;          /* of the client, as nginx knows it; all zero on admin.sock */
    char agent[CALL_AGENT_MAX + 1]; /* its User-Agent, printable ASCII only */
    int64_t now_ms;
    uint8_t request_id[CALL_REQUEST_ID_LEN / 2];
    uint64_t arrived_us; /* boot clock */
    struct str id;       /* what stands for {id} in the path */
    struct query query;
    struct str if_match;        /* {NULL, 0}: not sent */
    struct str if_none_match;   /* {NULL, 0}: not sent */
    struct str idempotency_key; /* {NULL, 0}: not sent */
    struct str accept_encoding; /* {NULL, 0}: not sent, or twice */
    struct str cookie_in; /* the text of the session: the caller's, or of who signs in anew; a secret */
    struct kw_str keys[2]; /* of ASKER_CARRIER: the first two x-api-key that came; secrets */
    size_t n_keys;
    struct kw_str bearer;           /* and what stood behind "Bearer "; {NULL, 0}: nothing */
    const json_t *body;             /* NULL when the call takes none */
    struct call_signed signed_body; /* of BODY_SIGNED, instead */

    /* Answered: a status and a value, or a problem. */
    int status;
    json_t *answer;  /* owned */
    struct buf text; /* owned; instead of `answer`, of this type: */
    const char *text_type;
    struct str fixed;     /* bytes of the program itself, of the same type; instead of both */
    const char *encoding; /* Content-Encoding; NULL: none */
    bool varies;          /* Vary: Accept-Encoding */
    char policy[CALL_POLICY_MAX]; /* of a page, what it lets in; empty: nothing */
    const char *cache;            /* Cache-Control; NULL: no-store */
    char location[CALL_HEADER_MAX], etag[CALL_HEADER_MAX]; /* empty: not sent */
    char cookie[CALL_COOKIE_MAX]; /* Set-Cookie; a secret; empty: not sent */
    bool is_replay; /* Idempotent-Replayed: this was answered before, and nothing was done */
    unsigned retry_after_s; /* Retry-After; 0: not sent */
    struct problem problem;

    struct call_wait wait;
};

/* Takes the answer; NULL, from a jansson call that had no memory, is KW_ENOMEM. */
static inline enum kw_err call_answer(struct call *call, int status, json_t *answer)
{
    if (answer == NULL)
        return KW_ENOMEM;
    call->status = status;
    call->answer = answer;
    return KW_OK;
}

static inline bool call_is_answered(const struct call *call)
{
    return call->status != 0;
}

/* The same for a text, c->text. KW_ENOMEM: it did not fit, or there was no memory. */
static inline enum kw_err call_answer_text(struct call *call, int status, const char *type)
{
    if (call->text.failed)
        return KW_ENOMEM;
    call->status = status;
    call->text_type = type;
    return KW_OK;
}

/* The same for bytes of the program itself, which are not copied. */
static inline enum kw_err call_answer_fixed(struct call *call, struct str bytes, const char *type)
{
    call->status = 200;
    call->fixed = bytes;
    call->text_type = type;
    return KW_OK;
}

/* Answers with a page for browsers, under its own content security policy: in both every "{nonce}" becomes the same fresh
 * nonce, and so no answer of it may be kept. KW_ENOMEM, KW_EIO, KW_ERANGE (the policy is too long). */
enum kw_err call_answer_page(struct call *call, struct str page, const char *policy) MUST_USE;

/* What sync said to a change: KW_EUNSAVED is told in words of its own, the rest is passed on. */
enum kw_err call_saved(struct call *call, enum kw_err err) MUST_USE;

/* The same of a new object ("key") whose secret the answer would have told: sent again, it would be made twice. `then` is what is to be
 * done about it. */
enum kw_err call_saved_new(struct call *call, enum kw_err err, const char *what, const char *id,
                           const char *then) MUST_USE;

/* Whose objects the caller may see: his account, or {NULL, 0}, those of the whole installation. Every question about an
 * object carries it: another account's is not there. */
static inline struct str call_account(const struct call *call)
{
    const char *account = call->caller.account;

    return account[0] == '\0' ? (struct str){NULL, 0} : str_from(account);
}

/* The account whose objects a list is to show: what "account" of the query says, or the caller's. To whoever has an account,
 * another's are not there: it is then one that no account is called by, as empty as an unknown one. */
struct str call_listed_account(const struct call *call);

static inline struct str call_actor(const struct call *call)
{
    return str_from(call->caller.actor);
}

/* Whether the caller may do this besides what the route asks for: 403. */
enum kw_err call_needs(struct call *call, enum scope scope) MUST_USE;

/* A member has to have shown a one-time password in the last five minutes: 403 step_up_required. What a token may do of
 * this kind was confirmed when it was made; a peer is root of his own machine. */
enum { CALL_STEP_UP_MS = 5 * 60 * 1000 };
enum kw_err call_needs_step_up(struct call *call, const char *what) MUST_USE;

/* A member has to have proved all factors that he has in the last five minutes: 403 step_up_required, or, to who has no
 * one-time password, sign_in_again. For what makes a way in; programs and peers as above. */
enum kw_err call_needs_fresh_proof(struct call *call, const char *what) MUST_USE;

/* Whether the change was meant for this version of an object ("key"): 428 without If-Match, 412 when it names another. */
enum kw_err call_if_match(struct call *call, const char *what, uint32_t version) MUST_USE;

/* Refuses any parameter of the query. */
enum kw_err call_no_parameters(struct call *call) MUST_USE;

#endif
