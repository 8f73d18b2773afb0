/* change_out.c - see change_out.h. */
#include "json/change_out.h"

#include <jansson.h>
#include <stdio.h>

#include "config/link.h"
#include "core/policy.h"
#include "core/spend.h"
#include "store/image.h"
#include "json/document_out.h"
#include "json/json_out.h"
#include "json/key_out.h"

/* A summary that is too long is left empty: the object itself tells the rest. */
static enum kw_err print_summary(json_t *object, struct change_text *out)
{
    if (object == NULL)
        return KW_ENOMEM;
    size_t n = json_dumpb(object, out->summary, sizeof out->summary, JSON_COMPACT);
    json_decref(object);
    if (n == 0)
        return KW_ENOMEM;
    out->change.summary = n > CHANGE_SUMMARY_MAX ? STR("{}") : (struct str){out->summary, n};
    return KW_OK;
}

/* Why it was frozen or thawed last, where somebody said so. Takes the object. */
static json_t *with_why(json_t *object, const struct freeze_note *n)
{
    return n->why[0] == '\0' ? object : json_out_with(object, "freezeReason", json_string(n->why));
}

static enum kw_err of_key(const struct change *c, struct change_text *out)
{
    struct grant g;

    TRY(image_read_key(c->image, &g));
    snprintf(out->id, sizeof out->id, "%s", g.id);
    snprintf(out->account, sizeof out->account, "%s", g.account);
    json_t *object = key_out(&g, "", c->time_ms);
    if (object != NULL) {
        json_object_del(object, "id");
        json_object_del(object, "masked");
        json_object_del(object, "account");
        json_object_del(object, "version");
    }
    return print_summary(with_why(object, &g.freeze_note), out);
}

static enum kw_err of_account(const struct change *c, struct change_text *out)
{
    struct account a;

    TRY(image_read_account(c->image, &a));
    snprintf(out->id, sizeof out->id, "%s", a.id);
    snprintf(out->account, sizeof out->account, "%s", a.id);
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:o, s:o}", "name", a.name, "state",
                  a.state == ACCOUNT_ACTIVE ? "active" : "suspended", "frozen",
                  freeze_name(a.frozen), "allowIp", address_rules_out(a.rules, a.n_rules),
                  "limitDefaults", limit_defaults_out(&a.limit_defaults));
    return print_summary(with_why(object, &a.freeze_note), out);
}

static enum kw_err of_policy(const struct change *c, struct change_text *out)
{
    uint32_t version;
    struct str document, line;
    json_int_t n = 0;

    TRY(image_read_policy(c->image, &version, &document));
    while (str_cut(document, '\n', &line, &document))
        n++;
    return print_summary(json_pack("{s:I}", "routes", n), out);
}

static const char *state_of_member(enum member_state state)
{
    switch (state) {
    case MEMBER_REMOVED:
        break;
    case MEMBER_ACTIVE:
        return "active";
    case MEMBER_INVITED:
        return "invited";
    }
    return "removed";
}

static enum kw_err of_member(const struct change *c, struct change_text *out)
{
    struct member m;

    TRY(image_read_member(c->image, &m));
    snprintf(out->id, sizeof out->id, "%s", m.id);
    snprintf(out->account, sizeof out->account, "%s", m.account);
    return print_summary(json_pack("{s:s, s:s, s:s, s:b, s:s, s:b, s:s}", "email", m.email, "name",
                                   m.name, "role", role_name(m.role), "operator", m.is_operator,
                                   "state", state_of_member(m.state), "totp", m.has_totp, "link",
                                   link_name(m.link)),
                         out);
}

static json_t *scopes_out(unsigned scopes)
{
    json_t *list = json_array();

    for (unsigned rest = scopes; list != NULL && rest != 0; rest &= rest - 1) {
        if (json_array_append_new(list, json_string(scope_word((enum scope)(rest & -rest)))) == 0)
            continue;
        json_decref(list);
        return NULL;
    }
    return list;
}

/* The host's have no member, and one for the whole installation no account: those are null. */
static enum kw_err of_token(const struct change *c, struct change_text *out)
{
    struct token t;

    TRY(image_read_token(c->image, &t));
    snprintf(out->id, sizeof out->id, "%s", t.id);
    snprintf(out->account, sizeof out->account, "%s", t.account);
    return print_summary(json_pack("{s:s, s:s?, s:o, s:s, s:o}", "name", t.name, "member",
                                   t.member[0] == '\0' ? NULL : t.member, "scopes",
                                   scopes_out(t.scopes), "state",
                                   t.state == TOKEN_ACTIVE ? "active" : "revoked", "expiresAt",
                                   json_out_moment(t.expires_ms)),
                         out);
}

