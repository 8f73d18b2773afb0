/* webhook_event.c - see webhook_event.h. */
#include "alerting/webhook_event.h"

#include <jansson.h>
#include <stdio.h>

#include "base/hex.h"
#include "core/detector.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "store/image.h"
#include "json/change_out.h"
#include "json/document_out.h"
#include "json/json_out.h"

/* 72 bits, in 18 digits: "evt_" and 20 of them would look like one of our tokens (core/exposure.h). */
enum { IMAGE_MAX = 5 << 20, ID_BYTES = 9 };

/* An object before and after a change; before is empty where it is new. */
struct images {
    struct str before, after;
};

void webhook_told_deinit(struct webhook_told *t)
{
    buf_deinit(&t->body);
}

/* ---- which event it is, kind by kind ---- */

static enum webhook_event of_freeze(enum freeze before, enum freeze after, enum webhook_event frozen,
                                    enum webhook_event thawed, enum webhook_event otherwise)
{
    if (before == after)
        return otherwise;
    return (after & ~(unsigned)before) != 0 ? frozen : thawed;
}

static enum kw_err of_key(const struct images *i, enum webhook_event *out)
{
    static const enum webhook_event by_state[] = {
        [KEY_REVOKED] = TELL_KEY_REVOKED, [KEY_ACTIVE] = TELL_KEY_ENABLED, [KEY_DISABLED] = TELL_KEY_DISABLED};
    struct grant before, after;

    *out = TELL_KEY_CREATED;
    if (i->before.n == 0)
        return KW_OK;
    TRY(image_read_key(i->before, &before));
    TRY(image_read_key(i->after, &after));
    *out = after.state != before.state ? by_state[after.state]
           : after.generation > before.generation
               ? TELL_KEY_ROTATED
               : of_freeze(before.frozen, after.frozen, TELL_KEY_FROZEN, TELL_KEY_THAWED,
                           TELL_KEY_CHANGED);
    return KW_OK;
}

static enum kw_err of_account(const struct images *i, enum webhook_event *out)
{
    struct account before, after;

    *out = TELL_ACCOUNT_CREATED;
    if (i->before.n == 0)
        return KW_OK;
    TRY(image_read_account(i->before, &before));
    TRY(image_read_account(i->after, &after));
    if (after.state != before.state)
        *out = after.state == ACCOUNT_ACTIVE ? TELL_ACCOUNT_RESUMED : TELL_ACCOUNT_SUSPENDED;
    else
        *out = of_freeze(before.frozen, after.frozen, TELL_ACCOUNT_FROZEN, TELL_ACCOUNT_THAWED,
                         TELL_ACCOUNT_CHANGED);
    return KW_OK;
}

static enum kw_err of_environment(const struct images *i, enum webhook_event *out)
{
    struct environment before = {.frozen = FREEZE_NOTHING}, after;

    if (i->before.n > 0)
        TRY(image_read_environment(i->before, &before));
    TRY(image_read_environment(i->after, &after));
    if (before.frozen == after.frozen)
        return KW_ENOTFOUND;
    *out = of_freeze(before.frozen, after.frozen, TELL_ENVIRONMENT_FROZEN, TELL_ENVIRONMENT_THAWED,
                     TELL_ENVIRONMENT_FROZEN);
    return KW_OK;
}

static enum kw_err of_member(const struct images *i, enum webhook_event *out)
{
    struct member before, after;

    *out = TELL_MEMBER_INVITED;
    if (i->before.n == 0)
        return KW_OK;
    TRY(image_read_member(i->before, &before));
    TRY(image_read_member(i->after, &after));
    *out = after.state == before.state      ? TELL_MEMBER_CHANGED
           : after.state == MEMBER_REMOVED  ? TELL_MEMBER_REMOVED
           : before.state == MEMBER_INVITED ? TELL_MEMBER_JOINED
                                            : TELL_MEMBER_CHANGED;
    return KW_OK;
}

static enum webhook_event of_alert(const struct document *before, const struct document *after)
{
    bool is_same = strcmp(before->state, after->state) == 0;

    if (after->version == 1)
        return TELL_ALERT_RAISED;
    if (!is_same && strcmp(after->state, "acknowledged") == 0)
        return TELL_ALERT_ACKNOWLEDGED;
    return !is_same && strcmp(after->state, "resolved") == 0 ? TELL_ALERT_RESOLVED
                                                             : TELL_ALERT_CHANGED;
}

static enum webhook_event of_webhook(const struct document *before, const struct document *after)
{
    bool is_same = strcmp(before->state, after->state) == 0;

    if (after->version == 1)
        return TELL_WEBHOOK_CREATED;
    if (!is_same && strcmp(after->state, webhook_state_word(WEBHOOK_REMOVED)) == 0)
        return TELL_WEBHOOK_REMOVED;
    return !is_same && strcmp(after->state, webhook_state_word(WEBHOOK_DISABLED)) == 0
               ? TELL_WEBHOOK_DISABLED
               : TELL_WEBHOOK_CHANGED;
}

