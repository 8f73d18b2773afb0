/* finding.c - a finding as bytes, and what is refused as one. */
#include "core/finding.h"

#include "suite.h"

static struct finding sample(void)
{
    struct finding f = {.detector = DETECT_USAGE_SPIKE,
                        .subject = "7Q2mK4T9xJ1aBd",
                        .key_id = "7Q2mK4T9xJ1aBd",
                        .account = "acme",
                        .environment = KW_PRODUCTION,
                        .began_us = 1000,
                        .found_us = 2000,
                        .request_id = {1, 2, 3}};

    finding_number(&f, "requests", 4800);
    finding_number(&f, "change", -5);
    finding_text(&f, "country", STR("NG"));
    return f;
}

static void what_was_written_is_read_back(void **state)
{
    uint8_t bytes[FINDING_MAX], again[FINDING_MAX];
    struct finding f = sample(), back;

    (void)state;
    size_t n = finding_encode(&f, bytes);
    assert_ok(finding_decode((struct str){(char *)bytes, n}, &back));
    assert_int_equal(finding_encode(&back, again), n);
    assert_memory_equal(bytes, again, n);
    assert_string_equal(back.facts[2].text, "NG");
    assert_int_equal(back.facts[1].number, -5);
}

static void the_longest_finding_fits(void **state)
{
    static const char wide[] =
        "1234567890123456789012345678901234567890123456789012345678901234567890";
    uint8_t bytes[FINDING_MAX];
    struct finding f = sample(), back;

    (void)state;
    memcpy(f.subject, wide, FINDING_SUBJECT_MAX);
    memcpy(f.account, wide, KW_ACCOUNT_MAX);
    for (int i = 0; i < 20; i++)
        finding_text(&f, wide, str_from(wide));
    assert_int_equal(f.n_facts, FINDING_FACTS_MAX);
    assert_int_equal(strlen(f.facts[7].text), FACT_TEXT_MAX);
    assert_int_equal(strlen(f.facts[7].name), FACT_NAME_MAX);
    size_t n = finding_encode(&f, bytes);
    assert_ok(finding_decode((struct str){(char *)bytes, n}, &back));
    assert_string_equal(back.account, f.account);
}

static void text_that_is_none_is_replaced(void **state)
{
    struct finding f = {.n_facts = 0};

    (void)state;
    finding_text(&f, "agent", STR("a\nb"));
    finding_text(&f, "agent", STR("\xff"));
    finding_text(&f, "agent", STR(""));
    for (size_t i = 0; i < f.n_facts; i++)
        assert_string_equal(f.facts[i].text, "?");
}

static void every_cut_and_every_surplus_is_refused(void **state)
{
    uint8_t bytes[FINDING_MAX + 1] = {0};
    struct finding f = sample(), back;

    (void)state;
    size_t n = finding_encode(&f, bytes);
    for (size_t i = 0; i < n; i++)
        assert_err(finding_decode((struct str){(char *)bytes, i}, &back), KW_EDAMAGED);
    assert_err(finding_decode((struct str){(char *)bytes, n + 1}, &back), KW_EDAMAGED);
    bytes[0] = 9;
    assert_err(finding_decode((struct str){(char *)bytes, n}, &back), KW_EFORMAT);
}

/* Whatever a byte is changed to: what is accepted is the same bytes when it is written again. */
static void every_changed_byte_is_refused_or_means_itself(void **state)
{
    uint8_t bytes[FINDING_MAX], again[FINDING_MAX];
    struct finding f = sample(), back;

    (void)state;
    size_t n = finding_encode(&f, bytes);
    for (size_t i = 0; i < n; i++)
        for (unsigned v = 0; v < 256; v++) {
            uint8_t was = bytes[i];
            bytes[i] = (uint8_t)v;
            if (finding_decode((struct str){(char *)bytes, n}, &back) == KW_OK) {
                assert_int_equal(finding_encode(&back, again), n);
                assert_memory_equal(bytes, again, n);
            }
            bytes[i] = was;
        }
}

int main(void)
{
    SUITE_TEST(what_was_written_is_read_back);
    SUITE_TEST(the_longest_finding_fits);
    SUITE_TEST(text_that_is_none_is_replaced);
    SUITE_TEST(every_cut_and_every_surplus_is_refused);
    SUITE_TEST(every_changed_byte_is_refused_or_means_itself);
    return suite_run("core/finding");
}
