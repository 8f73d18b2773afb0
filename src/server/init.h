/* init.h - makes a new installation: folders, keys, database, configuration. */
#ifndef SERVER_INIT_H
#define SERVER_INIT_H

#include "server/config.h"

enum { INIT_WHY_MAX = 400 };

#define INIT_ACCOUNT "main"

/* Makes what the configuration names: its folders, keys/master.key and keys/audit.key (32 random
 * bytes in hex, 0600), audit.pub, head, the database, the account INIT_ACCOUNT; and, when
 * config_text is not empty, the configuration itself, last. KW_EEXISTS: one of these is there
 * already; nothing was touched. After another error what was made has been removed again. why is a
 * sentence for the operator. */
enum kw_err init_make(const struct config *config, const char *config_file, struct str config_text,
                      char why[INIT_WHY_MAX]) MUST_USE;

#endif
