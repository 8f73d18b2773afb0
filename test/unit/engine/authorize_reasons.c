/* authorize_reasons.c - every reason is reached, and the earlier one decides. */
#include <stdio.h>
#include <stdlib.h>

#include "engine/scene.h"

/* ---- every reason ---- */

static void nothing(struct scene *s)
{
    (void)s;
}

static void ambiguous_path(struct scene *s)
{
    target(s, "GET", "/me/../admin");
}

static char url[KEY_MAX + 16];

static void key_in_path(struct scene *s)
{
    snprintf(url, sizeof url, "/me/%.*s", (int)s->text.n, s->text.p);
    target(s, "GET", url);
}

static void key_in_query(struct scene *s)
{
    snprintf(url, sizeof url, "/me?a=%.*s", (int)s->text.n, s->text.p);
    target(s, "GET", url);
}

static void header_in_query(struct scene *s)
{
    target(s, "GET", "/me?X_Api_Key=1");
}

static void key_in_cookie(struct scene *s)
{
    s->cookie = s->ask.key;
    s->ask.request.cookies = &s->cookie;
    s->ask.request.n_cookies = 1;
}

static void untrusted_peer(struct scene *s)
{
    s->ask.request.flags |= KW_REQ_UNTRUSTED_PEER;
}

static void forwarded_ambiguous(struct scene *s)
{
    s->ask.request.flags |= KW_REQ_FORWARDED_AMBIGUOUS;
}

static void plain_http(struct scene *s)
{
    s->ask.request.flags = 0;
}

static void plain_http_on_loopback(struct scene *s)
{
    s->ask.request.flags = KW_REQ_LOOPBACK;
}

static void closed_route(struct scene *s)
{
    target(s, "GET", "/admin");
}

static void unknown_method(struct scene *s)
{
    target(s, "BREW", "/me");
}

static void public_route(struct scene *s)
{
    target(s, "GET", "/health");
}

static void no_key(struct scene *s)
{
    s->ask.request.n_keys = 0;
}

static void foreign_bearer_alone(struct scene *s)
{
    static const struct kw_str foreign = {"ya29.something", 14};

    s->ask.request.n_keys = 0;
    s->ask.request.bearers = &foreign;
    s->ask.request.n_bearers = 1;
}

static void key_as_bearer(struct scene *s)
{
    s->ask.request.n_keys = 0;
    s->ask.request.bearers = &s->ask.key;
    s->ask.request.n_bearers = 1;
}

static void foreign_bearer_beside(struct scene *s)
{
    foreign_bearer_alone(s);
    s->ask.request.n_keys = 1;
}

static void key_twice(struct scene *s)
{
    s->two[0] = s->two[1] = s->ask.key;
    s->ask.request.keys = s->two;
    s->ask.request.n_keys = 2;
}

static void key_and_token(struct scene *s)
{
    static const struct kw_str token = {"mkt_live_x", 10};

    s->ask.request.bearers = &token;
    s->ask.request.n_bearers = 1;
}

static void broken_checksum(struct scene *s)
{
    s->text.p[s->text.n - 1] = s->text.p[s->text.n - 1] == 'a' ? 'b' : 'a';
}

static void one_character_less(struct scene *s)
{
    s->ask.key.n--;
}

static void one_byte_more(struct scene *s, char byte)
{
    static char longer[KEY_MAX + 1];

    memcpy(longer, s->text.p, s->text.n);
    longer[s->text.n] = byte;
    s->ask.key = (struct kw_str){longer, s->text.n + 1};
}

static void nul_behind(struct scene *s)
{
    one_byte_more(s, '\0');
}

static void tab_behind(struct scene *s)
{
    one_byte_more(s, '\t');
}

static void ff_behind(struct scene *s)
{
    one_byte_more(s, '\xff');
}

static void space_behind(struct scene *s)
{
    one_byte_more(s, ' ');
}

static void empty_key(struct scene *s)
{
    s->ask.key = (struct kw_str){0};
}

