/* where.h - which keyward serve a command asks: over a socket of this machine, or at an address, with a token. */
#ifndef CLI_WHERE_H
#define CLI_WHERE_H

#include "cli/commands.h"
#include "client/client.h"
#include "client/token.h"

struct where { /* place borrows from the rest, and from arguments and environment */
    struct client_place place;
    struct buf url;
    struct client_token token;
};

/* Of --socket, --url, KEYWARD_SOCKET, KEYWARD_URL and the default, the first that is given; what contradicts itself is
 * refused: a command must not reach another keyward serve than the one that was meant. The token comes from --token-file,
 * else from KEYWARD_TOKEN, else from the file of KEYWARD_TOKEN_FILE, never from an argument. On anything but EXIT_DONE all
 * has been said to standard error. */
enum exit_status where_read(const struct command *self, const struct args *args, struct where *out);
void where_deinit(struct where *w); /* for AUTO; wipes the token */

/* Whether it is an address that is asked. */
bool where_is_url(const struct args *args);

/* What to do when keyward serve does not know who is asking: a sentence. */
const char *where_stranger(const struct args *args);

#endif
