/* init.h - makes a new installation: folders, keys, database, configuration. */
#ifndef SERVER_INIT_H
#define SERVER_INIT_H

#include "config/config.h"
#include "config/link.h"

enum { INIT_WHY_MAX = 400 };

#define INIT_ACCOUNT "main"

/* With it whoever comes first becomes the owner of INIT_ACCOUNT, and an operator. A secret, wiped by its owner. */
struct init_link {
    char text[LINK_TEXT_MAX + 1];
    int64_t ends_ms;
};

/* Makes what the configuration names: its folders, keys/master.key and keys/audit.key (32 random
 * bytes in hex, 0600), audit.pub, head, the database, the account INIT_ACCOUNT and its first
 * member, whose set-up link is in *setup; and, when config_text is not empty, the configuration itself, last. KW_EEXISTS: one of these is there
 * already; nothing was touched. After another error what was made has been removed again. why is a
 * sentence for the operator. */
enum kw_err init_make(const struct config *config, const char *config_file, struct str config_text,
                      struct init_link *setup, char why[INIT_WHY_MAX]) MUST_USE;

#endif
