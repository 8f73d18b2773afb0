/* memory.c - a store whose allocations fail, SQLite's and OpenSSL's too: nothing is half done, and it goes on afterwards. */
#include <stdio.h>
#include <unistd.h>

#include "alloc.h"
#include "base/file.h"
#include "store/migrate.h"
#include "store/room.h"
#include "suite.h"

static const char id_1[] = "1Q2mK4T9xJ1aBd", id_2[] = "2Q2mK4T9xJ1aBd",
                  member_id[] = "1Q2mK4T9xJ1aMe", token_id[] = "1Q2mK4T9xJ1aTo",
                  family_id[] = "1Q2mK4T9xJ1aFa";

/* ---- the schema ---- */

/* Each opening makes the whole schema once more, to compare: nine tenths of the time. Where opening is not what is tried, it is done
 * once in the beginning, and once in the end. */
static bool is_schema_known;

enum kw_err __real_schema_check(struct db *db, char why[WHY_MAX]);
enum kw_err __wrap_schema_check(struct db *db, char why[WHY_MAX]);

enum kw_err __wrap_schema_check(struct db *db, char why[WHY_MAX])
{
    return is_schema_known ? KW_OK : __real_schema_check(db, why);
}

/* ---- the scene ---- */

struct scene {
    struct room room;
    struct store *store;
    struct buf content;        /* what was loaded */
    struct buf database, head; /* as they were made */
    size_t n_seen;
    uint64_t lost;
};

/* Two changes: an account, and a key. */
static void make_scene(struct scene *s)
{
    *s = (struct scene){.content = BUF_MAX(4000)};
    room_make(&s->room);
    struct store *store = room_open(&s->room);
    room_key(store, id_1);
    store_close(store);
}

static void clear_scene(struct scene *s)
{
    buf_deinit(&s->content);
    buf_deinit(&s->database);
    buf_deinit(&s->head);
    room_clear(&s->room);
}

/* The database opens and holds, and ends with that entry. */
static void assert_sound(struct scene *s, uint64_t n_changes)
{
    struct store *store = room_open(&s->room);
    struct buf content = BUF_MAX(4000);

    assert_ok(room_load(store, &content, s->room.why));
    assert_int_equal(store_change_seq(store), n_changes);
    buf_deinit(&content);
    store_close(store);
}

/* ---- made ---- */

static void remove_database(void *ctx)
{
    struct scene *s = ctx;

    unlink(s->room.database);
    unlink(s->room.head);
}

static enum kw_err create(void *ctx)
{
    struct scene *s = ctx;

    return store_create(&s->room.paths, s->room.why);
}

static void look_at_created(void *ctx, enum kw_err err)
{
    struct scene *s = ctx;

    if (err != KW_OK) {
        assert_false(room_exists(s->room.database)); /* never half of one */
        assert_ok(create(s));
    }
    assert_sound(s, 0);
}

static void X8_create_leaves_no_half_of_a_database(void **state)
{
    struct scene s = {0};

    (void)state;
    alloc_or_skip();
    room_bare(&s.room);
    alloc_each(&(struct alloc_trial){remove_database, create, look_at_created, .is_sampled = true},
               &s);
    room_clear(&s.room);
}

/* ---- opened ---- */

static enum kw_err open_store(void *ctx)
{
    struct scene *s = ctx;

    return store_open(&s->room.paths, &s->store, s->room.why);
}

static void close_opened(void *ctx, enum kw_err err)
{
    struct scene *s = ctx;

    assert_int_equal(err == KW_OK, s->store != NULL);
    assert_true(err == KW_OK || s->room.why[0] != '\0');
    store_close(s->store);
    s->store = NULL;
}

static void X8_open_fails_as_a_whole(void **state)
{
    struct scene s;

    (void)state;
    alloc_or_skip();
    make_scene(&s);
    assert_in_range(
        alloc_each(
            &(struct alloc_trial){.call = open_store, .after = close_opened, .is_sampled = true}, &s),
        10, 40000);
    assert_sound(&s, 2);
    clear_scene(&s);
}

/* ---- changed ---- */

