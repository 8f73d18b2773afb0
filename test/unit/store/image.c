/* image.c - the canonical bytes of a row: there and back, and nothing else goes in. */
#include "store/image.h"

#include "store/room.h"
#include "suite.h"

static struct grant full_grant(void)
{
    struct grant g = room_grant("7Q2mK4T9xJ1aBd");

    g.slot = 7;
    g.version = 3;
    g.account_slot = 2;
    g.overdue = OVERDUE_READ_ONLY;
    memset(g.old_digest, 9, sizeof g.old_digest);
    g.old_ends_ms = 1750000000000;
    g.old_since_ms = 1740000000000;
    g.frozen = FREEZE_TRANSACT;
    g.n_rules = ADDRESS_RULES_MAX;
    for (uint32_t i = 0; i < g.n_rules; i++) {
        g.rules[i] = (struct address_rule){.prefix = 128, .classes = ADDRESS_TRANSACT};
        g.rules[i].net.b[15] = (uint8_t)i;
    }
    return g;
}

static void a_key_comes_back_as_it_was(void **state)
{
    struct buf image = BUF_MAX(4096);
    struct grant g = full_grant(), back;

    (void)state;
    assert_ok(image_of_key(&g, &image));
    assert_ok(image_read_key(buf_view(&image), &back));
    assert_memory_equal(&g, &back, sizeof g);
    buf_deinit(&image);
}

static void an_account_comes_back_as_it_was(void **state)
{
    struct buf image = BUF_MAX(4096);
    struct account a = {.slot = 1, .version = 2, .id = "acme", .name = "Acme", .created_ms = 5}, back;

    (void)state;
    a.rules[0] = (struct address_rule){.prefix = 96, .classes = ADDRESS_EVERY_CLASS};
    a.n_rules = 1;
    assert_ok(image_of_account(&a, &image));
    assert_ok(image_read_account(buf_view(&image), &back));
    assert_memory_equal(&a, &back, sizeof a);
    buf_deinit(&image);
}

/* What was added later says nothing of it: its seal is the one that it always had. */
static void a_key_without_what_was_added_later_has_the_first_image(void **state)
{
    struct buf image = BUF_MAX(4096);
    struct grant g = full_grant(), back;

    (void)state;
    g.old_since_ms = 0;
    g.frozen = FREEZE_NOTHING;
    assert_ok(image_of_key(&g, &image));
    assert_int_equal(image.p[0], 1);
    assert_ok(image_read_key(buf_view(&image), &back));
    assert_memory_equal(&g, &back, sizeof g);
    image.p[0] = 2; /* the second format with nothing to say is none */
    buf_add(&image, (char[9]){0}, 9);
    assert_err(image_read_key(buf_view(&image), &back), KW_EDAMAGED);
    buf_deinit(&image);
}

static struct freeze_note full_note(void)
{
    struct freeze_note n = {.since_ms = 1750000000000, .by_operator = true};

    memset(n.by, 'b', sizeof n.by - 1);
    memset(n.why, 'w', sizeof n.why - 1);
    return n;
}

/* The largest images there are. */
static void why_something_is_frozen_comes_back(void **state)
{
    struct buf image = BUF_MAX(8192);
    struct grant g = full_grant(), g2;
    struct account a = {.slot = 1,
                        .version = 2,
                        .id = "acme",
                        .name = "Acme",
                        .freeze_note = full_note()},
                   a2;
    struct environment e = {.slot = KW_SANDBOX, .version = 1, .freeze_note = full_note()}, e2;

    (void)state;
    g.freeze_note = full_note();
    assert_ok(image_of_key(&g, &image));
    assert_ok(image_read_key(buf_view(&image), &g2));
    assert_memory_equal(&g, &g2, sizeof g);
    buf_clear(&image);
    assert_ok(image_of_account(&a, &image));
    assert_ok(image_read_account(buf_view(&image), &a2));
    assert_memory_equal(&a, &a2, sizeof a);
    buf_clear(&image);
    assert_ok(image_of_environment(&e, &image));
    assert_ok(image_read_environment(buf_view(&image), &e2));
    assert_memory_equal(&e, &e2, sizeof e);
    buf_deinit(&image);
}

static void a_note_without_a_moment_is_none(void **state)
{
    struct buf image = BUF_MAX(4096);
    struct environment e = {.slot = KW_SANDBOX, .version = 1, .freeze_note = full_note()}, back;

    (void)state;
    e.freeze_note.since_ms = 0;
    assert_err(image_of_environment(&e, &image), KW_EINVAL);
    memset(&e.freeze_note, 0, sizeof e.freeze_note);
    assert_ok(image_of_environment(&e, &image));
    assert_int_equal(image.p[0], 1); /* as it was before there were notes */
    image.p[0] = 2;
    buf_add(&image, (char[11]){0}, 11);
    assert_err(image_read_environment(buf_view(&image), &back), KW_EDAMAGED);
    buf_deinit(&image);
}

