/* link_out.c - see link_out.h. */
#include "api/link_out.h"

static bool is_for_mail(const struct call *c, const struct member *m)
{
    return c->server->mailer != NULL && c->caller.kind != CALLER_PEER && m->email[0] != '\0';
}

static bool mail(const struct call *c, const struct member *m, const char *url)
{
    AUTO(letter_wipe) struct letter letter = {.has_link = false};

    return letter_to(m, url, &letter) == KW_OK && mailer_send(c->server->mailer, &letter) == KW_OK;
}

static json_t *add(json_t *object, json_t *more)
{
    if (object != NULL && (more == NULL || json_object_update(object, more) != 0)) {
        json_decref(object);
        object = NULL;
    }
    json_decref(more);
    return object;
}

json_t *link_out(struct call *c, const struct member *m, const char *text, json_t *shown)
{
    char url[PUBLIC_LINK_MAX + 1];
    bool is_hidden = is_for_mail(c, m);

    public_url_link(c->server->config->public_url, text, url);
    bool is_mailed = is_hidden && mail(c, m, url);
    json_t *given = json_pack("{s:s?, s:s?, s:b}", "secret", is_hidden ? NULL : text, "url",
                              is_hidden || url[0] == '\0' ? NULL : url, "mailed", is_mailed);
    explicit_bzero(url, sizeof url);
    return add(shown, given);
}

json_t *link_out_again(json_t *shown)
{
    return add(shown, json_pack("{s:n, s:n, s:n}", "secret", "url", "mailed"));
}
