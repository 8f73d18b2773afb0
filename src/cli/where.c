/* where.c - see where.h. */
#include "cli/where.h"

#include <stdlib.h>

#include "client/url.h"

static const char default_socket[] = "/run/keyward/admin.sock";

/* A variable that is empty is not set. */
static const char *environment(const char *name)
{
    const char *value = getenv(name);

    return value == NULL || value[0] == '\0' ? NULL : value;
}

static const char *given_or_set(const struct args *args, const char *option, const char *variable)
{
    const char *given = args_value(args, option);

    return given == NULL ? environment(variable) : given;
}

static const char *url_of(const struct args *args)
{
    return args_has(args, "socket") ? NULL : given_or_set(args, "url", "KEYWARD_URL");
}

bool where_is_url(const struct args *args)
{
    return url_of(args) != NULL;
}

static bool knows_urls(const struct command *c)
{
    for (const struct option *o = c->options; o->name != NULL; o++)
        if (strcmp(o->name, "url") == 0)
            return true;
    return false;
}

/* ---- contradictions ---- */

static enum exit_status check(const struct command *self, const struct args *args)
{
    bool is_said = args_has(args, "socket") || args_has(args, "url");

    if (args_has(args, "socket") && args_has(args, "url"))
        return exit_say(EXIT_USAGE, self->name, "--socket and --url exclude each other");
    if (!is_said && environment("KEYWARD_SOCKET") != NULL && environment("KEYWARD_URL") != NULL)
        return exit_say(EXIT_USAGE, self->name,
                        "KEYWARD_SOCKET and KEYWARD_URL are both set: unset one of them, or give "
                        "--socket or --url");
    if (where_is_url(args) && !knows_urls(self))
        return exit_say(EXIT_USAGE, self->name,
                        "this works on the machine of keyward serve alone: unset KEYWARD_URL, or "
                        "give --socket");
    if (!where_is_url(args) && (args_has(args, "token-file") || args_has(args, "ca-file")))
        return exit_say(EXIT_USAGE, self->name,
                        "--token-file and --ca-file go with --url or KEYWARD_URL; a socket needs "
                        "neither");
    return EXIT_DONE;
}

/* ---- the token ---- */

static enum exit_status say_unusable(const struct command *self, const char *source,
                                     enum kw_err err, const char *why)
{
    enum exit_status status = err == KW_EPERM     ? EXIT_PERMISSION
                              : err == KW_ESYNTAX ? EXIT_DATA
                                                  : EXIT_NO_INPUT;

    return exit_say(status, self->name, "%s: %s", source, why);
}

static enum exit_status read_token(const struct command *self, const struct args *args,
                                   struct where *w)
{
    const char *file = args_value(args, "token-file"), *set = environment("KEYWARD_TOKEN");
    const char *source = file == NULL && set != NULL ? "KEYWARD_TOKEN" : "the token";
    char why[CLIENT_TOKEN_WHY_MAX] = "";
    enum kw_err err = KW_OK;

    w->place.token = w->token.text;
    if (file == NULL && set == NULL)
        file = environment("KEYWARD_TOKEN_FILE");
    if (file != NULL)
        err = client_token_read(file, &w->token, why);
    else if (set != NULL)
        err = client_token_take(str_from(set), &w->token, why);
    else
        w->place.token = NULL;
    return err == KW_OK ? EXIT_DONE : say_unusable(self, source, err, why);
}

/* ---- all ---- */

static enum exit_status read_url(const struct command *self, const struct args *args,
                                 const char *text, struct where *w)
{
    const char *source = args_has(args, "url") ? "--url" : "KEYWARD_URL";
    char why[CLIENT_URL_WHY_MAX] = "out of memory";

    w->url = BUF_MAX(CLIENT_URL_ROOM);
    enum kw_err err = client_url_read(text, &w->url, why);
    buf_add(&w->url, "", 1);
    if (err != KW_OK || w->url.failed)
        return exit_say(err == KW_ESYNTAX ? EXIT_DATA : EXIT_UNAVAILABLE, self->name, "%s: %s",
                        source, why);
    w->place.url = w->url.p;
    w->place.ca_file = given_or_set(args, "ca-file", "KEYWARD_CA_FILE");
    return read_token(self, args, w);
}

enum exit_status where_read(const struct command *self, const struct args *args, struct where *out)
{
    const char *url = url_of(args);

    enum exit_status status = check(self, args);
    if (status != EXIT_DONE)
        return status;
    if (url != NULL)
        return read_url(self, args, url, out);
    out->place.socket = given_or_set(args, "socket", "KEYWARD_SOCKET");
    if (out->place.socket == NULL)
        out->place.socket = default_socket;
    return EXIT_DONE;
}

void where_deinit(struct where *w)
{
    client_token_wipe(&w->token);
    buf_deinit(&w->url);
}

const char *where_stranger(const struct args *args)
{
    if (!where_is_url(args))
        return "keyward serve does not know who is asking: is the socket its admin.sock?";
    if (!args_has(args, "token-file") && environment("KEYWARD_TOKEN") == NULL &&
        environment("KEYWARD_TOKEN_FILE") == NULL)
        return "a management token is needed: put it into KEYWARD_TOKEN, or into a file that "
               "--token-file names; `keyward tokens create` makes one";
    return "the management token is not accepted: it has expired, was revoked, or is another "
           "installation's; `keyward tokens create` makes a new one";
}
