/* authenticate.c - see authenticate.h. On admin.sock the kernel says who is there. On http.sock that is nginx, whoever asks:
 * its user says nothing. */
#include "server/authenticate.h"

#include <stdio.h>

#include "server/credentials.h"
#include "server/headers.h"
#include "server/peer.h"
#include "server/same_site.h"

/* ---- the kernel's word ---- */

static enum kw_err peer_of(struct MHD_Connection *connection, int *fd, uid_t *uid)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    if (info == NULL)
        return KW_EPERM;
    *fd = info->connect_fd;
    return peer_uid(*fd, uid);
}

static void be_peer(struct caller *by, enum caller_kind kind, uid_t uid, unsigned scopes)
{
    by->kind = kind;
    by->scopes = scopes;
    by->is_operator = kind == CALLER_PEER;
    by->role = kind == CALLER_PEER ? ROLE_OWNER : ROLE_NONE;
    snprintf(by->actor, sizeof by->actor, "uid:%u", (unsigned)uid);
}

static bool needs_nobody(const struct api_route *route)
{
    return route->asker == ASKER_ANYONE || route->asker == ASKER_CARRIER;
}

static enum kw_err see_admin(struct call *c, struct MHD_Connection *connection, gid_t group,
                             const struct api_route *route)
{
    uid_t uid;
    int fd;

    TRY(peer_of(connection, &fd, &uid));
    if (peer_is_admin(fd, group)) {
        be_peer(&c->caller, CALLER_PEER, uid, SCOPES_ALL);
        return KW_OK;
    }
    if (needs_nobody(route))
        return KW_OK;
    return problem_say(&c->problem, 403, "permission",
                       "User %u may not administer Keyward: it is neither root, nor the user of "
                       "keyward serve, nor in admin_group",
                       (unsigned)uid);
}

static void see_backend(struct call *c, struct MHD_Connection *connection, const struct door *door)
{
    uid_t uid;
    int fd;

    if (door->n_backends == 0 || peer_of(connection, &fd, &uid) != KW_OK)
        return;
    for (size_t i = 0; i < door->n_backends; i++)
        if (door->backends[i] == uid)
            be_peer(&c->caller, CALLER_BACKEND, uid, SCOPE_AUTHORIZE);
}

/* ---- where he is ---- */

static char printable(char byte)
{
    if (byte < ' ' || byte > '~')
        return '?';
    return byte;
}

/* nginx writes it; an address that is none stays all zero. */
static enum kw_err read_place(struct call *c, struct MHD_Connection *connection)
{
    struct str address = {NULL, 0}, agent = {NULL, 0};

    TRY(header_once(connection, "X-Real-IP", &c->problem, &address));
    TRY(header_once(connection, "User-Agent", &c->problem, &agent));
    ignore(address_parse(address, &c->source)); /* stays all zero: nobody knows */
    for (size_t i = 0; i < agent.n && i < CALL_AGENT_MAX; i++)
        c->agent[i] = printable(agent.p[i]);
    return KW_OK;
}

/* ---- a browser's signs ---- */

static bool changes_something(const struct api_route *route)
{
    return strcmp(route->method, "GET") != 0;
}

static enum kw_err read_signs(struct call *c, struct MHD_Connection *connection,
                              struct site_signs *out)
{
    TRY(header_once(connection, "Sec-Fetch-Site", &c->problem, &out->fetch_site));
    TRY(header_once(connection, "Origin", &c->problem, &out->origin));
    return header_once(connection, "Host", &c->problem, &out->host);
}

static enum kw_err refuse_other_sites(struct call *c)
{
    return problem_say(
        &c->problem, 403, "cross_site",
        "This was sent by a page of another site, or does not say by which: a browser "
        "has to send it from this address");
}

/* A browser that was made to send this by another site's page is refused, whoever it speaks for. */
static enum kw_err check_site(struct call *c, const struct site_signs *signs, bool changes)
{
    if (changes && same_site(signs) == SITE_CROSS)
        return refuse_other_sites(c);
    return KW_OK;
}

/* With a cookie a browser does what another site's page tells it to: only a page of ours knows the token besides. */
static enum kw_err check_forgery(struct call *c, struct MHD_Connection *connection,
                                 const struct site_signs *signs, bool changes,
                                 const struct session *s)
{
    struct str token;

    if (!changes)
        return same_site_may_read(signs) ? KW_OK : refuse_other_sites(c);
    if (same_site(signs) != SITE_SAME)
        return refuse_other_sites(c);
    TRY(header_once(connection, "X-CSRF-Token", &c->problem, &token));
    if (!session_csrf_is(s, token))
        return problem_say(&c->problem, 403, "csrf_token",
                           "Send the csrfToken of GET /v1/session as X-CSRF-Token");
    return KW_OK;
}

