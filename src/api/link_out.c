/* link_out.c - see link_out.h. */
#include "api/link_out.h"

#include "api/member_out.h"

json_t *link_out(struct call *c, const struct member *m, const char *text)
{
    char url[PUBLIC_LINK_MAX + 1];

    public_url_link(c->server->config->public_url, text, url);
    json_t *given = json_pack("{s:s, s:s?}", "secret", text, "url", url[0] == '\0' ? NULL : url);
    json_t *out = member_out(m);
    if (out != NULL && (given == NULL || json_object_update(out, given) != 0)) {
        json_decref(out);
        out = NULL;
    }
    json_decref(given);
    explicit_bzero(url, sizeof url);
    return out;
}
