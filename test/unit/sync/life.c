/* life.c - random lives of keys, through disks that are full, ends without a word and kills: nothing that the model denies is
 * allowed, at any moment. LIFE_SEED=n tries another life, LIFE_DEEDS=n a longer one. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "suite.h"
#include "sync/lives.h"

static unsigned number_of(const char *name, unsigned otherwise)
{
    const char *text = getenv(name);

    return text == NULL ? otherwise : (unsigned)strtoul(text, NULL, 10);
}

/* ---- deeds ---- */

static struct deed draw_deed(struct lives *l, unsigned thing)
{
    static const enum deed_kind of_account[] = {DEED_FREEZE, DEED_DISABLE, DEED_ENABLE, DEED_ENABLE};
    struct deed d = {.kind = (enum deed_kind)lives_draw(l, DEED_KINDS),
                     .value = (unsigned)lives_draw(l, 3),
                     .secret = ++l->n_secrets,
                     .now_ms = lives_now_ms(l)};

    if (thing == LIVES_ACCOUNT)
        d.kind = of_account[lives_draw(l, COUNT_OF(of_account))];
    if (thing == LIVES_ENVIRONMENT)
        d.kind = DEED_FREEZE;
    if (d.kind == DEED_REVOKE && lives_draw(l, 4) > 0) /* else few would live for long */
        d.kind = DEED_ROTATE;
    if (d.kind == DEED_FREEZE && thing >= LIVES_KEYS && lives_draw(l, 2) > 0)
        d.value = 0;
    return d;
}

static unsigned draw_thing(struct lives *l)
{
    return (unsigned)lives_draw(l, lives_draw(l, 4) > 0 ? LIVES_KEYS : LIVES_THINGS);
}

static void judge(struct lives *l, unsigned thing, const struct model *next, enum kw_err err)
{
    struct thing *t = &l->things[thing];

    t->was = t->is;
    t->is = *next;
    if (err == KW_OK)
        t->was = t->is;
    t->certainty = err == KW_OK ? SURE : err == KW_EUNSAVED ? BOTH : EITHER;
    t->waits = t->waits || err == KW_EUNSAVED;
}

/* Does one thing, in good weather or bad. What is not sure yet is left alone. */
static void act(struct lives *l, bool is_fair)
{
    unsigned thing = draw_thing(l);
    struct deed d = draw_deed(l, thing);
    const struct thing *t = &l->things[thing];
    struct model next = t->is;
    bool refused;

    if (t->certainty != SURE)
        return;
    bool may = model_do(&next, &d);
    enum kw_err err = lives_do(l, thing, &d, &refused);
    if (may && !refused && t->waits && err == KW_ECONFLICT)
        return;
    if (refused == may || (is_fair && may && err != KW_OK))
        fail_msg("seed %llu, deed %u: kind %d of %u came to %s, and %s", (unsigned long long)l->seed,
                 l->n_deeds, d.kind, thing, kw_err_name(err), may ? "may be done" : "may not");
    if (may)
        judge(l, thing, &next, err);
}

static void settle_all(struct lives *l, bool is_new)
{
    for (unsigned i = 0; i < LIVES_THINGS; i++)
        if (l->things[i].certainty != SURE || l->things[i].waits)
            lives_settle(l, i, is_new);
}

/* ---- what happens to them ---- */

static void wait_a_while(struct lives *l)
{
    static const int64_t minutes[] = {3, 17, 61, 17, 61, INT64_C(25) * 60, INT64_C(11) * 24 * 60};

    l->ahead_ms += minutes[lives_draw(l, COUNT_OF(minutes))] * 60000 + 7000;
}

static void fill_the_disk(struct lives *l)
{
    for (int i = 0; i < 3; i++) {
        house_disk_full(true);
        act(l, false);
        house_disk_full(false);
        lives_check(l);
    }
    assert_true(sync_tick(l->h.sync)); /* opens the database anew where that is needed, and saves */
    settle_all(l, false);
}

/* Without a word: what is not saved by then never is. Half of the time the keyring is gone too. */
static void end_serve(struct lives *l)
{
    house_disk_full(true);
    act(l, false);
    house_shut(&l->h);
    house_disk_full(false);
    if (lives_draw(l, 2) == 0) {
        unlink(house_file(&l->h, "keyring"));
        unlink(l->h.boot_file); /* else its changes wait for verifiers which could not know: 3 s each */
    }
    house_open(&l->h);
    settle_all(l, true);
}

/* ---- killed ---- */

/* What the one who is to be killed does: starts, and makes one change, and says that he did. */
static void live_until_killed(struct lives *l, unsigned thing, const struct deed *d, int out)
{
    bool refused;

    alarm(60); /* in case nobody is left to kill it */
    house_open(&l->h);
    char said = lives_do(l, thing, d, &refused) == KW_OK ? 'y' : 'n';
    if (write(out, &said, 1) != 1)
        _exit(1);
    for (;;)
        pause();
}

/* True: it said that the change was made. */
static bool kill_after(pid_t child, int in, unsigned us)
{
    char said = 'n';

    nanosleep(&(struct timespec){.tv_nsec = (long)us * 1000}, NULL);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    return read(in, &said, 1) == 1 && said == 'y';
}

static bool run_and_kill(struct lives *l, unsigned thing, const struct deed *d)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    house_shut(&l->h);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        live_until_killed(l, thing, d, ends[1]);
    close(ends[1]);
    bool done = kill_after(child, ends[0], (unsigned)lives_draw(l, 40000));
    close(ends[0]);
    return done;
}

static void kill_serve(struct lives *l)
{
    unsigned thing = draw_thing(l);
    struct deed d = draw_deed(l, thing);
    struct thing *t = &l->things[thing];
    struct model next = t->is;

    bool may = model_do(&next, &d);
    bool done = run_and_kill(l, thing, &d);
    if (may)
        judge(l, thing, &next, done ? KW_OK : KW_EIO);
    house_open(&l->h);
    settle_all(l, true);
}

/* ---- the lives ---- */

static void live_on(struct lives *l)
{
    uint64_t fate = lives_draw(l, 100);

    l->n_deeds++;
    if (fate < 15)
        wait_a_while(l);
    else if (fate < 18)
        fill_the_disk(l);
    else if (fate < 20)
        end_serve(l);
    else if (fate < 22)
        kill_serve(l);
    else
        act(l, true);
    lives_renew(l);
    lives_check(l);
}

static const struct life {
    const char *why;
    unsigned seed;
} lives[] = {{"life 1", 1}, {"life 2", 2}, {"life 3", 3}};

static void nothing_that_the_model_denies_is_allowed(void **state)
{
    const struct life *row = *state;
    unsigned n = number_of("LIFE_DEEDS", 400);
    static struct lives l;

    lives_make(&l, number_of("LIFE_SEED", row->seed));
    while (l.n_deeds < n)
        live_on(&l);
    assert_true(l.n_allowed > n && l.n_denied > n); /* both were tried, again and again */
    lives_clear(&l);
}

int main(void)
{
    SUITE_ROWS(nothing_that_the_model_denies_is_allowed, lives);
    return suite_run("sync/life");
}