/* What is made once is put back before each trial: to make it takes longer than all the rest. */
static void keep_scene(struct scene *s)
{
    s->database = s->head = BUF_MAX(1 << 20);
    assert_ok(file_read(s->room.database, &s->database));
    assert_ok(file_read(s->room.head, &s->head));
}

static void put_back(struct scene *s)
{
    assert_false(room_exists(folder_file(&s->room.folder, "keyward.db-wal"))); /* it was closed */
    room_write(s->room.database, buf_view(&s->database));
    room_write(s->room.head, buf_view(&s->head));
}

/* The number that SQLite gives each state of a schema, in the header of the file. */
static void assert_same_schema(const struct scene *s)
{
    enum { AT = 40, N = 4 };
    struct buf now = BUF_MAX(1 << 20);

    assert_ok(file_read(s->room.database, &now));
    assert_memory_equal(now.p + AT, s->database.p + AT, N);
    buf_deinit(&now);
}

/* A store that has prepared nothing yet: the most that can fail. */
static void open_fresh(void *ctx)
{
    struct scene *s = ctx;

    put_back(s);
    s->store = room_open(&s->room);
}

static enum kw_err change_all(struct scene *s)
{
    const struct reply reply = {.key = STR("k"), .status = 201, .answer = STR("{}")};
    struct grant g = room_grant(id_2);
    struct member m = room_person(member_id);
    struct token t = room_pass(token_id, member_id);
    struct family f = room_family(family_id, id_1);
    uint32_t version;

    TRY(store_begin(s->store, STR("uid:0"), 1));
    TRY(store_put_member(s->store, &m));
    m.epoch++;
    TRY(store_put_member(s->store, &m));
    TRY(store_put_token(s->store, &t));
    TRY(store_put_reply(s->store, &reply));
    TRY(store_put_key(s->store, &g));
    g.state = KEY_REVOKED;
    TRY(store_put_key(s->store, &g));
    TRY(store_put_family(s->store, &f));
    TRY(store_put_policy(s->store, STR("read GET /me\n"), &version));
    return store_commit(s->store);
}

static enum kw_err change(void *ctx)
{
    struct scene *s = ctx;

    enum kw_err err = change_all(s);
    if (err != KW_OK && err != KW_EUNSAVED)
        store_rollback(s->store);
    return err;
}

/* Nothing of it is there, and the same store takes the same change now; or all of it is. */
static void look_at_change(void *ctx, enum kw_err err)
{
    struct scene *s = ctx;
    struct grant g;

    bool is_in = err == KW_OK || err == KW_EUNSAVED;
    assert_int_equal(store_change_seq(s->store), is_in ? 9 : 2);
    assert_err(store_key(s->store, str_from(id_2), NULL, &g), is_in ? KW_OK : KW_ENOTFOUND);
    if (!is_in)
        assert_ok(change(s));
    if (err == KW_EUNSAVED)
        assert_ok(store_save_head(s->store));
    store_close(s->store);
    assert_sound(s, 9);
    assert_same_schema(s);
}

static bool is_unsaved(enum kw_err err)
{
    return err == KW_EUNSAVED;
}

static void X8_a_change_is_whole_or_not_at_all(void **state)
{
    struct scene s;

    (void)state;
    alloc_or_skip();
    make_scene(&s);
    keep_scene(&s);
    is_schema_known = true;
    alloc_each(&(struct alloc_trial){open_fresh, change, look_at_change, is_unsaved}, &s);
    is_schema_known = false;
    assert_sound(&s, 9);
    clear_scene(&s);
}

/* ---- asked ---- */

static enum kw_err count_key(void *ctx, const struct grant *g)
{
    struct scene *s = ctx;

    s->n_seen += g->slot;
    return KW_OK;
}

static enum kw_err count_account(void *ctx, const struct account *a)
{
    struct scene *s = ctx;

    s->n_seen += a->slot;
    return KW_OK;
}

static enum kw_err count_member(void *ctx, const struct member *m)
{
    struct scene *s = ctx;

    s->n_seen += m->slot;
    return KW_OK;
}

