/* census.c - each key is counted where it belongs, to the millisecond. */
#include "jobs/census.h"

#include "suite.h"

#define DAYS(n) (INT64_C(86400000) * (n))
#define NOW     INT64_C(1800000000000)

static const struct row {
    const char *why;
    struct key_outline key;
    struct census want;
} rows[] = {
    {"active, new, never used, never due",
     {.state = KEY_ACTIVE, .environment = KW_SANDBOX, .created_ms = NOW},
     {.sandbox = {[CENSUS_ACTIVE] = 1}, .never_used = 1}},
    {"of production, used just now",
     {.state = KEY_ACTIVE, .environment = KW_PRODUCTION, .created_ms = NOW, .used_ms = NOW},
     {.production = {[CENSUS_ACTIVE] = 1}}},
    {"old and used 90 days ago: it still counts as used",
     {.state = KEY_ACTIVE, .environment = KW_SANDBOX, .created_ms = 1, .used_ms = NOW - DAYS(90)},
     {.sandbox = {[CENSUS_ACTIVE] = 1}}},
    {"old and unused for longer",
     {.state = KEY_ACTIVE, .environment = KW_SANDBOX, .created_ms = 1, .used_ms = NOW - DAYS(90) - 1},
     {.sandbox = {[CENSUS_ACTIVE] = 1}, .unused = 1}},
    {"made 90 days ago and never used: not longer than 90 days",
     {.state = KEY_ACTIVE, .environment = KW_SANDBOX, .created_ms = NOW - DAYS(90)},
     {.sandbox = {[CENSUS_ACTIVE] = 1}, .never_used = 1}},
    {"made before that and never used",
     {.state = KEY_ACTIVE, .environment = KW_SANDBOX, .created_ms = NOW - DAYS(90) - 1},
     {.sandbox = {[CENSUS_ACTIVE] = 1}, .never_used = 1, .unused = 1}},
    {"it expires in less than 30 days",
     {.state = KEY_ACTIVE,
      .environment = KW_SANDBOX,
      .created_ms = NOW,
      .used_ms = NOW,
      .ends_ms = NOW + DAYS(30) - 1},
     {.sandbox = {[CENSUS_ACTIVE] = 1}, .expiring = 1}},
    {"it expires in 30 days",
     {.state = KEY_ACTIVE,
      .environment = KW_SANDBOX,
      .created_ms = NOW,
      .used_ms = NOW,
      .ends_ms = NOW + DAYS(30)},
     {.sandbox = {[CENSUS_ACTIVE] = 1}}},
    {"expired, and nothing else",
     {.state = KEY_ACTIVE,
      .environment = KW_SANDBOX,
      .created_ms = 1,
      .ends_ms = NOW,
      .rotation_due_ms = 86400001},
     {.sandbox = {[CENSUS_EXPIRED] = 1}}},
    {"disabled and expired is expired",
     {.state = KEY_DISABLED, .environment = KW_PRODUCTION, .created_ms = 1, .ends_ms = NOW - 1},
     {.production = {[CENSUS_EXPIRED] = 1}}},
    {"revoked and expired is revoked",
     {.state = KEY_REVOKED,
      .environment = KW_PRODUCTION,
      .created_ms = 1,
      .ends_ms = 1,
      .rotation_due_ms = 86400001},
     {.production = {[CENSUS_REVOKED] = 1}}},
    {"disabled is to be rotated all the same",
     {.state = KEY_DISABLED, .environment = KW_SANDBOX, .created_ms = 1, .rotation_due_ms = NOW - 1},
     {.sandbox = {[CENSUS_DISABLED] = 1}, .overdue = 1}},
    {"due at this very moment is due soon",
     {.state = KEY_ACTIVE,
      .environment = KW_SANDBOX,
      .created_ms = NOW,
      .used_ms = NOW,
      .rotation_due_ms = NOW},
     {.sandbox = {[CENSUS_ACTIVE] = 1}, .due_soon = 1}},
    {"due in 30 days is not soon",
     {.state = KEY_ACTIVE,
      .environment = KW_SANDBOX,
      .created_ms = NOW,
      .used_ms = NOW,
      .rotation_due_ms = NOW + DAYS(30)},
     {.sandbox = {[CENSUS_ACTIVE] = 1}}},
    {"due after ten years",
     {.state = KEY_ACTIVE,
      .environment = KW_SANDBOX,
      .created_ms = NOW,
      .used_ms = NOW,
      .rotation_due_ms = NOW + DAYS(3653)},
     {.sandbox = {[CENSUS_ACTIVE] = 1}}},
};

static void a_key_is_counted(void **state)
{
    const struct row *row = *state;
    struct census c = {.overdue = 0};

    census_add(&c, &row->key, NOW);
    assert_memory_equal(&c, &row->want, sizeof c);
}

int main(void)
{
    SUITE_ROWS(a_key_is_counted, rows);
    return suite_run("jobs/census");
}
