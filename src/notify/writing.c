/* writing.c - see writing.h. */
#include "notify/writing.h"

#include <stdio.h>

#include "notify/html.h"

enum { NAME_WIDTH = 16 };

void writing_begin(struct writing *w)
{
    *w = (struct writing){.text = BUF_MAX(LETTER_TEXT_MAX), .html = BUF_MAX(LETTER_HTML_MAX)};
    buf_str(&w->html, STR("<!doctype html><html><body "
                          "style=\"font-family:sans-serif;color:#1c2b33;background:#ffffff\">\n"));
}

/* What did not fit is left out as a whole: of the HTML, so that the text is shown; of the text, all but the subject. */
void writing_end(struct writing *w, struct letter *l)
{
    buf_str(&w->html, STR("</body></html>\n"));
    if (!w->text.failed)
        snprintf(l->text, sizeof l->text, "%.*s", (int)w->text.n, w->text.p);
    else
        snprintf(l->text, sizeof l->text, "%s\n", l->subject);
    l->html[0] = '\0';
    if (!w->html.failed && !w->text.failed)
        snprintf(l->html, sizeof l->html, "%.*s", (int)w->html.n, w->html.p);
    buf_deinit(&w->text);
    buf_deinit(&w->html);
}

/* ---- pieces ---- */

void writing_paragraph(struct writing *w, const char *text)
{
    buf_printf(&w->text, "%s\n\n", text);
    buf_str(&w->html, STR("<p>"));
    html_text(&w->html, str_from(text));
    buf_str(&w->html, STR("</p>\n"));
}

void writing_greet(struct writing *w, const struct letter *l)
{
    char text[GRANT_NAME_MAX + 16];

    snprintf(text, sizeof text, "Hello%s%s,", l->name[0] == '\0' ? "" : " ", l->name);
    writing_paragraph(w, text);
}

void writing_row(struct writing *w, const char *name, const char *value)
{
    if (value[0] == '\0')
        return;
    buf_printf(&w->text, "  %-*s %s\n", NAME_WIDTH, name, value);
    buf_str(&w->html, STR("<tr><td style=\"padding-right:1em;color:#5b6b75\">"));
    html_text(&w->html, str_from(name));
    buf_str(&w->html, STR("</td><td>"));
    html_text(&w->html, str_from(value));
    buf_str(&w->html, STR("</td></tr>\n"));
}

/* "All of them:": in HTML nothing comes behind it. */
static struct str without_colon(const char *lead)
{
    struct str s = str_from(lead);

    return (struct str){s.p, s.n > 0 && s.p[s.n - 1] == ':' ? s.n - 1 : s.n};
}

void writing_link(struct writing *w, const char *lead, const char *url)
{
    if (url[0] == '\0')
        return;
    buf_printf(&w->text, "%s\n%s\n\n", lead, url);
    buf_str(&w->html, STR("<p><a href=\""));
    html_text(&w->html, str_from(url));
    buf_str(&w->html, STR("\">"));
    html_text(&w->html, without_colon(lead));
    buf_str(&w->html, STR("</a></p>\n"));
}

void writing_rows_begin(struct writing *w)
{
    buf_str(&w->html, STR("<table style=\"border-collapse:collapse\">\n"));
}

void writing_rows_end(struct writing *w)
{
    buf_str(&w->text, STR("\n"));
    buf_str(&w->html, STR("</table>\n"));
}
