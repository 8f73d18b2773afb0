/* reload.c - a program that runs for long: it begins without an authority, and opens the state anew on SIGHUP.
 *
 *     ./reload RUN-FOLDER            then lines of METHOD TARGET KEY on standard input; one answer for each
 *
 * New keys, revocations, policies and keyrings need none of this: an open engine sees them with its next decision. What
 * needs it is a run folder that was moved or replaced, and an engine that could not be opened so far. */
#include <keyward/keyward.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static volatile sig_atomic_t wants_reload;

static void on_hangup(int signal)
{
    (void)signal;
    wants_reload = 1;
}

/* The new engine first: as long as it cannot be opened, the old one goes on deciding. */
static void reopen(const char *run_folder, struct kw_engine **engine)
{
    struct kw_engine *fresh;

    enum kw_err err = kw_open(run_folder, &fresh);
    fprintf(stderr, "reload: %s: %s\n", run_folder, err == KW_OK ? "opened" : kw_strerror(err));
    if (err != KW_OK)
        return;
    kw_close(*engine);
    *engine = fresh;
}

/* While there is no engine, once a second and not once a request: opening costs what deciding does not. */
static void reopen_if_due(const char *run_folder, struct kw_engine **engine)
{
    static time_t tried_at;
    time_t now = time(NULL);

    if (!wants_reload && (*engine != NULL || now == tried_at))
        return;
    wants_reload = 0;
    tried_at = now;
    reopen(run_folder, engine);
}

static struct kw_str word(char **rest)
{
    const char *text = strsep(rest, " ");

    return text == NULL ? (struct kw_str){NULL, 0} : (struct kw_str){text, strlen(text)};
}

/* Without an engine this is a denial too: 503. */
static void answer(struct kw_engine *engine, char *line)
{
    struct kw_request request = {
        .source = {[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1}, /* 127.0.0.1 */
        .environment = KW_SANDBOX,
        .flags = KW_REQ_LOOPBACK,
    };
    struct kw_decision d;

    request.method = word(&line);
    request.target = word(&line);
    const struct kw_str key = word(&line);
    request.keys = &key;
    request.n_keys = key.n > 0;
    kw_authorize(engine, &request, &d);
    printf("%d %s\n", d.status, kw_reason_name(d.reason));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_handler = on_hangup, .sa_flags = SA_RESTART};
    struct kw_engine *engine = NULL;
    char *line = NULL;
    size_t cap = 0;

    if (argc != 2) {
        fprintf(stderr, "usage: reload RUN-FOLDER\n");
        return 64;
    }
    sigaction(SIGHUP, &action, NULL);
    reopen_if_due(argv[1], &engine);
    while (getline(&line, &cap, stdin) > 0) {
        line[strcspn(line, "\n")] = '\0';
        reopen_if_due(argv[1], &engine);
        answer(engine, line);
    }
    free(line);
    kw_close(engine);
    return 0;
}