static enum kw_err of_document(const struct images *i, enum webhook_event *out)
{
    struct document before = {.version = 0}, after;

    if (i->before.n > 0)
        TRY(image_read_document(i->before, &before));
    TRY(image_read_document(i->after, &after));
    switch (after.kind) {
    case DOCUMENT_ALERT:
        *out = of_alert(&before, &after);
        return KW_OK;
    case DOCUMENT_WEBHOOK:
        *out = of_webhook(&before, &after);
        return KW_OK;
    case DOCUMENT_THRESHOLDS: /* nobody is told of these yet */
    case DOCUMENT_REPORT:
    case DOCUMENT_NONE:
    case N_DOCUMENT_KINDS:
        break;
    }
    return KW_ENOTFOUND;
}

static enum kw_err name(enum change_kind kind, const struct images *i, enum webhook_event *out)
{
    switch (kind) {
    case CHANGE_KEY:
        return of_key(i, out);
    case CHANGE_ACCOUNT:
        return of_account(i, out);
    case CHANGE_ENVIRONMENT:
        return of_environment(i, out);
    case CHANGE_MEMBER:
        return of_member(i, out);
    case CHANGE_TOKEN:
        *out = i->before.n == 0 ? TELL_TOKEN_CREATED : TELL_TOKEN_REVOKED;
        return KW_OK;
    case CHANGE_POLICY:
        *out = TELL_POLICY_APPLIED;
        return KW_OK;
    case CHANGE_SPEND_RULES:
        *out = TELL_SPEND_RULES_CHANGED;
        return KW_OK;
    case CHANGE_DOCUMENT:
        return of_document(i, out);
    case CHANGE_FAMILY:
        break;
    }
    return KW_ENOTFOUND;
}

/* ---- its body ---- */

/* "key" of "key.revoked". */
static json_t *kind_of(enum webhook_event e)
{
    struct str kind, rest;

    if (!str_cut(str_from(webhook_event_word(e)), '.', &kind, &rest))
        return NULL;
    return json_stringn(kind.p, kind.n);
}

static json_t *text_or_null(struct str text)
{
    return text.n == 0 ? json_null() : json_stringn(text.p, text.n);
}

static enum kw_err print_body(json_t *body, struct buf *out)
{
    struct json_text *text = body == NULL ? NULL : json_out_text(body);

    json_decref(body);
    if (text == NULL)
        return KW_ENOMEM;
    *out = BUF_MAX(OUTBOX_BODY_MAX);
    buf_str(out, (struct str){text->p, text->n});
    json_text_free(text);
    return out->failed ? KW_ENOMEM : KW_OK;
}

static json_t *envelope(const struct webhook_told *t, json_t *data)
{
    return json_pack("{s:s, s:s, s:I, s:o}", "id", t->id, "type", webhook_event_word(t->event),
                     "created", (json_int_t)(t->created_ms / 1000), "data", data);
}

/* "foundMs" becomes "foundAt", as the API has it. */
static json_t *with_moments(json_t *object)
{
    json_t *out = json_object(), *value;
    const char *name;
    char renamed[64];

    json_object_foreach(object, name, value)
    {
        size_t n = strlen(name);
        bool is_moment = n > 2 && n < sizeof renamed && json_is_integer(value) &&
                         strcmp(name + n - 2, "Ms") == 0;
        if (is_moment)
            snprintf(renamed, sizeof renamed, "%.*sAt", (int)(n - 2), name);
        out = json_out_with(out, is_moment ? renamed : name,
                            is_moment ? json_out_moment(json_integer_value(value))
                                      : json_incref(value));
    }
    json_decref(object);
    return out;
}

/* What an alert needs to be undone is for us alone. */
static json_t *without_ours(json_t *object)
{
    json_object_del(object, "took");
    json_object_del(object, "tookPermissions");
    json_object_del(object, "tookVersion");
    return object;
}

/* Of an alert also what was found, in words. */
static json_t *with_title(json_t *object)
{
    const char *word = json_string_value(json_object_get(object, "detector"));
    enum detector d;

    if (word == NULL || !detector_parse(str_from(word), &d))
        return object;
    return json_out_with(object, "title", json_string(detector_sentence(d)));
}

/* A document as the API shows it, rather than as it is kept; whole, where the record's summary would be too long. */
static json_t *now_of_document(const struct change *c)
{
    struct document d;

    if (image_read_document(c->image, &d) != KW_OK)
        return NULL;
    json_t *object = document_out(d.text);
    if (object == NULL)
        return NULL;
    object = json_out_with(with_moments(object), "state", json_string(d.state));
    if (d.key[0] != '\0')
        object = json_out_with(object, "keyId", json_string(d.key));
    return d.kind == DOCUMENT_ALERT ? with_title(without_ours(object)) : object;
}

static json_t *now_of(const struct change *c, const struct record_change *shown)
{
    return c->kind == CHANGE_DOCUMENT ? now_of_document(c)
                                      : json_loadb(shown->summary.p, shown->summary.n, 0, NULL);
}

