/* main.c - sandbox-api: its options, its start and its end. */
#include <getopt.h>
#include <keyward/version.h>
#include <signal.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/log.h"
#include "crypto/random.h"
#include "sandbox/http.h"
#include "sandbox/money.h"

static const char help[] =
    "sandbox-api --socket PATH [--mode 0660] [--seed-balance 100000.00]\n"
    "\n"
    "The wallet API of Keyward's quick start: it answers like Monei's, with money that exists "
    "nowhere else.\n"
    "It listens on a unix socket behind nginx with Keyward's module, which tells it whose key a "
    "request\n"
    "carries, and keeps everything in memory until it is stopped (SIGTERM).\n"
    "\n"
    "  --socket PATH          where to listen\n"
    "  --mode OCTAL           who may connect: permissions of the socket (0660)\n"
    "  --seed-balance NAIRA   what each account has to begin with (100000.00)\n"
    "  --help                 print this\n"
    "  --version              print the version\n";

struct options {
    const char *socket;
    mode_t mode;
    int64_t opening;
};

static bool mode_parse(struct str text, mode_t *out)
{
    mode_t mode = 0;

    if (text.n < 3 || text.n > 4 || !str_only(text, "01234567"))
        return false;
    for (size_t i = 0; i < text.n; i++)
        mode = mode << 3 | (mode_t)(text.p[i] - '0');
    if (mode > 0777)
        return false;
    *out = mode;
    return true;
}

static int misused(const char *sentence)
{
    fprintf(stderr, "sandbox-api: %s; see sandbox-api --help\n", sentence);
    return EX_USAGE;
}

/* -1: go on; else the exit status. */
static int option_read(int option, struct options *o)
{
    switch (option) {
    case 's':
        o->socket = optarg;
        return -1;
    case 'm':
        return mode_parse(str_from(optarg), &o->mode)
                   ? -1
                   : misused("--mode takes permissions like 0660");
    case 'b':
        return money_parse(str_from(optarg), &o->opening) == KW_OK
                   ? -1
                   : misused("--seed-balance takes an amount of naira like 100000.00");
    case 'h':
        fputs(help, stdout);
        return EX_OK;
    case 'v':
        puts("sandbox-api " KEYWARD_VERSION);
        return EX_OK;
    default: /* getopt's '?' */
        return misused("an option is unknown or lacks its value");
    }
}

static int options_read(int argc, char **argv, struct options *o)
{
    static const struct option known[] = {{"socket", required_argument, NULL, 's'},
                                          {"mode", required_argument, NULL, 'm'},
                                          {"seed-balance", required_argument, NULL, 'b'},
                                          {"help", no_argument, NULL, 'h'},
                                          {"version", no_argument, NULL, 'v'},
                                          {0}};
    int option;

    opterr = 0;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        int status = option_read(option, o);
        if (status >= 0)
            return status;
    }
    if (optind < argc)
        return misused("it takes options only");
    if (o->socket == NULL || o->socket[0] == '\0')
        return misused("--socket PATH is missing");
    return -1;
}

static int not_started(const struct options *o, enum kw_err err)
{
    if (err == KW_ERANGE)
        return misused("the path of --socket is too long for a socket");
    if (err == KW_EBUSY)
        log_error("sandbox-api: %s is in use by another process", o->socket);
    else if (err == KW_EEXISTS)
        log_error("sandbox-api: %s exists and is not a socket", o->socket);
    else
        log_error("sandbox-api: cannot listen on %s: %s", o->socket, kw_strerror(err));
    return err == KW_EBUSY ? EX_TEMPFAIL : EX_CANTCREAT;
}

static enum kw_err make_ledger(int64_t opening, struct ledger **out)
{
    uint8_t seed[LEDGER_SEED_LEN];

    TRY(random_bytes(seed, sizeof seed));
    return ledger_new(seed, opening, out);
}

/* The signals are blocked before there is a thread, so that only sigwait sees them. */
static int run(const struct options *o)
{
    AUTO(ledger_freep) struct ledger *ledger = NULL;
    AUTO(http_stopp) struct http *http = NULL;
    char opening[MONEY_TEXT_MAX];
    sigset_t ends;
    int got;

    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (make_ledger(o->opening, &ledger) != KW_OK) {
        log_error("sandbox-api: no memory or no random numbers");
        return EX_OSERR;
    }
    enum kw_err err = http_start(o->socket, o->mode, ledger, &http);
    if (err != KW_OK)
        return not_started(o, err);
    money_print(o->opening, opening);
    log_info("sandbox-api %s listens on %s; each account begins with %s NGN", KEYWARD_VERSION,
             o->socket, opening);
    sigwait(&ends, &got);
    return EX_OK;
}

int main(int argc, char **argv)
{
    struct options o = {.mode = 0660, .opening = INT64_C(10000000)};
    int status = options_read(argc, argv, &o);

    return status >= 0 ? status : run(&o);
}