static enum kw_err count_token(void *ctx, const struct token *t)
{
    struct scene *s = ctx;

    s->n_seen += t->slot;
    return KW_OK;
}

static enum kw_err count_change(void *ctx, const struct change *c)
{
    struct scene *s = ctx;

    s->n_seen += c->n;
    return KW_OK;
}

static enum kw_err load(struct scene *s)
{
    s->content.n = 0;
    return room_load(s->store, &s->content, s->room.why);
}

static enum kw_err ask_key(struct scene *s)
{
    struct grant g;

    TRY(store_key(s->store, str_from(id_1), "acme", &g));
    return store_key_in_slot(s->store, 1, &g);
}

static enum kw_err ask_account(struct scene *s)
{
    struct account a;

    TRY(store_account(s->store, STR("acme"), &a));
    return store_account_in_slot(s->store, 1, &a);
}

static enum kw_err ask_keys(struct scene *s)
{
    const struct store_key_filter f = {
        .account = STR("acme"), .name_contains = STR("NIGHT"), .state = -1};

    return store_keys(s->store, &f, count_key, s);
}

static enum kw_err ask_accounts(struct scene *s)
{
    return store_accounts(s->store, NULL, count_account, s);
}

static enum kw_err ask_changes(struct scene *s)
{
    return store_changes(s->store, 0, 0, count_change, s);
}

static enum kw_err ask_policy(struct scene *s)
{
    struct buf document = BUF_MAX(100);
    uint32_t version;

    enum kw_err err = store_policy(s->store, &version, &document);
    buf_deinit(&document);
    return err;
}

static enum kw_err save_quota(struct scene *s)
{
    return store_save_quotas(s->store, &(struct quota_used){1, 1, 1}, 1);
}

static enum kw_err ask_member(struct scene *s)
{
    const struct store_member_filter f = {.account = STR("acme")};
    struct member m;
    uint32_t n;

    TRY(store_member(s->store, str_from(member_id), "acme", &m));
    TRY(store_member_by_email(s->store, str_from(m.email), &m));
    TRY(store_owners(s->store, STR("acme"), &n));
    return store_members(s->store, &f, count_member, s);
}

static enum kw_err ask_token(struct scene *s)
{
    const struct store_token_filter f = {.member = str_from(member_id)};
    struct token t;

    TRY(store_token(s->store, str_from(token_id), "acme", &t));
    return store_tokens(s->store, &f, count_token, s);
}

static enum kw_err count_family(void *ctx, const struct family *f)
{
    struct scene *s = ctx;

    s->n_seen += f->slot;
    return KW_OK;
}

static enum kw_err ask_family(struct scene *s)
{
    struct family f;
    uint32_t n;

    TRY(store_family(s->store, str_from(family_id), &f));
    TRY(store_family_in_slot(s->store, 1, &f));
    TRY(store_families_live(s->store, 0, &n));
    return store_families(s->store, str_from(id_1), 0, 0, 0, count_family, s);
}

static enum kw_err drop_families(struct scene *s)
{
    uint32_t n;

    return store_drop_families(s->store, INT64_MAX, 1, &n);
}

static enum kw_err ask_reply(struct scene *s)
{
    struct buf answer = BUF_MAX(100);
    struct reply r;

    enum kw_err err = store_reply_find(s->store, STR("uid:0"), STR("k"), 1, &answer, &r);
    buf_deinit(&answer);
    return err == KW_ENOTFOUND ? KW_OK : err;
}

static enum kw_err save_use(struct scene *s)
{
    const struct last_use use = {USE_KEY, 1, 5, "192.0.2.1"};
    struct last_use got;

    const struct key_use of_key = {"7Q2mK4T9xJ1aBd", 6, ""};

    TRY(store_save_uses(s->store, &use, 1));
    TRY(store_save_key_uses(s->store, &of_key, 1));
    return store_use(s->store, USE_KEY, 1, &got);
}

static enum kw_err take_step(struct scene *s)
{
    enum kw_err err = store_take_totp_step(s->store, 1, 7);

    return err == KW_ECONFLICT ? KW_OK : err;
}