static void a_frozen_account_and_environment_come_back_as_they_were(void **state)
{
    struct buf image = BUF_MAX(4096);
    struct account a = {.slot = 1, .version = 2, .id = "acme", .name = "Acme", .frozen = FREEZE_ALL},
                   b;
    struct environment e = {.slot = KW_PRODUCTION, .version = 7, .frozen = FREEZE_ALL}, f;

    (void)state;
    assert_ok(image_of_account(&a, &image));
    assert_ok(image_read_account(buf_view(&image), &b));
    assert_memory_equal(&a, &b, sizeof a);
    buf_clear(&image);
    assert_ok(image_of_environment(&e, &image));
    assert_ok(image_read_environment(buf_view(&image), &f));
    assert_memory_equal(&e, &f, sizeof e);
    assert_err(image_read_account(buf_view(&image), &b), KW_EDAMAGED);
    buf_deinit(&image);
}

/* Each default says whether it is there; the image of an account without any is what it always was. */
static void the_limits_of_new_keys_come_back_as_they_were(void **state)
{
    struct buf image = BUF_MAX(4096);
    struct account a = {.slot = 1, .version = 2, .id = "acme", .name = "Acme"}, b;

    (void)state;
    assert_ok(limit_defaults_read(STR("all quota none\nfull_access rate 5/s:9\n"), &a.limit_defaults));
    assert_ok(image_of_account(&a, &image));
    assert_int_equal(image.p[0], 4);
    assert_ok(image_read_account(buf_view(&image), &b));
    assert_memory_equal(&a.limit_defaults, &b.limit_defaults, sizeof a.limit_defaults);
    image.p[image.n - 1] = 1; /* the window of a quota that is not there */
    assert_err(image_read_account(buf_view(&image), &b), KW_EDAMAGED);
    buf_clear(&image);
    a.limit_defaults = (struct limit_defaults){0};
    assert_ok(image_of_account(&a, &image));
    assert_int_equal(image.p[0], 1);
    buf_deinit(&image);
}

static void a_policy_comes_back_as_it_was(void **state)
{
    struct buf image = BUF_MAX(4096);
    struct str document;
    uint32_t version;

    (void)state;
    assert_ok(image_of_policy(9, STR("{\"read\":[]}"), &image));
    assert_ok(image_read_policy(buf_view(&image), &version, &document));
    assert_int_equal(version, 9);
    assert_str(document, STR("{\"read\":[]}"));
    buf_deinit(&image);
}

static void a_token_comes_back_as_it_was(void **state)
{
    struct buf image = BUF_MAX(4096);
    struct token t = room_pass("7Q2mK4T9xJ1aBd", "1Q2mK4T9xJ1aMe"), back;

    (void)state;
    t.slot = 3;
    t.version = 2;
    t.member_slot = 9;
    assert_ok(image_of_token(&t, &image));
    assert_ok(image_read_token(buf_view(&image), &back));
    assert_memory_equal(&t, &back, sizeof t);
    assert_err(image_read_key(buf_view(&image), &(struct grant){0}), KW_EDAMAGED);
    image.n--;
    assert_err(image_read_token(buf_view(&image), &back), KW_EDAMAGED);
    buf_deinit(&image);
}

static void a_member_comes_back_without_what_is_secret(void **state)
{
    struct buf image = BUF_MAX(4096);
    struct member m = room_person("7Q2mK4T9xJ1aBd"), back;

    (void)state;
    m.slot = 3;
    m.version = 2;
    m.link = LINK_RESET;
    m.link_digest[5] = 1;
    m.link_ends_ms = 77;
    m.is_operator = true;
    assert_ok(image_of_member(&m, &image));
    assert_ok(image_read_member(buf_view(&image), &back));
    memset(m.password, 0, sizeof m.password);
    memset(m.totp, 0, sizeof m.totp);
    memset(m.recovery, 0, sizeof m.recovery);
    assert_memory_equal(&m, &back, sizeof m);
    image.p[image.n - 1 - 8 - 32] = 9; /* a kind of link that there is not */
    assert_err(image_read_member(buf_view(&image), &back), KW_EDAMAGED);
    buf_deinit(&image);
}

static void an_image_is_appended_to_what_is_there(void **state)
{
    struct buf image = BUF_MAX(4096);
    struct grant g = full_grant(), back;

    (void)state;
    buf_str(&image, STR("before"));
    assert_ok(image_of_key(&g, &image));
    assert_true(str_starts(buf_view(&image), STR("before")));
    assert_ok(image_read_key((struct str){image.p + 6, image.n - 6}, &back));
    buf_deinit(&image);
}

static void an_image_of_one_kind_is_not_read_as_another(void **state)
{
    struct buf image = BUF_MAX(4096);
    struct grant g = full_grant();
    struct account a;
    struct str document;
    uint32_t version;

    (void)state;
    assert_ok(image_of_key(&g, &image));
    assert_err(image_read_account(buf_view(&image), &a), KW_EDAMAGED);
    assert_err(image_read_policy(buf_view(&image), &version, &document), KW_EDAMAGED);
    buf_deinit(&image);
}