static enum kw_err of_environment(const struct change *c, struct change_text *out)
{
    struct environment e;

    TRY(image_read_environment(c->image, &e));
    snprintf(out->id, sizeof out->id, "%s", kw_environment_name(e.slot));
    json_t *object = json_pack("{s:s}", "frozen", freeze_name(e.frozen));
    return print_summary(with_why(object, &e.freeze_note), out);
}

static enum kw_err of_family(const struct change *c, struct change_text *out)
{
    struct family f;

    TRY(image_read_family(c->image, &f));
    snprintf(out->id, sizeof out->id, "%s", f.id);
    snprintf(out->account, sizeof out->account, "%s", f.account);
    return print_summary(
        json_pack("{s:s, s:s, s:o, s:s, s:I, s:o, s:o}", "key", f.key, "environment",
                  kw_environment_name(f.environment), "permissions", permissions_out(f.permissions),
                  "state", f.state == FAMILY_ACTIVE ? "active" : "ended", "refreshes",
                  (json_int_t)f.refreshes, "accessEndsAt", json_out_moment(f.access_ends_ms),
                  "endsAt", json_out_moment(f.ends_ms)),
        out);
}

static json_t *limits_out(const struct spend_rule *r)
{
    json_t *out = json_pack("{s:I}", "destinations", (json_int_t)r->n_destinations);
    char text[AMOUNT_TEXT_MAX];

    for (int i = 0; i < SPEND_N_LIMITS; i++) {
        if (amount_compare(r->most[i], amount_max()) >= 0)
            continue;
        amount_print(r->most[i], r->decimals, text);
        out = json_out_with(out, spend_limit_member((enum spend_limit)i), json_string(text));
    }
    return out;
}

/* Under the id of their key. */
static enum kw_err of_spend_rules(const struct change *c, struct change_text *out)
{
    struct spend_rules rules;
    struct spend_row row;
    char currency[CURRENCY_MAX + 1];

    TRY(image_read_spend_rules(c->image, &row));
    TRY(spend_rules_read(row.document, &rules));
    snprintf(out->id, sizeof out->id, "%s", row.key);
    snprintf(out->account, sizeof out->account, "%s", row.account);
    json_t *all = json_object();
    for (size_t i = 0; i < rules.n; i++) {
        const struct spend_rule *r = &rules.at[i];
        snprintf(currency, sizeof currency, "%.*s", (int)r->currency.n, r->currency.p);
        all = json_out_with(all, currency, limits_out(r));
    }
    return print_summary(all, out);
}

/* What is encrypted does not leave the database; a long text is left out, and the object itself tells the rest. */
static enum kw_err of_document(const struct change *c, struct change_text *out)
{
    struct document d;

    TRY(image_read_document(c->image, &d));
    snprintf(out->id, sizeof out->id, "%s", d.id);
    snprintf(out->account, sizeof out->account, "%s", d.account);
    json_t *all = json_pack("{s:s, s:s}", "document", document_kind_word(d.kind), "state", d.state);
    if (d.key[0] != '\0')
        all = json_out_with(all, "key", json_string(d.key));
    return print_summary(json_out_with(all, "content", document_out(d.text)), out);
}

static enum kw_err of_object(const struct change *c, struct change_text *out)
{
    switch (c->kind) {
    case CHANGE_KEY:
        return of_key(c, out);
    case CHANGE_ACCOUNT:
        return of_account(c, out);
    case CHANGE_POLICY:
        return of_policy(c, out);
    case CHANGE_MEMBER:
        return of_member(c, out);
    case CHANGE_TOKEN:
        return of_token(c, out);
    case CHANGE_ENVIRONMENT:
        return of_environment(c, out);
    case CHANGE_FAMILY:
        return of_family(c, out);
    case CHANGE_SPEND_RULES:
        return of_spend_rules(c, out);
    case CHANGE_DOCUMENT:
        return of_document(c, out);
    }
    return KW_EDAMAGED;
}

enum kw_err change_out(const struct change *c, struct change_text *out)
{
    out->id[0] = '\0';
    out->account[0] = '\0';
    out->change = (struct record_change){.n = c->n,
                                         .kind = c->kind,
                                         .object = c->object,
                                         .version = c->version,
                                         .time_ms = c->time_ms,
                                         .actor = c->actor};
    TRY(of_object(c, out));
    out->change.id = str_from(out->id);
    out->change.account = str_from(out->account);
    return KW_OK;
}
