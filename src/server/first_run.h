/* first_run.h - says that nobody has set an installation up yet, and how it is done. */
#ifndef SERVER_FIRST_RUN_H
#define SERVER_FIRST_RUN_H

#include "sync/sync.h"

/* Logs a line while nobody is a member but for whoever will use the set-up link; else nothing. */
void first_run_tell(struct sync *sync, int64_t now_ms);

#endif
