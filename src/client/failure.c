/* failure.c - see failure.h. */
#include "client/failure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

enum kw_err failure_say(char why[CLIENT_WHY_MAX], enum kw_err err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why, CLIENT_WHY_MAX, format, args);
    va_end(args);
    return err;
}

static const char *name_of(const struct client_place *place)
{
    return place->url == NULL ? "keyward serve" : place->url;
}

/* ---- a socket of this machine ---- */

static enum kw_err explain_socket(const char *socket, long os_error, char *why)
{
    switch (os_error) {
    case ENOENT:
        return failure_say(
            why, KW_ENOTFOUND,
            "there is no socket %s: start `keyward serve`, name its socket with --socket or "
            "KEYWARD_SOCKET, or an address with --url",
            socket);
    case EACCES:
    case EPERM:
        return failure_say(why, KW_EPERM,
                           "this user may not open %s: use the user of keyward serve, root, or a "
                           "member of admin_group",
                           socket);
    default: /* errno is an open set */
        return failure_say(why, KW_EUNAVAILABLE, "nobody listens on %s: start `keyward serve`",
                           socket);
    }
}

/* ---- an address ---- */

static enum kw_err explain_url(const struct client_place *place, const struct failure *f, char *why)
{
    switch (f->code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return failure_say(why, KW_EUNAVAILABLE, "%s: no host of this name is known: is it right?",
                           place->url);
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return failure_say(why, KW_EUNAVAILABLE,
                           "%s cannot be reached (%s): are host and port right, and is a proxy "
                           "needed (https_proxy)?",
                           place->url, f->said);
    case CURLE_PEER_FAILED_VERIFICATION:
        return failure_say(
            why, KW_EUNAVAILABLE,
            "the certificate of %s does not hold (%s): nothing was sent. Is the host "
            "right? An authority of your own is named with --ca-file",
            place->url, f->said);
    case CURLE_SSL_CACERT_BADFILE:
        return failure_say(why, KW_EINVAL, "--ca-file %s: no certificates in PEM can be read there",
                           place->ca_file == NULL ? "" : place->ca_file);
    case CURLE_SSL_CONNECT_ERROR:
        return failure_say(why, KW_EUNAVAILABLE,
                           "%s: no TLS 1.2 or newer came about (%s): are host and port right?",
                           place->url, f->said);
    default: /* libcurl's codes are an open set */
        return failure_say(why, KW_EIO, "the call to %s failed: %s", place->url,
                           f->said[0] == '\0' ? curl_easy_strerror((CURLcode)f->code) : f->said);
    }
}

enum kw_err failure_explain(const struct client_place *place, const struct failure *f,
                            char why[CLIENT_WHY_MAX])
{
    if (f->code == CURLE_OPERATION_TIMEDOUT)
        return failure_say(why, KW_EUNAVAILABLE, "%s did not answer within %d seconds",
                           name_of(place), FAILURE_TIMEOUT_S);
    if (place->url != NULL)
        return explain_url(place, f, why);
    if (f->code == CURLE_COULDNT_CONNECT)
        return explain_socket(place->socket, f->os_error, why);
    return failure_say(why, KW_EIO, "the call to keyward serve failed: %s",
                       curl_easy_strerror((CURLcode)f->code));
}

/* ---- an answer, but whose? ---- */

enum kw_err failure_redirected(const struct client_place *place, long status,
                               char why[CLIENT_WHY_MAX])
{
    return failure_say(
        why, KW_EFORMAT,
        "%s sends elsewhere (HTTP status %ld), where the token does not go: name the "
        "address of Keyward itself",
        name_of(place), status);
}

enum kw_err failure_not_json(const struct client_place *place, long status, char why[CLIENT_WHY_MAX])
{
    if (place->url == NULL)
        return failure_say(why, KW_EFORMAT,
                           "the answer is not JSON: is it keyward serve that listens?");
    return failure_say(why, KW_EFORMAT,
                       "%s answers with HTTP status %ld and no JSON: is it Keyward, or a proxy "
                       "before it?",
                       place->url, status);
}
