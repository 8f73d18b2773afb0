/* notify.c - what comes out of the environment, and what a supervisor that is not there does: nothing. */
#include "base/notify.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "folder.h"
#include "suite.h"

static const struct watch {
    const char *why;
    const char *us, *pid;
    uint64_t want;
} watches[] = {
    {"none", NULL, NULL, 0},
    {"thirty seconds", "30000000", NULL, 30000000},
    {"of this process", "30000000", "self", 30000000},
    {"of another process", "30000000", "1", 0},
    {"no number", "soon", NULL, 0},
    {"negative", "-1", NULL, 0},
    {"too large", "99999999999999999999999", NULL, 0},
};

static void set(const char *name, const char *value)
{
    if (value == NULL)
        assert_int_equal(unsetenv(name), 0);
    else
        assert_int_equal(setenv(name, value, 1), 0);
}

static void notify_reads_how_often(void **state)
{
    const struct watch *row = *state;
    char self[16];

    snprintf(self, sizeof self, "%d", (int)getpid());
    bool is_self = row->pid != NULL && strcmp(row->pid, "self") == 0;
    set("WATCHDOG_USEC", row->us);
    set("WATCHDOG_PID", is_self ? self : row->pid);
    assert_true(notify_watchdog_us() == row->want);
}

static const struct nowhere {
    const char *why;
    const char *socket;
} nowheres[] = {
    {"not set", NULL},
    {"empty", ""},
    {"one letter", "/"},
    {"relative", "notify"},
    {"nobody there", "/nowhere/notify"},
    {"nobody there, abstract", "@keyward-nobody-listens-here"},
    {"longer than an address", "/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                               "xxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                               "xxxxxxxxxxxxxxxxxxxx"},
};

static void notify_goes_on_without_a_supervisor(void **state)
{
    const struct nowhere *row = *state;

    set("NOTIFY_SOCKET", row->socket);
    notify_send("READY=1");
}

static void notify_sends_one_datagram(void **state)
{
    struct folder f;
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    char text[64];

    (void)state;
    folder_make(&f);
    snprintf(a.sun_path, sizeof a.sun_path, "%.90s/notify", f.path);
    AUTO(file_closep) int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&a, sizeof a), 0);
    set("NOTIFY_SOCKET", a.sun_path);
    notify_send("READY=1\nSTATUS=x");
    assert_int_equal(recv(fd, text, sizeof text, MSG_DONTWAIT), 16);
    assert_memory_equal(text, "READY=1\nSTATUS=x", 16);
    folder_remove(&f);
}

int main(void)
{
    SUITE_ROWS(notify_reads_how_often, watches);
    SUITE_ROWS(notify_goes_on_without_a_supervisor, nowheres);
    SUITE_TEST(notify_sends_one_datagram);
    return suite_run("base/notify");
}
