/* faults_grant.c - what may be unusual about a key and its account; see faults.h. */
#include "engine/faults.h"

void revoked(struct scene *s)
{
    s->grant.state = KEY_REVOKED;
}

void disabled(struct scene *s)
{
    s->grant.state = KEY_DISABLED;
}

void no_such_state(struct scene *s)
{
    s->grant.state = (enum key_state)7; /* NOLINT: damage */
}

void expires_now(struct scene *s)
{
    s->grant.expires_ms = WORLD_WALL_MS;
}

void expires_next(struct scene *s)
{
    s->grant.expires_ms = WORLD_WALL_MS + 1;
}

void old_secret_inside(struct scene *s)
{
    s->grant.old_ends_ms = WORLD_WALL_MS + 1;
    s->text = world_text(&s->grant, 2);
}

void old_secret_at_its_end(struct scene *s)
{
    s->grant.old_ends_ms = WORLD_WALL_MS;
    s->text = world_text(&s->grant, 2);
}

void old_secret_ended_by_a_clock_ahead(struct scene *s)
{
    s->grant.old_ends_ms = -(WORLD_WALL_MS + 1);
    s->text = world_text(&s->grant, 2);
}

void new_secret_inside(struct scene *s)
{
    s->grant.old_ends_ms = WORLD_WALL_MS + 1;
}

void suspended(struct scene *s)
{
    s->account.state = ACCOUNT_SUSPENDED;
}

void account_of_nobody(struct scene *s)
{
    s->grant.account_slot = 3;
}

void account_beyond(struct scene *s)
{
    s->grant.account_slot = 300000;
}

void key_frozen(struct scene *s)
{
    s->grant.frozen = FREEZE_ALL;
}

void key_frozen_to_transact(struct scene *s)
{
    s->grant.frozen = FREEZE_TRANSACT;
}

void key_frozen_to_transact_and_unlisted(struct scene *s)
{
    s->grant.frozen = FREEZE_TRANSACT;
    target(s, "GET", "/elsewhere");
}

void account_frozen(struct scene *s)
{
    s->account.frozen = FREEZE_ALL;
}

void overdue(struct scene *s)
{
    s->grant.permissions = KW_TRANSACTIONS;
    s->grant.secret_since_ms = WORLD_WALL_MS - 86400000;
    s->grant.rotation_days = 1;
    s->grant.overdue = OVERDUE_READ_ONLY;
}

void overdue_and_pays(struct scene *s)
{
    overdue(s);
    target(s, "POST", "/pay");
}

void overdue_tomorrow_and_pays(struct scene *s)
{
    overdue_and_pays(s);
    s->grant.secret_since_ms += 1000;
}

void overdue_and_gone(struct scene *s)
{
    overdue(s);
    s->grant.overdue = OVERDUE_EXPIRE;
}

void frozen_reads(struct scene *s)
{
    keyring_put_freeze(s->world.writer, KW_SANDBOX, FREEZE_READ);
}

void frozen_elsewhere(struct scene *s)
{
    keyring_put_freeze(s->world.writer, KW_SANDBOX, FREEZE_TRANSACT | FREEZE_MANAGE);
    keyring_put_freeze(s->world.writer, KW_PRODUCTION, FREEZE_ALL);
}

void frozen_and_unlisted(struct scene *s)
{
    frozen_elsewhere(s);
    target(s, "GET", "/elsewhere");
}

void production_host(struct scene *s)
{
    s->ask.request.environment = KW_PRODUCTION;
}

void production_key(struct scene *s)
{
    s->grant.environment = KW_PRODUCTION;
    s->text = world_text(&s->grant, 1);
}

void host_of_no_environment(struct scene *s)
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

void outside_of_the_keys_rules(struct scene *s)
{
    key_rule(s, "10.0.0.0/8");
}

void outside_of_the_accounts_rules(struct scene *s)
{
    account_rule(s, "10.0.0.0/8");
}

void inside_of_the_keys_outside_of_the_accounts(struct scene *s)
{
    key_rule(s, "192.0.2.0/24");
    account_rule(s, "10.0.0.0/8");
}

void inside_of_the_accounts_outside_of_the_keys(struct scene *s)
{
    account_rule(s, "192.0.2.0/24");
    key_rule(s, "10.0.0.0/8");
}

void inside_of_both(struct scene *s)
{
    account_rule(s, "192.0.2.0/24");
    key_rule(s, "192.0.2.1");
}

void inside_of_a_long_list(struct scene *s)
{
    for (int i = 0; i < 9; i++)
        key_rule(s, "10.0.0.0/8");
    key_rule(s, "192.0.2.1");
}

void mapped_spelling(struct scene *s)
{
    key_rule(s, "192.0.2.0/24");
    world_from(&s->ask.request, "::ffff:192.0.2.1");
}

void rule_for_other_classes(struct scene *s)
{
    key_rule(s, "10.8.0.0/16=transact,manage");
}

void transact_outside_of_its_rule(struct scene *s)
{
    rule_for_other_classes(s);
    target(s, "POST", "/pay");
}

void unlisted_outside_of_a_rule(struct scene *s)
{
    rule_for_other_classes(s);
    target(s, "POST", "/elsewhere");
}

void browser(struct scene *s)
{
    s->ask.request.flags |= KW_REQ_BROWSER;
}

void browser_refused(struct scene *s)
{
    s->ask.request.flags |= KW_REQ_BROWSER | KW_REQ_REFUSE_BROWSER;
}

void reader_pays(struct scene *s)
{
    s->grant.permissions = KW_READ_ONLY;
    target(s, "POST", "/pay");
}

void payer_reads(struct scene *s)
{
    s->grant.permissions = KW_TRANSACTIONS;
}

void payer_manages(struct scene *s)
{
    s->grant.permissions = KW_TRANSACTIONS | KW_READ_ONLY;
    target(s, "PUT", "/keys");
}

void no_permission(struct scene *s)
{
    s->grant.permissions = 0;
}

void unlisted_without_full_access(struct scene *s)
{
    s->grant.permissions = KW_READ_ONLY | KW_TRANSACTIONS | KW_ACCOUNT_MANAGEMENT;
    target(s, "GET", "/elsewhere");
}

void limits_beyond_the_file(struct scene *s)
{
    world_cut(&s->world, "limits", (long)limits_line_offset(1));
}

void dead_clock(struct scene *s)
{
    struct keyring_header *h = UNCONST(keyring_writer_head(s->world.writer));

    h->wall_check = 1;
}