static void six_kilobytes(struct scene *s)
{
    static char much[6144];

    memset(much, 'a', sizeof much);
    memcpy(much, s->text.p, s->text.n);
    s->ask.key = (struct kw_str){much, sizeof much};
}

static void revoked(struct scene *s)
{
    s->grant.state = KEY_REVOKED;
}

static void disabled(struct scene *s)
{
    s->grant.state = KEY_DISABLED;
}

static void no_such_state(struct scene *s)
{
    s->grant.state = (enum key_state)7; /* NOLINT: damage */
}

static void expires_now(struct scene *s)
{
    s->grant.expires_ms = WORLD_WALL_MS;
}

static void expires_next(struct scene *s)
{
    s->grant.expires_ms = WORLD_WALL_MS + 1;
}

static void old_secret_inside(struct scene *s)
{
    s->grant.old_ends_ms = WORLD_WALL_MS + 1;
    s->text = world_text(&s->grant, 2);
}

static void old_secret_at_its_end(struct scene *s)
{
    s->grant.old_ends_ms = WORLD_WALL_MS;
    s->text = world_text(&s->grant, 2);
}

static void old_secret_ended_by_a_clock_ahead(struct scene *s)
{
    s->grant.old_ends_ms = -(WORLD_WALL_MS + 1);
    s->text = world_text(&s->grant, 2);
}

static void new_secret_inside(struct scene *s)
{
    s->grant.old_ends_ms = WORLD_WALL_MS + 1;
}

static void suspended(struct scene *s)
{
    s->account.state = ACCOUNT_SUSPENDED;
}

static void account_of_nobody(struct scene *s)
{
    s->grant.account_slot = 3;
}

static void account_beyond(struct scene *s)
{
    s->grant.account_slot = 300000;
}

static void key_frozen(struct scene *s)
{
    s->grant.frozen = FREEZE_ALL;
}

static void key_frozen_to_transact(struct scene *s)
{
    s->grant.frozen = FREEZE_TRANSACT;
}

static void key_frozen_to_transact_and_unlisted(struct scene *s)
{
    s->grant.frozen = FREEZE_TRANSACT;
    target(s, "GET", "/elsewhere");
}

static void account_frozen(struct scene *s)
{
    s->account.frozen = FREEZE_ALL;
}

static void overdue(struct scene *s)
{
    s->grant.permissions = KW_TRANSACTIONS;
    s->grant.secret_since_ms = WORLD_WALL_MS - 86400000;
    s->grant.rotation_days = 1;
    s->grant.overdue = OVERDUE_READ_ONLY;
}

static void overdue_and_pays(struct scene *s)
{
    overdue(s);
    target(s, "POST", "/pay");
}

static void overdue_tomorrow_and_pays(struct scene *s)
{
    overdue_and_pays(s);
    s->grant.secret_since_ms += 1000;
}

static void overdue_and_gone(struct scene *s)
{
    overdue(s);
    s->grant.overdue = OVERDUE_EXPIRE;
}

static void frozen_reads(struct scene *s)
{
    keyring_put_freeze(s->world.writer, KW_SANDBOX, FREEZE_READ);
}

static void frozen_elsewhere(struct scene *s)
{
    keyring_put_freeze(s->world.writer, KW_SANDBOX, FREEZE_TRANSACT | FREEZE_MANAGE);
    keyring_put_freeze(s->world.writer, KW_PRODUCTION, FREEZE_ALL);
}

static void frozen_and_unlisted(struct scene *s)
{
    frozen_elsewhere(s);
    target(s, "GET", "/elsewhere");
}

static void production_host(struct scene *s)
{
    s->ask.request.environment = KW_PRODUCTION;
}

static void production_key(struct scene *s)
{
    s->grant.environment = KW_PRODUCTION;
    s->text = world_text(&s->grant, 1);
}

static void host_of_no_environment(struct scene *s)
{
    s->ask.request.environment = KW_NO_ENVIRONMENT;
}

static void add_rule(struct address_rule *rules, uint32_t *n, const char *text)
{
    assert_ok(address_rule_parse(str_from(text), &rules[(*n)++]));
}

