/* use.c - keys exchanged, and tokens refreshed and given up, as the engine decides them for keyward serve. */
#include "engine/use.h"

#include "base/clock.h"
#include "engine/attempt.h"
#include "engine/scene.h"

enum { MISSES = 100 }; /* of a source in a minute, then they are too many */

struct used {
    struct scene scene;
    struct family family;
    char token[KEY_TOKEN_MAX];
    struct kw_str credential;
};

static void open_used(struct used *u)
{
    static const char secret[] = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6gH9jK2mN5p";

    *u = (struct used){.family = {.slot = 1,
                                  .version = 1,
                                  .id = "7Q2mK4T9xJ1aFa",
                                  .permissions = KW_READ_ONLY,
                                  .environment = KW_SANDBOX,
                                  .state = FAMILY_ACTIVE,
                                  .ends_ms = WORLD_WALL_MS + INT64_C(60) * 1000}};
    open_scene(&u->scene);
    size_t n = key_print_token(STR("mk"), KEY_REFRESH, KW_SANDBOX, str_from(u->family.id),
                               str_from(secret), u->token);
    u->credential = (struct kw_str){u->token, n};
}

/* The writer beats now, for a use is decided now. */
static void publish_used(struct used *u)
{
    struct scene *s = &u->scene;

    publish(s);
    keyring_beat(s->world.writer, clock_boot_us(), WORLD_WALL_MS * 1000);
    u->family.key_slot = s->grant.slot;
    u->family.secret_mark = family_secret_mark(s->grant.digest);
}

static void close_used(struct used *u)
{
    close_scene(&u->scene);
}

static struct kw_decision decide(struct used *u, const struct engine_use *use)
{
    struct kw_decision d;

    memset(&d, 0xff, sizeof d);
    assert_ok(engine_use_key(u->scene.engine, &u->scene.ask.request, use, &d));
    assert_int_equal(d.verdict, d.reason == KW_WHY_ALLOWED);
    world_drain(&u->scene.world);
    return d;
}

static struct kw_decision exchange(struct used *u, unsigned permissions)
{
    const struct engine_use use = {.kind = USE_EXCHANGE, .permissions = permissions};

    return decide(u, &use);
}

static struct kw_decision with_token(struct used *u, enum engine_use_kind kind,
                                     const struct family *known)
{
    const struct engine_use use = {.kind = kind, .family = known};

    u->scene.ask.request.keys = &u->credential;
    return decide(u, &use);
}

static void assert_why(struct kw_decision d, enum kw_reason why)
{
    assert_string_equal(kw_reason_name(d.reason), kw_reason_name(why));
}

/* ---- exchanged ---- */

static void a_key_is_exchanged_for_no_more_than_it_may_do(void **state)
{
    struct used u;

    (void)state;
    open_used(&u);
    u.scene.grant.permissions = KW_TRANSACTIONS;
    u.scene.grant.quota = (struct quota){3, QUOTA_DAY};
    publish_used(&u);
    assert_why(exchange(&u, KW_ACCOUNT_MANAGEMENT), KW_WHY_PERMISSION_DENIED);
    assert_why(exchange(&u, KW_FULL_ACCESS), KW_WHY_PERMISSION_DENIED);
    assert_why(exchange(&u, KW_READ_ONLY | KW_ACCOUNT_MANAGEMENT), KW_WHY_PERMISSION_DENIED);
    assert_int_equal(exchange(&u, 0).quota.remaining, 2); /* what was refused took nothing */
    assert_why(exchange(&u, KW_READ_ONLY), KW_WHY_ALLOWED);
    assert_why(exchange(&u, KW_READ_ONLY | KW_TRANSACTIONS), KW_WHY_ALLOWED);
    assert_why(exchange(&u, 0), KW_WHY_QUOTA_EXCEEDED);
    close_used(&u);
}

static void a_key_whose_rotation_is_overdue_is_exchanged_for_reads(void **state)
{
    struct used u;

    (void)state;
    open_used(&u);
    u.scene.grant.permissions = KW_TRANSACTIONS;
    u.scene.grant.overdue = OVERDUE_READ_ONLY;
    u.scene.grant.rotation_days = 1;
    u.scene.grant.secret_since_ms = 1;
    publish_used(&u);
    assert_why(exchange(&u, KW_TRANSACTIONS), KW_WHY_ROTATION_OVERDUE);
    struct kw_decision d = exchange(&u, 0);
    assert_why(d, KW_WHY_ALLOWED);
    assert_int_equal(d.permissions, KW_READ_ONLY);
    close_used(&u);
}

/* ---- given up ---- */

static void a_token_is_given_up_whatever_its_key_may_do(void **state)
{
    struct world_event found;
    struct used u;

    (void)state;
    open_used(&u);
    u.scene.grant.state = KEY_REVOKED;
    u.scene.grant.quota = (struct quota){1, QUOTA_DAY};
    u.scene.account.state = ACCOUNT_SUSPENDED;
    publish_used(&u);
    const struct engine_use use = {.kind = USE_REVOKE, .family = &u.family};
    struct kw_decision d;
    u.scene.ask.request.keys = &u.credential;
    assert_ok(engine_use_key(u.scene.engine, &u.scene.ask.request, &use, &d));
    assert_why(d, KW_WHY_ALLOWED);
    assert_string_equal(d.account, "acme");
    assert_true(world_event(&u.scene.world, d.request_id, &found));
    assert_int_equal(found.event.credential, CREDENTIAL_TOKEN);
    assert_memory_equal(found.event.token_id, u.family.id, KW_KEY_ID_LEN);
    assert_memory_equal(found.event.key_id, u.scene.grant.id, KW_KEY_ID_LEN);
    assert_null(memmem(found.bytes, sizeof found.bytes, u.token + 24, KEY_SECRET_LEN));
    close_used(&u);
}

