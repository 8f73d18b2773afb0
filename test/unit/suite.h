/* suite.h - how a unit test lists its tests: functions, and tables in which each row counts as a test.
 *
 *     static void key_print_round_trips(void **state) { … }
 *     static const struct reject { const char *why; struct str text; } rejects[] = { … };
 *     static void key_parse_rejects(void **state) { const struct reject *row = *state; … }
 *
 *     int main(void)
 *     {
 *         SUITE_TEST(key_print_round_trips);
 *         SUITE_ROWS(key_parse_rejects, rejects);      (a row begins with its name: const char *why)
 *         return suite_run("core/key");
 *     }
 *
 * A test that shows a case of SECURITY_CASES carries its id in front: D3_key_parse_rejects. A test that leaves a file
 * descriptor open fails. */
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
void suite_add_rows(const char *name, CMUnitTestFunction run, const void *rows, size_t row_size,
                    size_t n);
int suite_run(const char *group);

/* Leaves a test that cannot be made here, and says why: "# skipped: …" in its TAP. */
void suite_skip(const char *reason) __attribute__((noreturn));

/* Under which sanitizer this is built, for the few tests that cannot work there. */
#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define SUITE_TSAN 1
#else
#define SUITE_TSAN 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define SUITE_ASAN 1
#else
#define SUITE_ASAN 0
#endif

#define SUITE_TEST(function) suite_add(#function, NULL, function, NULL)
#define SUITE_ROWS(function, rows) \
    suite_add_rows(#function, function, rows, sizeof(rows)[0], COUNT_OF(rows))

#define assert_ok(call)       assert_int_equal((call), KW_OK)
#define assert_err(call, err) assert_int_equal((call), (err))
#define assert_str(got, want)                          \
    do {                                               \
        struct str got_ = (got), want_ = (want);       \
        assert_int_equal(got_.n, want_.n);             \
        assert_memory_equal(got_.p, want_.p, want_.n); \
    } while (0)

#endif
