/* metrics_watch.h - the numbers of the watch, and of what is told to others. */
#ifndef API_METRICS_WATCH_H
#define API_METRICS_WATCH_H

#include "api/exposition.h"
#include "server/server.h"

/* Appends them; how many lines there are never changes. Waits for nobody. */
void metrics_watch(struct exposition *x, const struct server *s);

#endif
