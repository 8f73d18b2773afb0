/* authorize_reasons.c - every reason is reached, and the earlier one decides. */
#include "engine/faults.h"

static const struct row {
    const char *why;
    fault *change;
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
    fault *first, *second;
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
