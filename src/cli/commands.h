/* commands.h - the table of commands: what the program can do is what stands here. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include <stdio.h>

#include "cli/exit.h"
#include "cli/options.h"

/* X(symbol), in the order of the help. Each cmd_*.c defines its `const struct command cmd_SYMBOL`.
 */
#define COMMANDS(X)           \
    X(init)                   \
    X(backup)                 \
    X(restore)                \
    X(recover)                \
    X(serve)                  \
    X(accounts_create)        \
    X(accounts_list)          \
    X(accounts_show)          \
    X(accounts_change)        \
    X(accounts_suspend)       \
    X(accounts_resume)        \
    X(members_list)           \
    X(members_show)           \
    X(members_invite)         \
    X(members_link)           \
    X(members_change)         \
    X(members_remove)         \
    X(tokens_list)            \
    X(tokens_create)          \
    X(tokens_revoke)          \
    X(keys_create)            \
    X(keys_list)              \
    X(keys_show)              \
    X(keys_change)            \
    X(keys_disable)           \
    X(keys_enable)            \
    X(keys_revoke)            \
    X(keys_expire)            \
    X(keys_rotate)            \
    X(keys_rotation_show)     \
    X(keys_rotation_complete) \
    X(keys_rotation_cancel)   \
    X(keys_advice)            \
    X(leaks_report)           \
    X(freeze_key)             \
    X(freeze_account)         \
    X(freeze_environment)     \
    X(freeze_everything)      \
    X(unfreeze_key)           \
    X(unfreeze_account)       \
    X(unfreeze_environment)   \
    X(unfreeze_everything)    \
    X(freezes)                \
    X(keys_tokens)            \
    X(keys_spend_set)         \
    X(keys_spend_remove)      \
    X(keys_spend)             \
    X(policy_apply)           \
    X(policy_show)            \
    X(policy_history)         \
    X(policy_diff)            \
    X(policy_dry_run)         \
    X(policy_test)            \
    X(authorize)              \
    X(audit_tail)             \
    X(audit_search)           \
    X(audit_days)             \
    X(audit_verify)           \
    X(audit_explain)          \
    X(alerts_list)            \
    X(alerts_show)            \
    X(alerts_acknowledge)     \
    X(alerts_resolve)         \
    X(alerts_comment)         \
    X(alerts_undo)            \
    X(alerts_test)            \
    X(webhooks_list)          \
    X(webhooks_show)          \
    X(webhooks_create)        \
    X(webhooks_change)        \
    X(webhooks_rotate_secret) \
    X(webhooks_remove)        \
    X(webhooks_test)          \
    X(webhooks_deliveries)    \
    X(webhooks_redeliver)     \
    X(webhooks_events)        \
    X(reports_list)           \
    X(reports_show)           \
    X(reports_acknowledge)    \
    X(reports_write)          \
    X(usage)                  \
    X(clock_show)             \
    X(clock_accept)           \
    X(health)                 \
    X(metrics)                \
    X(doctor)                 \
    X(help)                   \
    X(version)

struct command {
    const char *name;     /* "keys create" */
    const char *operands; /* "METHOD PATH"; "" */
    size_t n_operands;
    size_t n_optional;   /* so many of them, the last ones, may be left out */
    const char *summary; /* half a line */
    const char *about;   /* paragraphs; NULL: the summary says all */
    const struct option *options;
    enum exit_status (*run)(const struct command *self, const struct args *args);
};

#define X(symbol) extern const struct command cmd_##symbol;
COMMANDS(X)
#undef X

extern const struct command *const commands[]; /* ends with NULL */

/* The command that the first words of argv name, and how many words these are. NULL: none. */
const struct command *commands_find(int argc, char *const argv[], int *n_words);

/* Whether a word begins the names of several commands ("keys"). */
bool commands_is_group(const char *word);

#endif
