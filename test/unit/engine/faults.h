/* faults.h - what may be unusual about a request, its key or its account: each changes one thing in a scene. */
#ifndef TEST_ENGINE_FAULTS_H
#define TEST_ENGINE_FAULTS_H

#include "engine/scene.h"

typedef void fault(struct scene *s);

/* Path, proxy, transport, route, and the credential as it came: faults_request.c. */
fault nothing, ambiguous_path, key_in_path, key_in_query, header_in_query, key_in_cookie,
    untrusted_peer, forwarded_ambiguous, plain_http, plain_http_on_loopback, closed_route,
    unknown_method, public_route, no_key, foreign_bearer_alone, key_as_bearer,
    foreign_bearer_beside, key_twice, key_and_token, broken_checksum, one_character_less,
    nul_behind, tab_behind, ff_behind, space_behind, empty_key, six_kilobytes;

/* The key, its secrets and its account, as they stand; address, browser, permissions, limits, clock: faults_grant.c. */
fault revoked, disabled, no_such_state, expires_now, expires_next, old_secret_inside,
    old_secret_at_its_end, old_secret_ended_by_a_clock_ahead, new_secret_inside, suspended,
    account_of_nobody, account_beyond, key_frozen, key_frozen_to_transact,
    key_frozen_to_transact_and_unlisted, account_frozen, overdue, overdue_and_pays,
    overdue_tomorrow_and_pays, overdue_and_gone, frozen_reads, frozen_elsewhere, frozen_and_unlisted,
    production_host, production_key, host_of_no_environment, outside_of_the_keys_rules,
    outside_of_the_accounts_rules, inside_of_the_keys_outside_of_the_accounts,
    inside_of_the_accounts_outside_of_the_keys, inside_of_both, inside_of_a_long_list,
    mapped_spelling, rule_for_other_classes, transact_outside_of_its_rule,
    unlisted_outside_of_a_rule, browser, browser_refused, reader_pays, payer_reads, payer_manages,
    no_permission, unlisted_without_full_access, limits_beyond_the_file, dead_clock;

#endif