static void key_rule(struct scene *s, const char *text)
{
    add_rule(s->grant.rules, &s->grant.n_rules, text);
}

static void account_rule(struct scene *s, const char *text)
{
    add_rule(s->account.rules, &s->account.n_rules, text);
}

static void outside_of_the_keys_rules(struct scene *s)
{
    key_rule(s, "10.0.0.0/8");
}

static void outside_of_the_accounts_rules(struct scene *s)
{
    account_rule(s, "10.0.0.0/8");
}

static void inside_of_the_keys_outside_of_the_accounts(struct scene *s)
{
    key_rule(s, "192.0.2.0/24");
    account_rule(s, "10.0.0.0/8");
}

static void inside_of_the_accounts_outside_of_the_keys(struct scene *s)
{
    account_rule(s, "192.0.2.0/24");
    key_rule(s, "10.0.0.0/8");
}

static void inside_of_both(struct scene *s)
{
    account_rule(s, "192.0.2.0/24");
    key_rule(s, "192.0.2.1");
}

static void inside_of_a_long_list(struct scene *s)
{
    for (int i = 0; i < 9; i++)
        key_rule(s, "10.0.0.0/8");
    key_rule(s, "192.0.2.1");
}

static void mapped_spelling(struct scene *s)
{
    key_rule(s, "192.0.2.0/24");
    world_from(&s->ask.request, "::ffff:192.0.2.1");
}

static void rule_for_other_classes(struct scene *s)
{
    key_rule(s, "10.8.0.0/16=transact,manage");
}

static void transact_outside_of_its_rule(struct scene *s)
{
    rule_for_other_classes(s);
    target(s, "POST", "/pay");
}

static void unlisted_outside_of_a_rule(struct scene *s)
{
    rule_for_other_classes(s);
    target(s, "POST", "/elsewhere");
}

static void browser(struct scene *s)
{
    s->ask.request.flags |= KW_REQ_BROWSER;
}

static void browser_refused(struct scene *s)
{
    s->ask.request.flags |= KW_REQ_BROWSER | KW_REQ_REFUSE_BROWSER;
}

static void reader_pays(struct scene *s)
{
    s->grant.permissions = KW_READ_ONLY;
    target(s, "POST", "/pay");
}

static void payer_reads(struct scene *s)
{
    s->grant.permissions = KW_TRANSACTIONS;
}

static void payer_manages(struct scene *s)
{
    s->grant.permissions = KW_TRANSACTIONS | KW_READ_ONLY;
    target(s, "PUT", "/keys");
}

static void no_permission(struct scene *s)
{
    s->grant.permissions = 0;
}

static void unlisted_without_full_access(struct scene *s)
{
    s->grant.permissions = KW_READ_ONLY | KW_TRANSACTIONS | KW_ACCOUNT_MANAGEMENT;
    target(s, "GET", "/elsewhere");
}

static void limits_beyond_the_file(struct scene *s)
{
    world_cut(&s->world, "limits", (long)limits_line_offset(1));
}

static void dead_clock(struct scene *s)
{
    struct keyring_header *h = UNCONST(keyring_writer_head(s->world.writer));

    h->wall_check = 1;
}

