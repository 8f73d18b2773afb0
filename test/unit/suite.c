/* suite.c - see suite.h. */
#include "suite.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static struct CMUnitTest *tests;
static size_t n_tests;
static int open_before;

static int count_descriptors(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int n = 0;

    while (dir != NULL && readdir(dir) != NULL)
        n++;
    if (dir != NULL)
        closedir(dir);
    return n;
}

static int before(void **state)
{
    (void)state;
    open_before = count_descriptors();
    return 0;
}

static int after(void **state)
{
    (void)state;
    int n = count_descriptors();
    if (n > open_before)
        fprintf(stderr, "%d file descriptors left open\n", n - open_before);
    return n > open_before ? -1 : 0;
}

void suite_add(const char *name, const char *why, CMUnitTestFunction run, const void *row)
{
    struct CMUnitTest *more = realloc(tests, (n_tests + 1) * sizeof *tests);
    char *full;

    if (more == NULL || asprintf(&full, why == NULL ? "%s" : "%s: %s", name, why) < 0)
        abort();
    tests = more;
    tests[n_tests++] = (struct CMUnitTest){full, run, before, after, UNCONST(row)};
}

void suite_add_rows(const char *name, CMUnitTestFunction run, const void *rows, size_t row_size,
                    size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *row = (const char *)rows + i * row_size;
        const char *why;
        memcpy(&why, row, sizeof why);
        suite_add(name, why, run, row);
    }
}

void suite_skip(const char *reason)
{
    print_message("# skipped: %s\n", reason);
    skip();
    abort(); /* skip() jumps out of the test, but does not say so */
}

int suite_run(const char *group)
{
    int failed = _cmocka_run_group_tests(group, tests, n_tests, NULL, NULL);

    for (size_t i = 0; i < n_tests; i++)
        free(UNCONST(tests[i].name));
    free(tests);
    return failed == 0 ? 0 : 1;
}
