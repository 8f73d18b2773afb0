/* answer.h - what an exchange has come to, as an HTTP answer. */
#ifndef SERVER_ANSWER_H
#define SERVER_ANSWER_H

#include "server/exchange.h"

/* With the headers that tell a browser to take it for nothing but what it is, on every answer (OWASP's REST Security Cheat
 * Sheet; CSP level 3). That it came by TLS, and HSTS with it, is nginx's to say. MHD_NO: there is no memory; the connection is
 * closed. */
enum MHD_Result answer_queue(struct MHD_Connection *connection, struct exchange *x);

#endif
