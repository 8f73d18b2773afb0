/* exposure.h - credentials where none belong: in URLs, cookies, and whatever is about to be written
 * down. */
#ifndef CORE_EXPOSURE_H
#define CORE_EXPOSURE_H

#include "base/str.h"

/* A credential of ours, for this purpose: the brand and "_test_", "_live_" or "_admin_", or a token's
 * mark (brand, 't' or 'r', '_', and one of "test_", "live_" and "admin_" or none), followed by at least 20 base62
 * characters, where the '_' between id and secret counts as one; in the text as it is or %-encoded,
 * once or more often. An empty brand stands for any. The search is linear in the text. */
bool exposure_found(struct str text, struct str brand);

/* Whether a query ("a=1&x-api-key=2") has a parameter named like the key header: names are
 * %-decoded and compared with '-', '_', '.' and letter case folded. */
bool exposure_query_names(struct str query, struct str header);

/* Copies text into out with every such credential, and what follows it up to the next of "/?&;,= ",
 * replaced: "mk_live_7Q2mK4T9xJ1aBd_…" when an id is in it, else its mark and "…"; a query
 * parameter named like the header keeps its name, and "…" stands for its value. Cut at cap bytes,
 * never inside of a UTF-8 sequence; returns the length. */
size_t exposure_redact(struct str text, struct str brand, struct str header, char *out, size_t cap);

#endif
