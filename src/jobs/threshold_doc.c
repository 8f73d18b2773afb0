/* threshold_doc.c - see threshold_doc.h. The text is {"lines":"usage_spike.times 6\n"}: lines of core/thresholds.h. */
#include "jobs/threshold_doc.h"

#include <stdio.h>

void threshold_doc_subject(struct str account, char out[DOCUMENT_SUBJECT_MAX + 1])
{
    snprintf(out, DOCUMENT_SUBJECT_MAX + 1, "thresholds %.*s", (int)account.n,
             account.n == 0 ? "" : account.p);
}

json_t *threshold_doc_text(const struct thresholds *t)
{
    char lines[THRESHOLDS_DOCUMENT_MAX];
    size_t n = thresholds_print(t, lines);

    return json_pack("{s:s%}", "lines", lines, n);
}

static bool read_lines(const json_t *object, struct thresholds *out)
{
    const json_t *lines = json_object_get(object, "lines");
    unsigned line;

    return json_is_string(lines) &&
           thresholds_read((struct str){json_string_value(lines), json_string_length(lines)}, out,
                           &line) == KW_OK;
}

enum kw_err threshold_doc_read(const struct document *d, struct threshold_doc *out)
{
    struct threshold_doc t = {.document = *d};

    json_t *object = json_loadb(d->text.p, d->text.n, JSON_REJECT_DUPLICATES, NULL);
    bool is_one = d->kind == DOCUMENT_THRESHOLDS && read_lines(object, &t.chosen);
    json_decref(object);
    if (!is_one)
        return KW_EDAMAGED;
    t.document.text = (struct str){NULL, 0};
    *out = t;
    return KW_OK;
}

static enum kw_err take(void *ctx, const struct document *d)
{
    return threshold_doc_read(d, ctx);
}

enum kw_err threshold_doc_find(struct store *s, struct str account, struct threshold_doc *out)
{
    struct threshold_doc t = {.chosen = *thresholds_default()};
    char subject[DOCUMENT_SUBJECT_MAX + 1];

    threshold_doc_subject(account, subject);
    const struct store_document_filter f = {
        .kind = DOCUMENT_THRESHOLDS, .subject = str_from(subject), .limit = 1};
    TRY(store_documents(s, &f, take, &t));
    *out = t;
    return KW_OK;
}

static enum kw_err take_time(void *ctx, const struct document_step *step)
{
    int64_t *time_ms = ctx;

    *time_ms = step->time_ms;
    return KW_OK;
}

enum kw_err threshold_doc_since(struct store *s, const struct threshold_doc *t, int64_t *out)
{
    int64_t time_ms = 0;

    if (t->document.slot != 0)
        TRY(store_document_history(s, t->document.slot, 1, take_time, &time_ms));
    *out = time_ms;
    return KW_OK;
}
