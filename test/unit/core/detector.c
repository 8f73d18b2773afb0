/* detector.c - words that are read back, sentences that can stand in a line. */
#include "core/detector.h"

#include "suite.h"

static void each_severity_is_read_back(void **state)
{
    enum severity s;

    (void)state;
    for (enum severity i = 0; i < N_SEVERITIES; i++) {
        assert_true(severity_parse(str_from(severity_word(i)), &s));
        assert_int_equal(s, i);
    }
    assert_false(severity_parse(STR("High"), &s));
    assert_false(severity_parse(STR(""), &s));
    assert_string_equal(severity_word(N_SEVERITIES), "");
}

static void each_detector_is_read_back(void **state)
{
    enum detector d;

    (void)state;
    for (enum detector i = 0; i < N_DETECTORS; i++) {
        assert_true(detector_parse(str_from(detector_word(i)), &d));
        assert_int_equal(d, i);
        assert_true(detector_severity(i) < N_SEVERITIES);
    }
    assert_false(detector_parse(STR("usage"), &d));
    assert_string_equal(detector_word(N_DETECTORS), "");
    assert_int_equal(detector_severity(N_DETECTORS), SEVERITY_LOW);
}

static void each_detector_says_what_to_do(void **state)
{
    (void)state;
    for (enum detector d = 0; d < N_DETECTORS; d++)
        assert_true(detector_advice(d)[0] != '\0');
    assert_string_equal(detector_advice(N_DETECTORS), "");
}

static void a_sentence_goes_on_from_a_word_before_it(void **state)
{
    (void)state;
    for (enum detector i = 0; i < N_DETECTORS; i++) {
        const char *s = detector_sentence(i);
        assert_true(s[0] >= 'a' && s[0] <= 'z');
        assert_true(s[strlen(s) - 1] != '.');
    }
    assert_string_equal(detector_sentence(N_DETECTORS), "");
}

int main(void)
{
    SUITE_TEST(each_severity_is_read_back);
    SUITE_TEST(each_detector_is_read_back);
    SUITE_TEST(each_detector_says_what_to_do);
    SUITE_TEST(a_sentence_goes_on_from_a_word_before_it);
    return suite_run("core/detector");
}
