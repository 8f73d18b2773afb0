/* html.h - text inside of HTML. */
#ifndef NOTIFY_HTML_H
#define NOTIFY_HTML_H

#include "base/buf.h"

/* Appends text so that it is text in an element and in an attribute with quotes (HTML, 13.1.2.3 and 13.1.2.4): none of it is
 * markup, whatever it holds. */
void html_text(struct buf *out, struct str text);

#endif
