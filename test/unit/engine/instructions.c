/* instructions.c - see instructions.h. Each pair of marks makes callgrind write one file, whose
 * totals are the count. */
#include "engine/instructions.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <valgrind/callgrind.h>

#include "base/buf.h"
#include "base/file.h"
#include "folder.h"

void instructions_begin(void)
{
    CALLGRIND_ZERO_STATS;
    CALLGRIND_TOGGLE_COLLECT;
}

void instructions_end(void)
{
    CALLGRIND_TOGGLE_COLLECT;
    CALLGRIND_DUMP_STATS;
}

static void run_counted(const char *out, const char *arg)
{
    char self[4096] = "", option[4200];

    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0)
        _exit(126);
    snprintf(option, sizeof option, "--callgrind-out-file=%s", out);
    execlp("valgrind", "valgrind", "--quiet", "--tool=callgrind", "--collect-atstart=no", option,
           self, "counted", arg, (char *)NULL);
    perror("valgrind");
    _exit(127);
}

static bool run(const char *out, const char *arg)
{
    int status;
    pid_t child = fork();

    if (child == 0)
        run_counted(out, arg);
    if (child < 0 || waitpid(child, &status, 0) != child || status == 0)
        return child > 0 && status == 0;
    fprintf(stderr, "the counted program ended with status %x\n", (unsigned)status);
    return false;
}

static bool read_totals(const char *path, uint64_t *count)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(1 << 24);
    static const char mark[] = "\ntotals: ";

    if (file_read(path, &text) != KW_OK)
        return false;
    const char *at = memmem(text.p, text.n, mark, strlen(mark));
    if (at == NULL)
        return false;
    struct str rest = {at + strlen(mark), text.n - (size_t)(at - text.p) - strlen(mark)}, digits;
    return str_cut(rest, '\n', &digits, &rest) && str_u64(digits, UINT64_MAX, count) == KW_OK;
}

bool instructions_count(const char *arg, uint64_t *counts, size_t n)
{
    struct folder folder;
    char path[4200];
    bool ok;

    folder_make(&folder);
    ok = run(folder_file(&folder, "out"), arg);
    for (size_t i = 0; ok && i < n; i++) {
        snprintf(path, sizeof path, "%s/out.%zu", folder.path, i + 1);
        ok = read_totals(path, &counts[i]);
    }
    folder_remove(&folder);
    return ok;
}
