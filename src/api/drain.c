/* drain.c - the call after which the record holds every attempt made before it. */
#include "api/api.h"

enum kw_err drain_post(struct call *c)
{
    struct config_paths paths;

    TRY(call_no_parameters(c));
    TRY(recording_drain(c->server->recording));
    config_paths_of(c->server->config, &paths);
    return call_answer(
        c, 200, json_pack("{s:s, s:s}", "auditDir", paths.audit_dir, "publicKey", paths.audit_pub));
}
