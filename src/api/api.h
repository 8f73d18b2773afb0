/* api.h - the calls of the management API: each a handler, one file per resource; routes.c is the table of them. */
#ifndef API_API_H
#define API_API_H

#include "server/call.h"

call_handler accounts_create, accounts_list, accounts_get, accounts_change, accounts_suspend,
    accounts_resume;
call_handler authorize_post;
call_handler keys_create, keys_list, keys_get, keys_change, keys_disable, keys_enable, keys_revoke;
call_handler policy_get, policy_put, policy_test;
call_handler clock_get, clock_accept;
call_handler health_get;
call_handler drain_post;
call_handler events_list, events_get;
call_handler audit_verify;
call_handler metrics_get;
call_handler contract_json, contract_page, contract_style;

#endif
