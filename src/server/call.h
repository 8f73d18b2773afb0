/* call.h - one call of the management API: what was asked, and what will be answered. */
#ifndef SERVER_CALL_H
#define SERVER_CALL_H

#include "server/json_in.h"
#include "server/json_out.h"
#include "server/query.h"
#include "server/server.h"

enum { CALL_HEADER_MAX = 96, CALL_REQUEST_ID_LEN = 32 };

struct call {
    /* Asked; borrowed. */
    struct server *server;
    struct str actor; /* "uid:0"; "nobody" on http.sock */
    bool is_public;   /* the answer may be read by the world: it came by http.sock */
    int64_t now_ms;
    uint64_t arrived_us; /* boot clock */
    struct str id;       /* what stands for {id} in the path */
    struct query query;
    struct str if_match;      /* {NULL, 0}: not sent */
    struct str if_none_match; /* {NULL, 0}: not sent */
    const json_t *body;       /* NULL when the call takes none */

    /* Answered: a status and a value, or a problem. */
    int status;
    json_t *answer;  /* owned */
    struct buf text; /* owned; instead of `answer`, of this type: */
    const char *text_type;
    const char *cache;                                     /* Cache-Control; NULL: no-store */
    char location[CALL_HEADER_MAX], etag[CALL_HEADER_MAX]; /* empty: not sent */
    struct problem problem;
};

/* Answers a call, in `call`; on an error, problem_of makes of it what a handler has not said
 * itself. */
typedef enum kw_err call_handler(struct call *call);

/* Takes the answer; NULL, from a jansson call that had no memory, is KW_ENOMEM. */
static inline enum kw_err call_answer(struct call *call, int status, json_t *answer)
{
    if (answer == NULL)
        return KW_ENOMEM;
    call->status = status;
    call->answer = answer;
    return KW_OK;
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

/* What sync said to a change: KW_EUNSAVED is told in words of its own, the rest is passed on. */
enum kw_err call_saved(struct call *call, enum kw_err err) MUST_USE;

/* Refuses any parameter of the query. */
enum kw_err call_no_parameters(struct call *call) MUST_USE;

#endif