static const struct row {
    const char *why;
    void (*change)(struct scene *s);
    enum kw_reason reason;
    int status;
    bool proved;
} rows[] = {
    {"a right key", nothing, KW_WHY_ALLOWED, 200, true},
    {"the clock cannot be read", dead_clock, KW_WHY_UNAVAILABLE, 503, false},
    {"limits do not reach so far", limits_beyond_the_file, KW_WHY_UNAVAILABLE, 503, true},
    {"an account that there is not", account_of_nobody, KW_WHY_UNAVAILABLE, 503, true},
    {"an account beyond the keyring", account_beyond, KW_WHY_UNAVAILABLE, 503, true},
    {"C12 a peer that is not trusted", untrusted_peer, KW_WHY_UNTRUSTED_PEER, 403, false},
    {"C12 what cannot be read", forwarded_ambiguous, KW_WHY_FORWARDED_AMBIGUOUS, 400, false},
    {"dot dot", ambiguous_path, KW_WHY_PATH_AMBIGUOUS, 400, false},
    {"D12 key in the path", key_in_path, KW_WHY_CREDENTIAL_IN_URL, 400, false},
    {"D12 key in the query", key_in_query, KW_WHY_CREDENTIAL_IN_URL, 400, false},
    {"D12 header as a parameter", header_in_query, KW_WHY_CREDENTIAL_IN_URL, 400, false},
    {"D12 key in a cookie", key_in_cookie, KW_WHY_CREDENTIAL_IN_URL, 400, false},
    {"plain HTTP", plain_http, KW_WHY_TLS_REQUIRED, 403, false},
    {"plain HTTP on loopback", plain_http_on_loopback, KW_WHY_ALLOWED, 200, true},
    {"a closed route", closed_route, KW_WHY_ROUTE_DENIED, 403, false},
    {"an unknown method", unknown_method, KW_WHY_ROUTE_DENIED, 403, false},
    {"a public route", public_route, KW_WHY_PUBLIC, 200, false},
    {"D1 no key", no_key, KW_WHY_MISSING_KEY, 401, false},
    {"a foreign bearer alone", foreign_bearer_alone, KW_WHY_MISSING_KEY, 401, false},
    {"a key as bearer", key_as_bearer, KW_WHY_ALLOWED, 200, true},
    {"D6 a foreign bearer beside", foreign_bearer_beside, KW_WHY_ALLOWED, 200, true},
    {"D6 the same key twice", key_twice, KW_WHY_AMBIGUOUS_CREDENTIALS, 400, false},
    {"D6 a key and a token", key_and_token, KW_WHY_AMBIGUOUS_CREDENTIALS, 400, false},
    {"D3 checksum", broken_checksum, KW_WHY_MALFORMED_KEY, 401, false},
    {"D3 one character less", one_character_less, KW_WHY_MALFORMED_KEY, 401, false},
    {"D3 empty", empty_key, KW_WHY_MALFORMED_KEY, 401, false},
    {"D3 6 KiB", six_kilobytes, KW_WHY_MALFORMED_KEY, 401, false},
    {"D5 NUL behind", nul_behind, KW_WHY_MALFORMED_KEY, 401, false},
    {"D5 tab behind", tab_behind, KW_WHY_MALFORMED_KEY, 401, false},
    {"D5 space behind", space_behind, KW_WHY_MALFORMED_KEY, 401, false},
    {"D5 0xff behind", ff_behind, KW_WHY_MALFORMED_KEY, 401, false},
    {"D4 unknown id", unknown_id, KW_WHY_UNKNOWN_KEY, 401, false},
    {"D4 wrong secret", wrong_secret, KW_WHY_WRONG_SECRET, 401, false},
    {"D11 old secret inside the overlap", old_secret_inside, KW_WHY_ALLOWED, 200, true},
    {"D11 old secret when it ends", old_secret_at_its_end, KW_WHY_SECRET_ROTATED, 401, false},
    {"X5 old secret ended by a clock that was ahead", old_secret_ended_by_a_clock_ahead,
     KW_WHY_SECRET_ROTATED, 401, false},
    {"new secret inside the overlap", new_secret_inside, KW_WHY_ALLOWED, 200, true},
    {"revoked", revoked, KW_WHY_KEY_REVOKED, 401, true},
    {"a state that there is not", no_such_state, KW_WHY_KEY_REVOKED, 401, true},
    {"disabled", disabled, KW_WHY_KEY_DISABLED, 401, true},
    {"D10 expiring exactly now", expires_now, KW_WHY_KEY_EXPIRED, 401, true},
    {"D10 expiring in a millisecond", expires_next, KW_WHY_ALLOWED, 200, true},
    {"a suspended account", suspended, KW_WHY_ACCOUNT_SUSPENDED, 403, true},
    {"frozen reads", frozen_reads, KW_WHY_FROZEN, 403, true},
    {"other classes are frozen", frozen_elsewhere, KW_WHY_ALLOWED, 200, true},
    {"a frozen key", key_frozen, KW_WHY_FROZEN, 403, true},
    {"a key frozen to transact reads", key_frozen_to_transact, KW_WHY_ALLOWED, 200, true},
    {"a key frozen to transact does nothing unlisted", key_frozen_to_transact_and_unlisted,
     KW_WHY_FROZEN, 403, true},
    {"a frozen account", account_frozen, KW_WHY_FROZEN, 403, true},
    {"overdue reads on", overdue, KW_WHY_ALLOWED, 200, true},
    {"overdue pays no more", overdue_and_pays, KW_WHY_ROTATION_OVERDUE, 403, true},
    {"overdue in a second", overdue_tomorrow_and_pays, KW_WHY_ALLOWED, 200, true},
    {"overdue is expired where so chosen", overdue_and_gone, KW_WHY_KEY_EXPIRED, 401, true},
    {"an unlisted route while any class is frozen", frozen_and_unlisted, KW_WHY_FROZEN, 403, true},
    {"D8 sandbox key on production", production_host, KW_WHY_ENVIRONMENT_MISMATCH, 403, true},
    {"D8 production key on sandbox", production_key, KW_WHY_ENVIRONMENT_MISMATCH, 403, true},
    {"a host of no environment", host_of_no_environment, KW_WHY_ENVIRONMENT_MISMATCH, 403, true},
    {"outside of the key's rules", outside_of_the_keys_rules, KW_WHY_IP_NOT_ALLOWED, 403, true},
    {"outside of the account's", outside_of_the_accounts_rules, KW_WHY_IP_NOT_ALLOWED, 403, true},
    {"the key's do not widen the account's", inside_of_the_keys_outside_of_the_accounts,
     KW_WHY_IP_NOT_ALLOWED, 403, true},
    {"the account's do not widen the key's", inside_of_the_accounts_outside_of_the_keys,
     KW_WHY_IP_NOT_ALLOWED, 403, true},
    {"inside of both", inside_of_both, KW_WHY_ALLOWED, 200, true},
    {"inside of a long list", inside_of_a_long_list, KW_WHY_ALLOWED, 200, true},
    {"C14 the mapped spelling", mapped_spelling, KW_WHY_ALLOWED, 200, true},
    {"a rule about other classes", rule_for_other_classes, KW_WHY_ALLOWED, 200, true},
    {"a rule about this class", transact_outside_of_its_rule, KW_WHY_IP_NOT_ALLOWED, 403, true},
    {"unlisted passes as every class", unlisted_outside_of_a_rule, KW_WHY_IP_NOT_ALLOWED, 403, true},
    {"a browser, reported", browser, KW_WHY_ALLOWED, 200, true},
    {"a browser, refused", browser_refused, KW_WHY_BROWSER_USE, 403, true},
    {"read_only pays", reader_pays, KW_WHY_PERMISSION_DENIED, 403, true},
    {"transactions reads", payer_reads, KW_WHY_ALLOWED, 200, true},
    {"transactions manages", payer_manages, KW_WHY_PERMISSION_DENIED, 403, true},
    {"no permission at all", no_permission, KW_WHY_PERMISSION_DENIED, 403, true},
    {"unlisted without full access", unlisted_without_full_access, KW_WHY_PERMISSION_DENIED, 403,
     true},
};

