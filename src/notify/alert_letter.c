/* alert_letter.c - see alert_letter.h. Each letter is written twice from the same rows: as text, and as HTML. Evidence holds
 * what strangers chose: it is text in both. */
#include "notify/alert_letter.h"

#include <stdio.h>

#include "core/moment.h"
#include "notify/html.h"

enum { NAME_WIDTH = 16 };

struct writing { /* both forms of one letter; buffers of the letter's own size */
    struct buf text, html;
};

static void begin(struct writing *w)
{
    *w = (struct writing){.text = BUF_MAX(LETTER_TEXT_MAX), .html = BUF_MAX(LETTER_HTML_MAX)};
    buf_str(&w->html,
            STR("<!doctype html><html><body style=\"font-family:sans-serif;color:#1c2b33\">\n"));
}

/* What did not fit is left out as a whole: of the HTML, so that the text is shown; of the text, all but the subject. */
static void end(struct writing *w, struct letter *l)
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

static void paragraph(struct writing *w, const char *text)
{
    buf_printf(&w->text, "%s\n\n", text);
    buf_str(&w->html, STR("<p>"));
    html_text(&w->html, str_from(text));
    buf_str(&w->html, STR("</p>\n"));
}

static void greet(struct writing *w, const struct letter *l)
{
    char text[GRANT_NAME_MAX + 16];

    snprintf(text, sizeof text, "Hello%s%s,", l->name[0] == '\0' ? "" : " ", l->name);
    paragraph(w, text);
}

static void row(struct writing *w, const char *name, const char *value)
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

static void link(struct writing *w, const char *lead, const char *url)
{
    if (url[0] == '\0')
        return;
    buf_printf(&w->text, "%s\n%s\n\n", lead, url);
    buf_str(&w->html, STR("<p><a href=\""));
    html_text(&w->html, str_from(url));
    buf_str(&w->html, STR("\">"));
    html_text(&w->html, str_from(lead));
    buf_str(&w->html, STR("</a></p>\n"));
}

static void rows_begin(struct writing *w)
{
    buf_str(&w->html, STR("<table style=\"border-collapse:collapse\">\n"));
}

static void rows_end(struct writing *w)
{
    buf_str(&w->text, STR("\n"));
    buf_str(&w->html, STR("</table>\n"));
}

static void capital(char *text)
{
    if (text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] - 'a' + 'A');
}

/* ---- one ---- */

/* "alertsThisHour": "alerts this hour". */
static void words_of(const char *name, char out[2 * FACT_NAME_MAX + 1])
{
    size_t n = 0;

    for (; *name != '\0'; name++) {
        bool is_capital = *name >= 'A' && *name <= 'Z';
        if (is_capital)
            out[n++] = ' ';
        out[n++] = is_capital ? (char)(*name - 'A' + 'a') : *name;
    }
    out[n] = '\0';
}

static void evidence(struct writing *w, const struct finding *f)
{
    char number[24], words[2 * FACT_NAME_MAX + 1];

    for (size_t i = 0; i < f->n_facts; i++) {
        const struct fact *fact = &f->facts[i];
        snprintf(number, sizeof number, "%lld", (long long)fact->number);
        words_of(fact->name, words);
        row(w, words, fact->text[0] == '\0' ? number : fact->text);
    }
}

static void facts(struct writing *w, const struct alert_news *n)
{
    const struct finding *f = n->finding;
    char began[MOMENT_LEN + 1];

    moment_print(f->began_us / 1000, began);
    rows_begin(w);
    row(w, "severity", severity_word(n->severity));
    row(w, f->key_id[0] == '\0' ? "about" : "key", f->subject);
    row(w, "account", f->account);
    row(w, "environment", kw_environment_name(f->environment));
    row(w, "since", began);
    evidence(w, f);
    rows_end(w);
}

static const char *deed(enum alert_action taken)
{
    switch (taken) {
    case ALERT_READ_ONLY:
        return "The key only reads from now on. If all is well, undo that where the alert is.";
    case ALERT_DISABLE:
        return "The key is disabled: every request is refused. If all is well, undo that where the "
               "alert "
               "is.";
    case ALERT_NOTIFY:
    case N_ALERT_ACTIONS:
        break;
    }
    return "Nothing was done to the key.";
}

void alert_letter(const struct alert_news *news, struct letter *l)
{
    const struct finding *f = news->finding;
    char sentence[LETTER_SUBJECT_MAX];
    struct writing w;

    snprintf(l->subject, sizeof l->subject, "[Keyward] %s: %s", severity_word(news->severity),
             detector_sentence(f->detector));
    snprintf(sentence, sizeof sentence, "%s.", detector_sentence(f->detector));
    capital(sentence);
    begin(&w);
    greet(&w, l);
    paragraph(&w, sentence);
    facts(&w, news);
    if (f->key_id[0] != '\0')
        paragraph(&w, deed(news->taken));
    link(&w, "Look at it, and say that you look after it:", news->url);
    end(&w, l);
}

/* ---- a day's ---- */

static void name(struct writing *w, const struct alert_news *n)
{
    char at[MOMENT_LEN + 1], text[LETTER_SUBJECT_MAX + FINDING_SUBJECT_MAX];

    moment_print(n->finding->found_us / 1000, at);
    snprintf(text, sizeof text, "%s: %s%s%s", severity_word(n->severity),
             detector_sentence(n->finding->detector), n->finding->subject[0] == '\0' ? "" : ": ",
             n->finding->subject);
    row(w, at, text);
}

void alert_digest(const struct alert_news *news, size_t n, size_t n_all, const char *url,
                  struct letter *l)
{
    char sentence[160];
    struct writing w;

    snprintf(l->subject, sizeof l->subject, "[Keyward] %zu %s since yesterday", n_all,
             n_all == 1 ? "notice" : "notices");
    snprintf(sentence, sizeof sentence,
             "%zu %s found since the last letter of this kind that could wait.", n_all,
             n_all == 1 ? "thing was" : "things were");
    begin(&w);
    greet(&w, l);
    paragraph(&w, sentence);
    rows_begin(&w);
    for (size_t i = 0; i < n && i < ALERT_DIGEST_NAMED; i++)
        name(&w, &news[i]);
    rows_end(&w);
    link(&w, "All of them:", url);
    end(&w, l);
}