static void giving_up_takes_nothing_from_the_limits(void **state)
{
    struct used u;

    (void)state;
    open_used(&u);
    u.scene.grant.quota = (struct quota){1, QUOTA_DAY};
    publish_used(&u);
    for (int i = 0; i < 3; i++)
        assert_why(with_token(&u, USE_REVOKE, &u.family), KW_WHY_ALLOWED);
    assert_why(with_token(&u, USE_REFRESH, &u.family), KW_WHY_ALLOWED);
    assert_why(with_token(&u, USE_REFRESH, &u.family), KW_WHY_QUOTA_EXCEEDED);
    assert_why(with_token(&u, USE_REVOKE, &u.family), KW_WHY_ALLOWED);
    close_used(&u);
}

static void what_is_over_is_told_to_who_refreshes_and_can_be_given_up(void **state)
{
    struct used u;

    (void)state;
    open_used(&u);
    publish_used(&u);
    u.family.ends_ms = WORLD_WALL_MS - 1000;
    assert_why(with_token(&u, USE_REFRESH, &u.family), KW_WHY_TOKEN_EXPIRED);
    assert_why(with_token(&u, USE_REVOKE, &u.family), KW_WHY_ALLOWED);
    u.family.secret_mark++;
    u.family.ends_ms = WORLD_WALL_MS + INT64_C(60) * 1000;
    assert_why(with_token(&u, USE_REFRESH, &u.family), KW_WHY_SECRET_ROTATED);
    assert_why(with_token(&u, USE_REVOKE, &u.family), KW_WHY_ALLOWED);
    u.family.state = FAMILY_ENDED;
    assert_why(with_token(&u, USE_REFRESH, &u.family), KW_WHY_TOKEN_ENDED);
    assert_why(with_token(&u, USE_REVOKE, &u.family), KW_WHY_TOKEN_ENDED);
    close_used(&u);
}

/* ---- guessed ---- */

static const struct guess {
    const char *why;
    enum engine_use_kind kind;
} guesses[] = {{"refreshed", USE_REFRESH}, {"given up", USE_REVOKE}};

static void D14_a_token_of_nobody_is_a_failure_of_its_source(void **state)
{
    const struct guess *row = *state;
    struct used u;

    open_used(&u);
    publish_used(&u);
    struct kw_decision d = with_token(&u, row->kind, NULL);
    int n = 0;
    for (; d.reason == KW_WHY_UNKNOWN_KEY && n < 3 * MISSES; n++) {
        assert_tells_nothing(&d);
        d = with_token(&u, row->kind, NULL);
    }
    assert_in_range(n, MISSES, 2 * MISSES); /* while they come, a few are forgiven */
    assert_why(d, KW_WHY_TOO_MANY_FAILURES);
    assert_true(d.retry_after_s > 0);
    assert_why(with_token(&u, row->kind, &u.family), KW_WHY_ALLOWED); /* who has one is let in */
    world_from(&u.scene.ask.request, "198.51.100.7");
    assert_why(with_token(&u, row->kind, NULL), KW_WHY_UNKNOWN_KEY);
    close_used(&u);
}

static void D3_what_has_not_the_form_of_a_token_is_malformed(void **state)
{
    const struct guess *row = *state;
    char access[KEY_TOKEN_MAX];
    struct used u;

    open_used(&u);
    publish_used(&u);
    u.credential.n--;
    assert_why(with_token(&u, row->kind, NULL), KW_WHY_MALFORMED_KEY);
    size_t n = key_print_token(STR("mk"), KEY_ACCESS, KW_SANDBOX, str_from(u.family.id),
                               (struct str){u.token + 24, KEY_SECRET_LEN}, access);
    u.credential = (struct kw_str){access, n};
    assert_why(with_token(&u, row->kind, NULL),
               row->kind == USE_REVOKE ? KW_WHY_UNKNOWN_KEY : KW_WHY_MALFORMED_KEY);
    u.credential = (struct kw_str){u.scene.text.p, u.scene.text.n};
    assert_why(with_token(&u, row->kind, NULL), KW_WHY_MALFORMED_KEY); /* the key itself is none */
    close_used(&u);
}

int main(void)
{
    SUITE_TEST(a_key_is_exchanged_for_no_more_than_it_may_do);
    SUITE_TEST(a_key_whose_rotation_is_overdue_is_exchanged_for_reads);
    SUITE_TEST(a_token_is_given_up_whatever_its_key_may_do);
    SUITE_TEST(giving_up_takes_nothing_from_the_limits);
    SUITE_TEST(what_is_over_is_told_to_who_refreshes_and_can_be_given_up);
    SUITE_ROWS(D14_a_token_of_nobody_is_a_failure_of_its_source, guesses);
    SUITE_ROWS(D3_what_has_not_the_form_of_a_token_is_malformed, guesses);
    return suite_run("engine/use");
}