/* Whoever has proved the secret is told where his limits stand, and a refusal took nothing of them. */
static void assert_limits_told(const struct scene *s, const struct kw_decision *d)
{
    uint32_t taken = d->reason == KW_WHY_ALLOWED ? 1 : 0;

    assert_int_equal(d->rate.quota, s->grant.rate.n);
    assert_int_equal(d->rate.window_s, 60);
    assert_int_equal(d->rate.remaining, s->grant.rate.burst - taken);
    assert_int_equal(d->rate.reset_s, taken);
    assert_int_equal(d->quota.quota, s->grant.quota.n);
    assert_int_equal(d->quota.remaining, s->grant.quota.n - taken);
    assert_int_equal(d->quota.reset_s, 86400 - WORLD_WALL_MS / 1000 % 86400);
    assert_int_equal(d->limited_by, KW_NO_LIMIT);
    assert_int_equal(d->retry_after_s, 0);
}

static void each_reason_is_reached_and_recorded(void **state)
{
    const struct row *row = *state;
    struct scene s;

    open_scene(&s);
    s.grant.rate = (struct rate){.n = 60, .window_s = 60, .burst = 10};
    s.grant.quota = (struct quota){100, QUOTA_DAY};
    row->change(&s);
    publish(&s);
    struct kw_decision d = world_decide(s.engine, &s.ask.request);
    assert_string_equal(kw_reason_name(d.reason), kw_reason_name(row->reason));
    assert_int_equal(d.status, row->status);
    assert_int_equal(d.proved, row->proved);
    assert_recorded(&s, &d);
    if (d.proved)
        assert_string_equal(d.key_id, s.grant.id);
    else
        assert_tells_nothing(&d);
    if (d.proved && row->change != limits_beyond_the_file)
        assert_limits_told(&s, &d);
    close_scene(&s);
}