static json_t *data_of(const struct webhook_told *t, const struct change *entry,
                       const struct record_change *c)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:I, s:o}", "kind", kind_of(t->event), "id",
                     text_or_null(c->id), "account", text_or_null(c->account), "actor",
                     text_or_null(c->actor), "version", (json_int_t)c->version, "now",
                     now_of(entry, c));
}

/* ---- all of it ---- */

static void print_id(const void *bytes, char out[OUTBOX_ID_MAX + 1])
{
    memcpy(out, "evt_", 4);
    hex_put(bytes, ID_BYTES, out + 4);
    out[4 + 2 * ID_BYTES] = '\0';
}

static enum kw_err id_of(struct store *s, const struct change *c, char out[OUTBOX_ID_MAX + 1])
{
    struct digest d;
    uint64_t at[2] = {c->n};

    TRY(store_change_mark(s, c->n, &at[1]));
    digest_of_two(STR("keyward webhook event v1"), (struct str){(const char *)at, sizeof at}, &d);
    print_id(d.b, out);
    return KW_OK;
}

static enum kw_err read_before(struct store *s, const struct change *c, struct buf *image)
{
    if (c->version <= 1 || c->kind == CHANGE_POLICY)
        return KW_OK;
    return store_change_image(s, c->kind, c->object, c->version - 1, image);
}

static enum kw_err tell(struct store *s, const struct change *c, struct webhook_told *out)
{
    AUTO(buf_deinit) struct buf before = BUF_MAX(IMAGE_MAX);
    struct webhook_told t = {.created_ms = c->time_ms, .object = c->object};
    struct change_text text;

    if (c->kind == CHANGE_FAMILY) /* as many as there are log-ins of programs: they are on the record */
        return KW_ENOTFOUND;
    TRY(read_before(s, c, &before));
    const struct images images = {buf_view(&before), c->image};
    TRY(name(c->kind, &images, &t.event));
    TRY(id_of(s, c, t.id));
    TRY(change_out(c, &text));
    snprintf(t.account, sizeof t.account, "%s", text.account);
    TRY(print_body(envelope(&t, data_of(&t, c, &text.change)), &t.body));
    *out = t;
    return KW_OK;
}

struct entry { /* a copy: the store answers one question at a time */
    struct change change;
    struct buf image;
    char actor[CHANGE_ACTOR_MAX + 1];
};

static void entry_deinit(struct entry *e)
{
    buf_deinit(&e->image);
}

static enum kw_err copy(void *ctx, const struct change *c)
{
    struct entry *e = ctx;

    e->change = *c;
    buf_str(&e->image, c->image);
    e->change.image = buf_view(&e->image);
    snprintf(e->actor, sizeof e->actor, "%.*s", (int)c->actor.n, c->actor.p);
    e->change.actor = str_from(e->actor);
    return e->image.failed ? KW_ENOMEM : KW_OK;
}

enum kw_err webhook_told_of(struct store *s, uint64_t n, struct webhook_told *out)
{
    AUTO(entry_deinit) struct entry e = {.image = BUF_MAX(IMAGE_MAX)};

    TRY(store_changes(s, n - 1, 1, copy, &e));
    return e.change.n == n ? tell(s, &e.change, out) : KW_EDAMAGED;
}

enum kw_err webhook_told_test(const struct webhook *w, const char *actor, int64_t now_ms,
                              struct webhook_told *out)
{
    struct webhook_told t = {.event = TELL_WEBHOOK_TEST, .created_ms = now_ms};
    uint8_t bytes[ID_BYTES];

    TRY(random_bytes(bytes, sizeof bytes));
    print_id(bytes, t.id);
    memcpy(t.account, w->account, sizeof t.account);
    json_t *data = json_pack("{s:s, s:s, s:o, s:s}", "kind", "webhook", "id", w->id, "account",
                             text_or_null(str_from(w->account)), "actor", actor);
    TRY(print_body(envelope(&t, data), &t.body));
    *out = t;
    return KW_OK;
}

enum kw_err webhook_told_day(json_t *doc, int32_t day, const struct record_head *head,
                             struct webhook_told *out)
{
    struct webhook_told t = {.event = TELL_DAY_CLOSED, .created_ms = head->time_us / 1000};
    struct {
        int32_t day;
        struct digest hash;
    } of = {day, head->hash};
    struct digest d;
    char name[DAY_NAME_MAX];

    day_name(day, "", name);
    digest_of_two(STR("keyward webhook day v1"), (struct str){(const char *)&of, sizeof of}, &d);
    print_id(d.b, t.id);
    json_t *data = json_pack("{s:s, s:s, s:n}", "kind", "day", "id", name, "account");
    if (data == NULL || doc == NULL || json_object_update(data, doc) != 0) {
        json_decref(doc);
        json_decref(data);
        return KW_ENOMEM;
    }
    json_decref(doc);
    TRY(print_body(envelope(&t, data), &t.body));
    *out = t;
    return KW_OK;
}
