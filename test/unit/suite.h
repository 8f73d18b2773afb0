/* suite.h - how a unit test lists its tests: functions, and tables in which each row counts as a
 * test.
 *
 *     static void key_print_round_trips(void **state) { … }
 *     static const struct reject { const char *why; struct str text; } rejects[] = { … };
 *     static void key_parse_rejects(void **state) { const struct reject *row = *state; … }
 *
 *     int main(void)
 *     {
 *         SUITE_TEST(key_print_round_trips);
 *         SUITE_ROWS(key_parse_rejects, rejects);      (a row begins with its name: const char
 * *why) return suite_run("core/key");
 *     }
 *
 * A test that shows a case of SECURITY_CASES carries its id in front: D3_key_parse_rejects. A test
 * that leaves a file descriptor open fails. */
#ifndef TEST_SUITE_H
#define TEST_SUITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"

/* why NULL: the test has no rows. */
void suite_add(const char *name, const char *why, CMUnitTestFunction run, const void *row);
int suite_run(const char *group);

#define SUITE_TEST(function) suite_add(#function, NULL, function, NULL)
#define SUITE_ROWS(function, rows)                                       \
    do {                                                                 \
        for (size_t i_ = 0; i_ < COUNT_OF(rows); i_++)                   \
            suite_add(#function, (rows)[i_].why, function, &(rows)[i_]); \
    } while (0)

#define assert_ok(call)       assert_int_equal((call), KW_OK)
#define assert_err(call, err) assert_int_equal((call), (err))
#define assert_str(got, want)                          \
    do {                                               \
        struct str got_ = (got), want_ = (want);       \
        assert_int_equal(got_.n, want_.n);             \
        assert_memory_equal(got_.p, want_.p, want_.n); \
    } while (0)

#endif
