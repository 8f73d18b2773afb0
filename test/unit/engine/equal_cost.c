/* equal_cost.c - an unknown id costs what a known one costs: the time of an answer tells nobody which ids exist. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/instructions.h"
#include "engine/world.h"
#include "suite.h"

/* The first ids warm up: a thread's first digest costs more. */
enum { WARM_UP = 2, IDS = WARM_UP + 60, ROOM = 511 };

struct stranger {
    struct world world;
    struct kw_engine *engine;
    struct world_ask ask;
    struct world_text text;
    char token[KEY_TOKEN_MAX];
    size_t token_len;
    struct kw_str bearer;
    uint64_t boot_us;
};

static void random_id(struct grant *g)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    for (size_t i = 0; i < KW_KEY_ID_LEN; i++)
        g->id[i] = digits[(size_t)random() % (sizeof digits - 1)];
}

static void put_others(struct stranger *s, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        struct grant g = world_grant(&s->world);
        random_id(&g);
        world_put(&s->world, &g);
    }
}

/* Each time the source has been quiet for a second, the writer is alive and the rings are empty:
 * nothing differs but what the test changes. Not inlined: it must not be compiled twice. */
__attribute__((noinline)) static enum kw_reason ask(struct stranger *s)
{
    struct kw_decision d = {0};
    char body[KW_BODY_MAX];

    s->boot_us += 1000000;
    keyring_beat(s->world.writer, s->boot_us, WORLD_WALL_MS * 1000);
    world_drain(&s->world);
    instructions_begin();
    enum kw_err err = kw_authorize_at(s->engine, &s->ask.request, s->boot_us, &d);
    kw_answer_body(&d, &s->ask.request, body);
    instructions_end();
    return err == KW_OK ? d.reason : KW_WHY_UNAVAILABLE;
}

static void print_token(struct stranger *s, const struct grant *g, struct str secret)
{
    s->token_len =
        key_print_token(STR("mk"), KEY_ACCESS, g->environment, str_from(g->id), secret, s->token);
    s->bearer = (struct kw_str){s->token, s->token_len};
    s->ask.request.n_keys = 0;
    s->ask.request.bearers = &s->bearer;
    s->ask.request.n_bearers = 1;
}

/* The same wrong token twice: its family is nobody's, then somebody's. */
static int ask_with_tokens(struct stranger *s)
{
    struct grant owner = world_grant(&s->world);

    world_put(&s->world, &owner);
    for (int i = 0; i < IDS; i++) {
        struct grant g = owner;
        random_id(&g);
        struct family f = {.slot = (uint32_t)i + 1,
                           .version = 1,
                           .key_slot = owner.slot,
                           .permissions = KW_READ_ONLY,
                           .state = FAMILY_ACTIVE,
                           .access_ends_ms = INT64_MAX / 2,
                           .access_digest = {1}};
        memcpy(f.id, g.id, sizeof f.id);
        print_token(s, &g, STR("aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6gH9jK2mN5p"));
        if (ask(s) != KW_WHY_UNKNOWN_KEY)
            return 3;
        if (keyring_put_family(s->world.writer, &f) != KW_OK)
            return 5;
        if (ask(s) != KW_WHY_WRONG_SECRET)
            return 4;
    }
    return 0;
}

/* The same wrong key twice: first nobody has its id, then somebody. */
static int ask_before_and_after(struct stranger *s)
{
    for (int i = 0; i < IDS; i++) {
        struct grant g = world_grant(&s->world);
        random_id(&g);
        s->text = world_text(&g, 3);
        if (ask(s) != KW_WHY_UNKNOWN_KEY)
            return 3;
        world_put(&s->world, &g);
        if (ask(s) != KW_WHY_WRONG_SECRET)
            return 4;
    }
    return 0;
}

static int counted(uint32_t n_others, bool has_token)
{
    static struct stranger s;

    srandom(4);
    world_make_of(&s.world, &(struct world_sizes){ROOM, {64, 64}});
    s.boot_us = WORLD_BOOT_US;
    put_others(&s, n_others);
    world_ask(&s.ask, &s.text);
    s.ask.key.n = world_text(&(struct grant){.id = "00000000000000"}, 1).n; /* of all */
    s.engine = world_open(&s.world);
    int result = has_token ? ask_with_tokens(&s) : ask_before_and_after(&s);
    kw_close(s.engine);
    world_clear(&s.world);
    return result;
}

static const struct crowd {
    const char *why, *n_others;
} crowds[] = {
    {"few keys", "0"}, {"an index that is as full as it gets", "448"}, {"access tokens", "t0"}};

static void D4_unknown_id_and_wrong_secret_take_the_same_instructions(void **state)
{
    const struct crowd *row = *state;
    uint64_t counts[IDS][2] = {{0}};
    int n_different = 0;

    assert_true(instructions_count(row->n_others, counts[0], sizeof counts / sizeof counts[0][0]));
    for (size_t i = WARM_UP; i < IDS; i++) {
        assert_true(counts[i][0] > 1000);
        if (counts[i][0] == counts[i][1])
            continue;
        n_different++;
        print_error("unknown id: %" PRIu64 " instructions, wrong secret: %" PRIu64 "\n",
                    counts[i][0], counts[i][1]);
    }
    assert_int_equal(n_different, 0);
}

int main(int argc, char **argv)
{
    if (argc == 3)
        return counted((uint32_t)strtoul(argv[2] + (argv[2][0] == 't'), NULL, 10), argv[2][0] == 't');
    SUITE_ROWS(D4_unknown_id_and_wrong_secret_take_the_same_instructions, crowds);
    return suite_run("engine/equal_cost");
}
