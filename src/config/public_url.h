/* public_url.h - where people reach the dashboard, and the links that lead them there. */
#ifndef CONFIG_PUBLIC_URL_H
#define CONFIG_PUBLIC_URL_H

#include "config/link.h"

enum { PUBLIC_URL_MAX = 255, PUBLIC_LINK_MAX = PUBLIC_URL_MAX + 8 + LINK_TEXT_MAX };

/* "https://keyward.example.com", or "http://" where that is this machine; a port may stand behind it, and nothing else.
 * KW_ESYNTAX, KW_ERANGE (too long, or no such port). */
enum kw_err public_url_check(struct str url) MUST_USE;

/* "<url>/accept#<text>", a secret: browsers keep to themselves what stands behind '#'. Empty where url is. */
void public_url_link(const char *url, const char *text, char out[PUBLIC_LINK_MAX + 1]);

#endif
