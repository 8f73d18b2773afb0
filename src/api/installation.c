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
    char rate[48], quota[48];

    TRY(call_no_parameters(c));
    size_t n_rate = rate_print(&config->default_rate, rate);
    size_t n_quota = quota_print(&config->default_quota, quota);
    json_t *gateways = json_pack("{s:o, s:o}", "sandbox", url_out(config->sandbox_url),
                                 "production", url_out(config->production_url));
    return call_answer(
        c, 200,
        json_pack("{s:s, s:s, s:s, s:b, s:b, s:o, s:s, s:o, s:s%, s:s%}", "version",
                  KEYWARD_VERSION, "brand", config->brand, "header", "x-api-key", "mail",
                  c->server->mailer != NULL, "places", counting_knows_places(c->server->counting),
                  "publicUrl", url_out(config->public_url), "probe", config->probe_path, "gateways",
                  gateways, "defaultRate", rate, n_rate, "defaultQuota", quota, n_quota));
}