/* ---- who ---- */

static enum kw_err refuse(struct call *c)
{
    return problem_say(&c->problem, 401, "unauthenticated",
                       "Sign in, or send a management token as Authorization: Bearer; "
                       "administrators of the host make this call on admin.sock");
}

static enum kw_err see_session(struct call *c, struct MHD_Connection *connection, struct str cookie,
                               const struct site_signs *signs, bool changes)
{
    AUTO(session_wipe) struct session session = {.epoch = 0};

    enum kw_err err = credential_session(c, cookie, &session, &c->caller);
    if (err == KW_ENOTFOUND)
        return refuse(c);
    TRY(err);
    c->cookie_in = cookie;
    return check_forgery(c, connection, signs, changes, &session);
}

static enum kw_err see_token(struct call *c, struct str text)
{
    enum kw_err err = credential_token(c, text, &c->caller);

    return err == KW_ENOTFOUND ? refuse(c) : err;
}

static enum kw_err see_credential(struct call *c, struct MHD_Connection *connection,
                                  const struct door *door, const struct site_signs *signs,
                                  bool changes)
{
    struct str bearer, cookie;

    TRY(header_bearer(connection, &c->problem, &bearer));
    TRY(header_cookie(connection, CALL_COOKIE_NAME, &c->problem, &cookie));
    if (bearer.p != NULL && cookie.p != NULL)
        return problem_say(&c->problem, 400, "ambiguous_credentials",
                           "A cookie and a token came along: send one of them");
    if (bearer.p != NULL)
        return see_token(c, bearer);
    if (cookie.p != NULL)
        return see_session(c, connection, cookie, signs, changes);
    see_backend(c, connection, door);
    return KW_OK;
}

/* Who signs in anew may have been signed in: that session ends by it. A cookie that cannot be read ends none. */
static void see_old_cookie(struct call *c, struct MHD_Connection *connection)
{
    struct problem unread = {.status = 0};

    ignore(header_cookie(connection, CALL_COOKIE_NAME, &unread, &c->cookie_in));
}

static enum kw_err see_stranger(struct call *c, struct MHD_Connection *connection,
                                const struct door *door, const struct api_route *route)
{
    bool changes = changes_something(route);
    struct site_signs signs;

    c->is_public = true;
    TRY(read_place(c, connection));
    TRY(read_signs(c, connection, &signs));
    TRY(check_site(c, &signs, changes));
    if (route->asker == ASKER_ANYONE)
        see_old_cookie(c, connection);
    if (needs_nobody(route))
        return KW_OK;
    TRY(see_credential(c, connection, door, &signs, changes));
    c->is_public = c->caller.kind == CALLER_NOBODY;
    return KW_OK;
}

/* What a call brings that carries its own credential. Another scheme of Authorization is none of ours. */
static void read_carried(struct call *c, struct MHD_Connection *connection)
{
    struct problem unread = {.status = 0};
    struct str bearer = {NULL, 0};

    c->n_keys = header_all(connection, "X-Api-Key", COUNT_OF(c->keys), c->keys);
    ignore(header_bearer(connection, &unread, &bearer));
    c->bearer = (struct kw_str){bearer.p, bearer.n};
}

/* ---- all ---- */

enum kw_err authenticate(struct call *c, struct MHD_Connection *connection, const struct door *door,
                         const struct api_route *route)
{
    enum kw_err err = door->kind == DOOR_ADMIN ? see_admin(c, connection, door->admin_group, route)
                                               : see_stranger(c, connection, door, route);
    TRY(err);
    if (route->asker == ASKER_CARRIER)
        read_carried(c, connection);
    if (needs_nobody(route))
        return KW_OK;
    if (c->caller.kind == CALLER_NOBODY)
        return refuse(c);
    if (route->asker == ASKER_SCOPE)
        return call_needs(c, route->scope);
    if (route->asker == ASKER_KNOWN)
        return c->caller.kind == CALLER_BACKEND ? refuse(c) : KW_OK;
    if (c->caller.kind != CALLER_MEMBER)
        return problem_say(&c->problem, 403, "members_only",
                           "This is about who is signed in: it needs a session");
    return KW_OK;
}