static const struct question {
    const char *why;
    enum kw_err (*ask)(struct scene *s);
    size_t n_seen;
} questions[] = {
    {"load", load, 0},           {"a key", ask_key, 0},         {"an account", ask_account, 0},
    {"keys", ask_keys, 1},       {"accounts", ask_accounts, 1}, {"changes", ask_changes, 3},
    {"a policy", ask_policy, 0}, {"quotas", save_quota, 0},     {"a member", ask_member, 1},
    {"a token", ask_token, 1},   {"a reply", ask_reply, 0},     {"a use", save_use, 0},
    {"a step", take_step, 0},    {"a family", ask_family, 1},   {"old families", drop_families, 0},
};

static const struct question *asked;

static void add_people(struct scene *s)
{
    struct store *store = room_open(&s->room);

    room_member(store, member_id);
    room_token(store, token_id, member_id);
    store_close(store);
}

static void add_family(struct scene *s)
{
    struct store *store = room_open(&s->room);
    struct family f = room_family(family_id, id_1);

    assert_ok(room_put_family(store, &f));
    store_close(store);
}

static enum kw_err ask(void *ctx)
{
    return asked->ask(ctx);
}

static void open_anew(void *ctx)
{
    struct scene *s = ctx;

    s->n_seen = 0;
    s->store = room_open(&s->room);
}

/* The same store answers the same question now, and would take a change. */
static void ask_again(void *ctx, enum kw_err err)
{
    struct scene *s = ctx;

    if (err == KW_OK)
        assert_int_equal(s->n_seen, asked->n_seen);
    s->n_seen = 0;
    assert_ok(asked->ask(s));
    assert_int_equal(s->n_seen, asked->n_seen);
    assert_ok(store_begin(s->store, STR("uid:0"), 1));
    store_rollback(s->store);
    store_close(s->store);
}

static void X8_a_question_that_fails_leaves_the_store_as_it_was(void **state)
{
    struct scene s;

    alloc_or_skip();
    asked = *state;
    make_scene(&s);
    if (asked->ask == ask_member || asked->ask == ask_token)
        add_people(&s);
    if (asked->ask == ask_family || asked->ask == drop_families)
        add_family(&s);
    is_schema_known = true;
    assert_in_range(alloc_each(&(struct alloc_trial){open_anew, ask, ask_again}, &s), 1, 10000);
    is_schema_known = false;
    store_close(room_open(&s.room));
    clear_scene(&s);
}

/* ---- recovered ---- */

static enum kw_err recover(void *ctx)
{
    struct scene *s = ctx;

    return store_recover(&s->room.paths, &s->lost, s->room.why);
}

/* Head knows of three changes that this database does not have. */
static void head_of_later(void *ctx)
{
    static const char later[] =
        "5 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";
    struct scene *s = ctx;

    room_write(s->room.head, (struct str){later, sizeof later - 1});
    s->lost = 77;
}

static void look_at_recovered(void *ctx, enum kw_err err)
{
    struct scene *s = ctx;

    if (err != KW_OK) {
        assert_int_equal(s->lost, 77);
        head_of_later(s);
        assert_ok(recover(s));
    }
    assert_int_equal(s->lost, 3);
    assert_sound(s, 2);
}

static void X8_recover_tells_what_is_lost_or_can_be_tried_again(void **state)
{
    struct scene s;

    (void)state;
    alloc_or_skip();
    make_scene(&s);
    alloc_each(&(struct alloc_trial){head_of_later, recover, look_at_recovered, .is_sampled = true},
               &s);
    clear_scene(&s);
}

int main(void)
{
    SUITE_TEST(X8_create_leaves_no_half_of_a_database);
    SUITE_TEST(X8_open_fails_as_a_whole);
    SUITE_TEST(X8_a_change_is_whole_or_not_at_all);
    SUITE_ROWS(X8_a_question_that_fails_leaves_the_store_as_it_was, questions);
    SUITE_TEST(X8_recover_tells_what_is_lost_or_can_be_tried_again);
    return suite_run("store/memory");
}
