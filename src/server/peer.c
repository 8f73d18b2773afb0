/* peer.c - see peer.h. */
#include "server/peer.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static enum kw_err credentials(int fd, struct ucred *out)
{
    struct ucred c;
    socklen_t n = sizeof c;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &c, &n) != 0 || n != sizeof c)
        return KW_EPERM;
    *out = c;
    return KW_OK;
}

enum kw_err peer_uid(int fd, uid_t *out)
{
    struct ucred c;

    TRY(credentials(fd, &c));
    *out = c.uid;
    return KW_OK;
}

enum { GROUPS_MAX = 65536 }; /* NGROUPS_MAX of Linux */

/* The supplementary groups that the peer had when it connected: not asked of a name service, which
 * may be slow or gone. */
static bool has_supplementary(int fd, gid_t group)
{
    socklen_t n = GROUPS_MAX * sizeof(gid_t);
    gid_t *groups = malloc(n);
    bool found = false;

    if (groups != NULL && getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &n) == 0)
        for (size_t i = 0; i < n / sizeof *groups; i++)
            found = found || groups[i] == group;
    free(groups);
    return found;
}

bool peer_is_admin(int fd, gid_t group)
{
    struct ucred c;

    if (credentials(fd, &c) != KW_OK)
        return false;
    if (c.uid == 0 || c.uid == geteuid())
        return true;
    if (group == (gid_t)PEER_NO_GROUP)
        return false;
    return c.gid == group || has_supplementary(fd, group);
}
