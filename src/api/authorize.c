/* authorize.c - the call by which a backend has its own requests decided: the gateway's decision, on the same record, as
 * an answer in JSON. A denial is 200 as well: the call itself succeeded. */
#include "api/api.h"
#include "api/authorize_in.h"
#include "api/authorize_out.h"

enum kw_err authorize_post(struct call *c)
{
    struct kw_engine *engine = NULL;
    struct authorize_ask ask;
    struct kw_decision d;

    TRY(call_no_parameters(c));
    TRY(authorize_in(c->body, &c->problem, &ask));
    if (decider_engine(c->server->decider, &engine) != KW_OK)
        return problem_say(&c->problem, 503, "unavailable",
                           "Nothing can be decided at the moment: deny, and ask again in a second");
    TRY(kw_authorize(engine, &ask.request, &d));
    return call_answer(c, 200, authorize_out(&d, &ask.request));
}
