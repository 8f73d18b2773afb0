/* alert_letter.c - see alert_letter.h. Evidence holds what strangers chose: it is text in both forms of a letter. */
#include "notify/alert_letter.h"

#include <stdio.h>

#include "base/utf8.h"
#include "core/moment.h"
#include "notify/writing.h"

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
        if (*name < 'A' || *name > 'Z') {
            out[n++] = *name;
            continue;
        }
        out[n++] = ' ';
        out[n++] = (char)(*name - 'A' + 'a');
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
        writing_row(w, words, fact->text[0] == '\0' ? number : fact->text);
    }
}

static void facts(struct writing *w, const struct alert_news *n)
{
    const struct finding *f = n->finding;
    char began[MOMENT_LEN + 1];

    moment_print(f->began_us / 1000, began);
    writing_rows_begin(w);
    writing_row(w, "severity", severity_word(n->severity));
    writing_row(w, f->key_id[0] == '\0' ? "about" : "key", f->subject);
    writing_row(w, "name", n->name);
    writing_row(w, "account", f->account);
    writing_row(w, "environment", kw_environment_name(f->environment));
    writing_row(w, "since", began);
    evidence(w, f);
    writing_rows_end(w);
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

/* Many come at once: the subject tells them apart. */
static void subject(struct letter *l, const struct alert_news *n)
{
    const char *const about[] = {n->name, kw_environment_name(n->finding->environment),
                                 n->finding->account};
    size_t used =
        (size_t)snprintf(l->subject, sizeof l->subject, "[Keyward] %s: %s",
                         severity_word(n->severity), detector_sentence(n->finding->detector));

    for (size_t i = 0, n_said = 0; i < COUNT_OF(about); i++)
        if (about[i][0] != '\0' && used < sizeof l->subject)
            used += (size_t)snprintf(l->subject + used, sizeof l->subject - used, "%s%s",
                                     n_said++ == 0 ? " - " : ", ", about[i]);
    l->subject[utf8_cut(str_from(l->subject), sizeof l->subject - 1).n] = '\0';
}

void alert_letter(const struct alert_news *news, struct letter *l)
{
    const struct finding *f = news->finding;
    char sentence[LETTER_SUBJECT_MAX];
    struct writing w;

    subject(l, news);
    snprintf(sentence, sizeof sentence, "%s.", detector_sentence(f->detector));
    capital(sentence);
    writing_begin(&w);
    writing_greet(&w, l);
    writing_paragraph(&w, sentence);
    facts(&w, news);
    writing_paragraph(&w, detector_advice(f->detector));
    if (f->key_id[0] != '\0')
        writing_paragraph(&w, deed(news->taken));
    writing_link(&w, "Look at it, and say that you look after it:", news->url);
    writing_end(&w, l);
}

/* ---- a day's ---- */

static void name(struct writing *w, const struct alert_news *n)
{
    const char *about = n->name[0] == '\0' ? n->finding->subject : n->name;
    char at[MOMENT_LEN + 1], text[2 * LETTER_SUBJECT_MAX + FINDING_SUBJECT_MAX];

    moment_print(n->finding->found_us / 1000, at);
    snprintf(text, sizeof text, "%s: %s%s%s", severity_word(n->severity),
             detector_sentence(n->finding->detector), about[0] == '\0' ? "" : ": ", about);
    writing_row(w, at, text);
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
    writing_begin(&w);
    writing_greet(&w, l);
    writing_paragraph(&w, sentence);
    writing_rows_begin(&w);
    for (size_t i = 0; i < n && i < ALERT_DIGEST_NAMED; i++)
        name(&w, &news[i]);
    writing_rows_end(&w);
    writing_link(&w, "All of them:", url);
    writing_end(&w, l);
}
