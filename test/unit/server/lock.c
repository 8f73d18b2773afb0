/* lock.c - one holder of a state folder at a time, known by its process id. */
#include "server/lock.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "folder.h"
#include "suite.h"

static void lock_is_held_once_and_names_its_holder(void **state)
{
    unsigned holder = 0;
    struct folder f;
    int first = -1, second = -1;

    (void)state;
    folder_make(&f);
    assert_ok(lock_take(folder_file(&f, "lock"), &first, &holder));
    assert_err(lock_take(folder_file(&f, "lock"), &second, &holder), KW_EBUSY);
    assert_int_equal(holder, getpid());
    assert_int_equal(second, -1);
    close(first);
    assert_ok(lock_take(folder_file(&f, "lock"), &second, &holder));
    close(second);
    folder_remove(&f);
}

/* With the older kind of lock, closing any descriptor of the file would give it up. */
static void lock_survives_that_somebody_reads_the_file(void **state)
{
    unsigned holder = 0;
    struct folder f;
    int first = -1, second = -1;

    (void)state;
    folder_make(&f);
    assert_ok(lock_take(folder_file(&f, "lock"), &first, &holder));
    close(open(folder_file(&f, "lock"), O_RDONLY));
    assert_err(lock_take(folder_file(&f, "lock"), &second, &holder), KW_EBUSY);
    close(first);
    folder_remove(&f);
}

static void lock_ends_with_its_process(void **state)
{
    unsigned holder = 0;
    struct folder f;
    int fd = -1, status;

    (void)state;
    folder_make(&f);
    const char *path = folder_file(&f, "lock");
    pid_t child = fork();
    if (child == 0)
        _exit(lock_take(path, &fd, &holder) == KW_OK ? 0 : 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_ok(lock_take(path, &fd, &holder));
    close(fd);
    folder_remove(&f);
}

static void lock_says_when_there_is_no_folder(void **state)
{
    unsigned holder = 0;
    struct folder f;
    int fd = -1;

    (void)state;
    folder_make(&f);
    assert_err(lock_take(folder_file(&f, "none/lock"), &fd, &holder), KW_ENOTFOUND);
    folder_remove(&f);
}

int main(void)
{
    SUITE_TEST(lock_is_held_once_and_names_its_holder);
    SUITE_TEST(lock_survives_that_somebody_reads_the_file);
    SUITE_TEST(lock_ends_with_its_process);
    SUITE_TEST(lock_says_when_there_is_no_folder);
    return suite_run("server/lock");
}
