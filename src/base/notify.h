/* notify.h - tells the supervisor how it goes, in systemd's protocol sd_notify(3). */
#ifndef BASE_NOTIFY_H
#define BASE_NOTIFY_H

#include <stdint.h>

/* One datagram to the socket that NOTIFY_SOCKET names. This much is the whole protocol, so that no library is needed for
 * it (libsystemd would bring four others along). */

/* Sends lines: "READY=1\nSTATUS=…", "WATCHDOG=1", "STOPPING=1". Without a NOTIFY_SOCKET, and when it cannot be
 * reached, nothing happens: nobody is waiting. Any thread; never waits. */
void notify_send(const char *lines);

/* How often the supervisor wants "WATCHDOG=1" at least, in microseconds; 0: not at all, or not from this process. */
uint64_t notify_watchdog_us(void);

#endif