/* ---- order: a request with two faults gets the earlier reason ---- */

static const struct pair {
    const char *why;
    void (*first)(struct scene *s), (*second)(struct scene *s);
    enum kw_reason reason;
} pairs[] = {
    {"peer before what it says", forwarded_ambiguous, untrusted_peer, KW_WHY_UNTRUSTED_PEER},
    {"what was said before the path", ambiguous_path, forwarded_ambiguous, KW_WHY_FORWARDED_AMBIGUOUS},
    {"path before exposure", key_in_cookie, ambiguous_path, KW_WHY_PATH_AMBIGUOUS},
    {"exposure before TLS", plain_http, key_in_cookie, KW_WHY_CREDENTIAL_IN_URL},
    {"exposure before public", public_route, key_in_cookie, KW_WHY_CREDENTIAL_IN_URL},
    {"TLS before route", closed_route, plain_http, KW_WHY_TLS_REQUIRED},
    {"TLS before public", public_route, plain_http, KW_WHY_TLS_REQUIRED},
    {"route before key", no_key, closed_route, KW_WHY_ROUTE_DENIED},
    {"count before form", broken_checksum, key_twice, KW_WHY_AMBIGUOUS_CREDENTIALS},
    {"proof before state", revoked, wrong_secret, KW_WHY_WRONG_SECRET},
    {"proof before account", suspended, wrong_secret, KW_WHY_WRONG_SECRET},
    {"proof before address", outside_of_the_keys_rules, wrong_secret, KW_WHY_WRONG_SECRET},
    {"state before expiry", expires_now, revoked, KW_WHY_KEY_REVOKED},
    {"disabled before expiry", expires_now, disabled, KW_WHY_KEY_DISABLED},
    {"expiry before account", suspended, expires_now, KW_WHY_KEY_EXPIRED},
    {"account before freeze", frozen_reads, suspended, KW_WHY_ACCOUNT_SUSPENDED},
    {"freeze before environment", production_host, frozen_reads, KW_WHY_FROZEN},
    {"environment before address", outside_of_the_keys_rules, production_host,
     KW_WHY_ENVIRONMENT_MISMATCH},
    {"address before browser", browser_refused, outside_of_the_keys_rules, KW_WHY_IP_NOT_ALLOWED},
    {"browser before permission", reader_pays, browser_refused, KW_WHY_BROWSER_USE},
    {"permission before limits", limits_beyond_the_file, reader_pays, KW_WHY_PERMISSION_DENIED},
};

static void the_earlier_reason_decides(void **state)
{
    const struct pair *pair = *state;
    struct scene s;

    open_scene(&s);
    pair->first(&s);
    pair->second(&s);
    publish(&s);
    struct kw_decision d = world_decide(s.engine, &s.ask.request);
    assert_string_equal(kw_reason_name(d.reason), kw_reason_name(pair->reason));
    close_scene(&s);
}

int main(void)
{
    SUITE_ROWS(each_reason_is_reached_and_recorded, rows);
    SUITE_ROWS(the_earlier_reason_decides, pairs);
    return suite_run("engine/authorize_reasons");
}
