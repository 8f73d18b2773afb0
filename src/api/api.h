/* api.h - the calls of the management API: each a handler, one file per resource; routes.c is the table of them. */
#ifndef API_API_H
#define API_API_H

#include "server/call.h"

call_handler accounts_create, accounts_list, accounts_get, accounts_change, accounts_suspend,
    accounts_resume;
call_handler sign_in_post, sign_in_code_post;
call_handler session_get, session_delete, session_step_up, sessions_get, sessions_delete;
call_handler me_password, me_totp_begin, me_totp_confirm, me_recovery_codes;
call_handler links_open, links_accept;
call_handler reset_post;
call_handler webhooks_create, webhooks_list, webhooks_get, webhooks_change, webhooks_remove;
call_handler webhooks_rotate_secret, webhooks_test, webhooks_deliveries, webhooks_redeliver;
call_handler webhook_events_list;
call_handler leaks_post, leaks_github;
call_handler members_list, members_invite, members_get, members_change, members_remove,
    members_link, members_forget;
call_handler tokens_list, tokens_create, tokens_revoke;
call_handler authorize_post;
call_handler tokens_exchange, tokens_refresh, tokens_revoke_own, tokens_introspect;
call_handler key_families_list, key_families_end, families_end;
call_handler keys_create, keys_list, keys_get, keys_change, keys_disable, keys_enable, keys_revoke;
call_handler keys_rotate, keys_rotation_get, keys_rotation_complete, keys_rotation_cancel;
call_handler keys_advice_get, keys_advice_apply;
call_handler keys_revoke_all, keys_expire_all;
call_handler freezes_list, freezes_put_key, freezes_put_account, freezes_put_environment,
    freezes_put_everything;
call_handler spend_rules_get, spend_rules_put;
call_handler spend_reserve, spend_commit, spend_release, spend_get, spend_list;
call_handler overview_get;
call_handler policy_get, policy_put, policy_test, policy_diff_post, policy_dry_run;
call_handler policies_list, policies_get;
call_handler installation_get;
call_handler clock_get, clock_accept;
call_handler health_get;
call_handler drain_post;
call_handler events_list, events_get;
call_handler usage_get;
call_handler reports_list, reports_get, reports_write, reports_acknowledge;
call_handler thresholds_get, thresholds_put, accounts_thresholds_get, accounts_thresholds_put;
call_handler alerts_list, alerts_get, alerts_acknowledge, alerts_resolve, alerts_comment,
    alerts_undo, alerts_test;
call_handler audit_days;
call_handler audit_verify;
call_handler metrics_get;
call_handler contract_json, contract_page, contract_style;
call_handler dashboard_answer_page, dashboard_answer_asset, dashboard_answer_icon;

#endif
