/* installation.c - the call that tells what this installation is called and where it is reached. */
#include <keyward/version.h>

#include "api/api.h"

static json_t *url_out(const char *url)
{
    return url[0] == '\0' ? json_null() : json_string(url);
}

enum kw_err installation_get(struct call *c)
{
    const struct config *config = c->server->config;

    TRY(call_no_parameters(c));
    json_t *gateways = json_pack("{s:o, s:o}", "sandbox", url_out(config->sandbox_url),
                                 "production", url_out(config->production_url));
    return call_answer(c, 200,
                       json_pack("{s:s, s:s, s:s, s:b, s:o, s:s, s:o}", "version", KEYWARD_VERSION,
                                 "brand", config->brand, "header", "x-api-key", "mail",
                                 c->server->mailer != NULL, "publicUrl", url_out(config->public_url),
                                 "probe", config->probe_path, "gateways", gateways));
}
