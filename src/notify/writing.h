/* writing.h - a letter written twice from the same pieces: as text, and as HTML, in which nobody's words are markup. */
#ifndef NOTIFY_WRITING_H
#define NOTIFY_WRITING_H

#include "notify/letter.h"

struct writing { /* both forms of one letter */
    struct buf text, html;
};

void writing_begin(struct writing *w);

/* Puts both into the letter. What did not fit is left out as a whole: of the HTML, so that the text is shown; of the text, all but the
 * subject. */
void writing_end(struct writing *w, struct letter *l);

void writing_greet(struct writing *w, const struct letter *l); /* "Hello Anna," */
void writing_paragraph(struct writing *w, const char *text);
void writing_link(struct writing *w, const char *lead, const char *url); /* url empty: nothing */

/* Rows of a table, between these two; an empty value is no row. */
void writing_rows_begin(struct writing *w);
void writing_row(struct writing *w, const char *name, const char *value);
void writing_rows_end(struct writing *w);

#endif
