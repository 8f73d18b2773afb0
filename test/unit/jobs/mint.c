/* mint.c - tokens follow from one another, and from nothing else. */
#include "jobs/mint.h"

#include "suite.h"

struct shop {
    struct mint mint;
    struct family family;
    struct secret_text first;
};

static void open_shop(struct shop *s)
{
    const struct secret key = {{7}};

    *s = (struct shop){.mint.brand = STR("mk"), .family.environment = KW_SANDBOX};
    assert_ok(sealer_new(&key, &s->mint.sealer));
    assert_ok(mint_first(&s->mint, &s->family, &s->first));
}

static void close_shop(struct shop *s)
{
    sealer_free(s->mint.sealer);
}

static void step(struct shop *s, struct secret_text *at)
{
    struct secret_text next = *at;
    struct family_pair pair;

    if (s->family.refreshes++ > 0)
        assert_ok(mint_next(&s->mint, &s->family, at, &next));
    assert_ok(mint_pair(&s->mint, &s->family, &next, &pair));
    memcpy(s->family.refresh_digest, pair.refresh_digest, sizeof pair.refresh_digest);
    *at = next;
}

static void a_pair_has_the_form_of_keys_and_the_id_of_its_family(void **state)
{
    struct secret_text access;
    struct key key;
    struct shop s;

    (void)state;
    open_shop(&s);
    assert_ok(mint_access(&s.mint, &s.family, &s.first, &access));
    assert_ok(key_parse_token(secret_text_view(&s.first), STR("mk"), KEY_REFRESH, &key));
    assert_str(key.id, str_from(s.family.id));
    assert_ok(key_parse_token(secret_text_view(&access), STR("mk"), KEY_ACCESS, &key));
    assert_err(key_parse(secret_text_view(&access), STR("mk"), &key), KW_ESYNTAX);
    assert_err(key_parse_token(secret_text_view(&access), STR("mk"), KEY_REFRESH, &key), KW_ESYNTAX);
    close_shop(&s);
}

static bool same(const struct secret_text *a, const struct secret_text *b)
{
    return a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
}

static void what_follows_is_always_the_same_and_hangs_on_key_and_nonce(void **state)
{
    struct secret_text one, two;
    struct shop s, other;

    (void)state;
    open_shop(&s);
    open_shop(&other);
    assert_ok(mint_next(&s.mint, &s.family, &s.first, &one));
    assert_ok(mint_next(&s.mint, &s.family, &s.first, &two));
    assert_true(same(&one, &two));
    s.family.nonce[0] ^= 1;
    assert_ok(mint_next(&s.mint, &s.family, &s.first, &two));
    assert_false(same(&one, &two));
    sealer_free(s.mint.sealer);
    s.family.nonce[0] ^= 1;
    assert_ok(sealer_new(&(struct secret){{8}}, &s.mint.sealer));
    assert_ok(mint_next(&s.mint, &s.family, &s.first, &two));
    assert_false(same(&one, &two));
    close_shop(&s);
    close_shop(&other);
}

static void D17_a_used_refresh_token_is_known_again_and_a_guess_is_not(void **state)
{
    struct secret_text at[FAMILY_ANCESTORS + 3];
    uint32_t age;
    struct shop s;

    (void)state;
    open_shop(&s);
    at[0] = s.first;
    step(&s, &at[0]);
    for (size_t i = 1; i < COUNT_OF(at); i++) {
        at[i] = at[i - 1];
        step(&s, &at[i]);
    }
    for (size_t back = 0; back <= FAMILY_ANCESTORS; back++) {
        assert_ok(mint_age(&s.mint, &s.family, &at[COUNT_OF(at) - 1 - back], &age));
        assert_int_equal(age, back);
    }
    assert_err(mint_age(&s.mint, &s.family, &at[0], &age), KW_ENOTFOUND);
    at[COUNT_OF(at) - 1].p[30] ^= 1;
    assert_err(mint_age(&s.mint, &s.family, &at[COUNT_OF(at) - 1], &age), KW_ENOTFOUND);
    close_shop(&s);
}

int main(void)
{
    SUITE_TEST(a_pair_has_the_form_of_keys_and_the_id_of_its_family);
    SUITE_TEST(what_follows_is_always_the_same_and_hangs_on_key_and_nonce);
    SUITE_TEST(D17_a_used_refresh_token_is_known_again_and_a_guess_is_not);
    return suite_run("jobs/mint");
}
