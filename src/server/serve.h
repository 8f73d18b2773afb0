/* serve.h - one `keyward serve`, from start to end. */
#ifndef SERVER_SERVE_H
#define SERVER_SERVE_H

#include "config/config.h"

enum { SERVE_WHY_MAX = 400 };

/* Takes the lock of the state folder, opens what is there, serves until SIGTERM or SIGINT comes,
 * and closes all again. On an error why is a sentence for the operator. KW_EBUSY         another
 * keyward serve has this state folder KW_EUNAVAILABLE  the socket or a thread could not be made and
 * the errors of store_open and sync_open */
enum kw_err serve_run(const struct config *config, char why[SERVE_WHY_MAX]) MUST_USE;

#endif