static void an_image_of_another_format_says_so(void **state)
{
    struct buf image = BUF_MAX(4096);
    struct grant g = full_grant();

    (void)state;
    assert_ok(image_of_key(&g, &image));
    image.p[0] = 4;
    assert_err(image_read_key(buf_view(&image), &g), KW_EFORMAT);
    image.p[0] = 0;
    assert_err(image_read_key(buf_view(&image), &g), KW_EFORMAT);
    buf_deinit(&image);
}

static void an_image_cut_short_or_with_more_behind_it_is_damaged(void **state)
{
    struct buf image = BUF_MAX(4096);
    struct grant g = full_grant(), untouched = {.slot = 99};

    (void)state;
    assert_ok(image_of_key(&g, &image));
    for (size_t n = 0; n < image.n; n++)
        assert_err(image_read_key((struct str){image.p, n}, &untouched), KW_EDAMAGED);
    buf_add(&image, "", 1);
    assert_err(image_read_key(buf_view(&image), &untouched), KW_EDAMAGED);
    assert_int_equal(untouched.slot, 99);
    buf_deinit(&image);
}

/* Every changed byte makes another key, or none: no byte is without meaning. */
static void every_byte_of_an_image_counts(void **state)
{
    struct buf image = BUF_MAX(4096), again = BUF_MAX(4096);
    struct grant g = full_grant(), back;

    (void)state;
    assert_ok(image_of_key(&g, &image));
    for (size_t i = 0; i < image.n; i++) {
        image.p[i] = (char)(image.p[i] ^ 0x10);
        if (image_read_key(buf_view(&image), &back) == KW_OK) {
            assert_ok(image_of_key(&back, &again));
            assert_str(buf_view(&again), buf_view(&image));
            assert_memory_not_equal(&g, &back, sizeof g);
            again.n = 0;
        }
        image.p[i] = (char)(image.p[i] ^ 0x10);
    }
    buf_deinit(&image);
    buf_deinit(&again);
}

static void no_environment(struct grant *g)
{
    g->environment = KW_NO_ENVIRONMENT;
}
static void no_permission(struct grant *g)
{
    g->permissions = 0;
}
static void unknown_permission(struct grant *g)
{
    g->permissions = 16;
}
static void too_many_rules(struct grant *g)
{
    g->n_rules = ADDRESS_RULES_MAX + 1;
}
static void a_rule_about_nothing(struct grant *g)
{
    g->rules[0].classes = 0;
}
static void a_long_prefix(struct grant *g)
{
    g->rules[0].prefix = 129;
}
static void a_short_id(struct grant *g)
{
    g->id[13] = '\0';
}
static void an_endless_id(struct grant *g)
{
    g->id[14] = 'x';
}
static void an_endless_name(struct grant *g)
{
    memset(g->name, 'x', sizeof g->name);
}
static void an_endless_account(struct grant *g)
{
    memset(g->account, 'x', sizeof g->account);
}
static void an_endless_maker(struct grant *g)
{
    memset(g->created_by, 'x', sizeof g->created_by);
}

static const struct odd {
    const char *why;
    void (*make)(struct grant *g);
} odd[] = {
    {"no environment", no_environment},
    {"no permission", no_permission},
    {"an unknown permission", unknown_permission},
    {"more rules than there is room for", too_many_rules},
    {"a rule about no class", a_rule_about_nothing},
    {"a prefix of 129 bits", a_long_prefix},
    {"an id that is too short", a_short_id},
    {"an id without an end", an_endless_id},
    {"a name without an end", an_endless_name},
    {"an account without an end", an_endless_account},
    {"a maker without an end", an_endless_maker},
};

static void what_cannot_be_a_key_has_no_image(void **state)
{
    const struct odd *row = *state;
    struct buf image = BUF_MAX(4096);
    struct grant g = full_grant();

    row->make(&g);
    assert_err(image_of_key(&g, &image), KW_EINVAL);
    assert_int_equal(image.n, 0);
    buf_deinit(&image);
}

int main(void)
{
    SUITE_TEST(a_key_comes_back_as_it_was);
    SUITE_TEST(an_account_comes_back_as_it_was);
    SUITE_TEST(a_key_without_what_was_added_later_has_the_first_image);
    SUITE_TEST(why_something_is_frozen_comes_back);
    SUITE_TEST(a_note_without_a_moment_is_none);
    SUITE_TEST(a_frozen_account_and_environment_come_back_as_they_were);
    SUITE_TEST(the_limits_of_new_keys_come_back_as_they_were);
    SUITE_TEST(a_policy_comes_back_as_it_was);
    SUITE_TEST(a_token_comes_back_as_it_was);
    SUITE_TEST(a_member_comes_back_without_what_is_secret);
    SUITE_TEST(an_image_is_appended_to_what_is_there);
    SUITE_TEST(an_image_of_one_kind_is_not_read_as_another);
    SUITE_TEST(an_image_of_another_format_says_so);
    SUITE_TEST(an_image_cut_short_or_with_more_behind_it_is_damaged);
    SUITE_TEST(every_byte_of_an_image_counts);
    SUITE_ROWS(what_cannot_be_a_key_has_no_image, odd);
    return suite_run("store/image");
}
