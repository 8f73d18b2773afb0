/* webhook_doc.c - see webhook_doc.h. */
#include "alerting/webhook_doc.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "core/key.h"
#include "jobs/document_put.h"
#include "json/json_out.h"

static const char every[] = "*", sealed[] = "sealedSecret", sealed_old[] = "sealedOldSecret";

static_assert((int)WEBHOOK_SEALED_LEN == (int)SECRET_LEN + (int)BOX_OVERHEAD,
              "a secret in its box");

/* ---- written ---- */

json_t *webhook_events_out(uint64_t events)
{
    json_t *list = json_array();

    if (events == WEBHOOK_EVERY_EVENT)
        json_out_append(&list, json_string(every));
    for (unsigned e = 0; e < N_WEBHOOK_EVENTS && events != WEBHOOK_EVERY_EVENT; e++)
        if ((events >> e & 1) != 0)
            json_out_append(&list, json_string(webhook_event_word(e)));
    return list;
}

static json_t *hex_of(const uint8_t bytes[WEBHOOK_SEALED_LEN])
{
    char digits[2 * WEBHOOK_SEALED_LEN];

    hex_put(bytes, WEBHOOK_SEALED_LEN, digits);
    return json_stringn(digits, sizeof digits);
}

json_t *webhook_text(const struct webhook *w)
{
    json_t *o = json_pack("{s:s, s:s, s:o, s:s, s:I, s:s, s:o, s:I}", "url", w->url, "name", w->name,
                          "events", webhook_events_out(w->events), "why", webhook_why_word(w->why),
                          "offMs", (json_int_t)w->off_ms, "createdBy", w->created_by, sealed,
                          hex_of(w->secret), "oldSecretEndsMs", (json_int_t)w->old_ends_ms);

    return w->old_ends_ms == 0 ? o : json_out_with(o, sealed_old, hex_of(w->old_secret));
}

/* ---- read ---- */

static struct str text_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    return json_is_string(value) ? (struct str){json_string_value(value), json_string_length(value)}
                                 : (struct str){"", 0};
}

static bool read_text(const json_t *o, const char *name, char *out, size_t size)
{
    struct str text = text_of(o, name);

    if (text.n >= size || memchr(text.p, '\0', text.n) != NULL)
        return false;
    memcpy(out, text.p, text.n);
    out[text.n] = '\0';
    return true;
}

static int64_t number_of(const json_t *o, const char *name)
{
    return json_integer_value(json_object_get(o, name));
}

static bool read_secret(const json_t *o, const char *name, uint8_t out[WEBHOOK_SEALED_LEN])
{
    return hex_get(text_of(o, name), out, WEBHOOK_SEALED_LEN) == KW_OK;
}

/* A word that this version does not know was chosen under a newer one: it is passed over. */
static uint64_t read_events(const json_t *list)
{
    uint64_t events = 0;
    enum webhook_event e;

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        struct str word = str_from(json_is_string(item) ? json_string_value(item) : "");
        if (str_eq(word, str_from(every)))
            return WEBHOOK_EVERY_EVENT;
        if (webhook_event_parse(word, &e))
            events |= UINT64_C(1) << e;
    }
    return events;
}

static bool read_object(const json_t *o, struct webhook *w)
{
    w->events = read_events(json_object_get(o, "events"));
    w->off_ms = number_of(o, "offMs");
    w->old_ends_ms = number_of(o, "oldSecretEndsMs");
    return read_text(o, "url", w->url, sizeof w->url) &&
           read_text(o, "name", w->name, sizeof w->name) &&
           read_text(o, "createdBy", w->created_by, sizeof w->created_by) &&
           webhook_why_parse(text_of(o, "why"), &w->why) && read_secret(o, sealed, w->secret) &&
           (w->old_ends_ms == 0 || read_secret(o, sealed_old, w->old_secret));
}

enum kw_err webhook_read(const struct document *d, struct webhook *out)
{
    struct webhook w = {.slot = d->slot, .version = d->version, .created_ms = d->created_ms};
    bool is_one = d->kind == DOCUMENT_WEBHOOK && webhook_state_parse(str_from(d->state), &w.state);

    memcpy(w.id, d->id, sizeof w.id);
    memcpy(w.account, d->account, sizeof w.account);
    json_t *object = json_loadb(d->text.p, d->text.n, JSON_REJECT_DUPLICATES, NULL);
    is_one = is_one && object != NULL && read_object(object, &w);
    json_decref(object);
    if (!is_one)
        return KW_EDAMAGED;
    *out = w;
    return KW_OK;
}

/* ---- found and saved ---- */

struct str webhook_host(const struct webhook *w)
{
    const char *host = w->url + (str_starts(str_from(w->url), STR("https://")) ? 8 : 0);

    return (struct str){host, strcspn(host, "/?")};
}

enum kw_err webhook_find(struct store *s, struct str id, const char *account, struct webhook *out)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(DOCUMENT_TEXT_MAX);
    struct document d;
    struct webhook w;

    if (!key_id_ok(id))
        return KW_ENOTFOUND;
    TRY(store_document(s, DOCUMENT_WEBHOOK, id, account, &text, &d));
    TRY(webhook_read(&d, &w));
    if (w.state == WEBHOOK_REMOVED)
        return KW_ENOTFOUND;
    *out = w;
    return KW_OK;
}

static void document_of(const struct webhook *w, struct document *d)
{
    *d = (struct document){
        .slot = w->slot, .version = w->version, .kind = DOCUMENT_WEBHOOK, .created_ms = w->created_ms};
    memcpy(d->id, w->id, sizeof d->id);
    memcpy(d->account, w->account, sizeof d->account);
    snprintf(d->state, sizeof d->state, "%s", webhook_state_word(w->state));
}

enum kw_err webhook_put(struct sync *sync, struct str actor, struct webhook *w)
{
    return webhook_put_replied(sync, actor, w, NULL);
}

enum kw_err webhook_put_replied(struct sync *sync, struct str actor, struct webhook *w,
                                const struct sync_reply *reply)
{
    struct document d;

    document_of(w, &d);
    enum kw_err err = document_put_replied(sync, actor, webhook_text(w), &d, reply);
    if (err == KW_OK || err == KW_EUNSAVED) {
        w->slot = d.slot;
        w->version = d.version;
    }
    return err;
}

/* ---- secrets ---- */

enum kw_err webhook_hide(const struct box *box, const char *id, const struct secret *secret,
                         uint8_t out[WEBHOOK_SEALED_LEN])
{
    return box_seal(box, str_from(id), (struct str){(const char *)secret->b, SECRET_LEN}, out);
}

enum kw_err webhook_reveal(const struct box *box, const char *id,
                           const uint8_t sealed_secret[WEBHOOK_SEALED_LEN], struct secret *out)
{
    return box_open(box, str_from(id),
                    (struct str){(const char *)sealed_secret, WEBHOOK_SEALED_LEN}, out->b);
}
