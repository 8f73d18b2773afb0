/* prefork.c - a program that forks: each child opens an engine of its own.
 *
 *     ./prefork RUN-FOLDER CHILDREN METHOD TARGET <KEY-FILE
 *
 * An engine belongs to the process that opened it. What a child inherits denies everything, so a child that forgets is
 * safe and useless; it closes the inherited one, which gives its memory back and leaves the parent's alone. */
#include <keyward/keyward.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct kw_str str(const char *text)
{
    return (struct kw_str){text, strlen(text)};
}

static void ask(const char *who, struct kw_engine *engine, const struct kw_request *request)
{
    struct kw_decision d;

    kw_authorize(engine, request, &d);
    printf("%s: %d %s\n", who, d.status, kw_reason_name(d.reason));
    fflush(stdout);
}

/* When many children begin at once there may be no free ring yet; `keyward serve` makes more within a second. */
static enum kw_err open_patiently(const char *run_folder, struct kw_engine **engine)
{
    enum kw_err err = kw_open(run_folder, engine);

    for (int tries = 0; err == KW_EFULL && tries < 50; tries++) {
        usleep(100000);
        err = kw_open(run_folder, engine);
    }
    return err;
}

static int child(const char *run_folder, struct kw_engine *inherited, const struct kw_request *request)
{
    struct kw_engine *engine;

    ask("child with its parent's engine", inherited, request);
    kw_close(inherited);
    enum kw_err err = open_patiently(run_folder, &engine);
    if (err != KW_OK) {
        fprintf(stderr, "prefork: %s: %s\n", run_folder, kw_strerror(err));
        return 75;
    }
    ask("child with an engine of its own", engine, request); /* here it would accept connections */
    kw_close(engine);
    return 0;
}

/* The worst exit status of all children. */
static int wait_for(int n)
{
    int worst = 0;

    for (int status; n > 0 && wait(&status) > 0; n--)
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            worst = WIFEXITED(status) ? WEXITSTATUS(status) : 70;
    return worst;
}

static int run(const char *run_folder, int n, const struct kw_request *request)
{
    struct kw_engine *engine;

    enum kw_err err =
        kw_open(run_folder, &engine); /* early, so that the operator sees what is wrong */
    if (err != KW_OK) {
        fprintf(stderr, "prefork: %s: %s\n", run_folder, kw_strerror(err));
        return 75;
    }
    for (int i = 0; i < n; i++) {
        pid_t pid = fork();
        if (pid == 0)
            _exit(child(run_folder, engine, request));
        if (pid < 0) {
            perror("prefork: fork");
            n = i;
        }
    }
    int worst = wait_for(n);
    ask("parent", engine, request);
    kw_close(engine);
    return worst;
}

int main(int argc, char **argv)
{
    char text[256] = "";

    if (argc != 5) {
        fprintf(stderr, "usage: prefork RUN-FOLDER CHILDREN METHOD TARGET <KEY-FILE\n");
        return 64;
    }
    if (fgets(text, sizeof text, stdin) != NULL)
        text[strcspn(text, "\n")] = '\0';
    const struct kw_str key = str(text);
    const struct kw_request request = {
        .method = str(argv[3]),
        .target = str(argv[4]),
        .keys = &key,
        .n_keys = key.n > 0,
        .source = {[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1}, /* 127.0.0.1 */
        .environment = KW_SANDBOX,
        .flags = KW_REQ_LOOPBACK,
    };
    return run(argv[1], (int)strtol(argv[2], NULL, 10), &request);
}
