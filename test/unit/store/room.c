/* room.c - see room.h. */
#include "store/room.h"

#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "suite.h"

void room_bare(struct room *r)
{
    *r = (struct room){0};
    folder_make(&r->folder);
    snprintf(r->database, sizeof r->database, "%s", folder_file(&r->folder, "keyward.db"));
    snprintf(r->master_key, sizeof r->master_key, "%s", folder_file(&r->folder, "master.key"));
    snprintf(r->head, sizeof r->head, "%s", folder_file(&r->folder, "head"));
    r->paths = (struct store_paths){r->database, r->master_key, r->head};
    assert_ok(store_make_master_key(r->master_key, r->why));
}

void room_make(struct room *r)
{
    room_bare(r);
    assert_ok(store_create(&r->paths, r->why));
}

void room_clear(struct room *r)
{
    folder_remove(&r->folder);
}

struct store *room_open(struct room *r)
{
    struct store *s = NULL;

    enum kw_err err = store_open(&r->paths, &s, r->why);
    if (err != KW_OK)
        print_message("%s\n", r->why);
    assert_ok(err);
    return s;
}

static void attach(sqlite3 *conn, const char *path)
{
    sqlite3_stmt *st;

    assert_int_equal(sqlite3_prepare_v2(conn, "ATTACH ?1 AS aside", -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_bind_text(st, 1, path, -1, SQLITE_STATIC), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_DONE);
    sqlite3_finalize(st);
}

void room_sql_with(struct room *r, const char *aside, const char *sql, int n_changed)
{
    sqlite3 *conn;

    assert_int_equal(sqlite3_open(r->database, &conn), SQLITE_OK);
    if (aside != NULL)
        attach(conn, folder_file(&r->folder, aside));
    if (sqlite3_exec(conn, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(conn));
    assert_int_equal(sqlite3_total_changes(conn), n_changed);
    assert_int_equal(sqlite3_close(conn), SQLITE_OK);
}

void room_sql(struct room *r, const char *sql, int n_changed)
{
    room_sql_with(r, NULL, sql, n_changed);
}

void room_copy(const char *from, const char *to)
{
    struct buf content = BUF_MAX(16 << 20);

    assert_ok(file_read(from, &content));
    room_write(to, buf_view(&content));
    buf_deinit(&content);
}

void room_write(const char *path, struct str content)
{
    assert_ok(file_replace(path, content, 0600));
}

bool room_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

struct account room_account(struct store *s, const char *id)
{
    struct account a = {.name = "An account", .state = ACCOUNT_ACTIVE, .created_ms = 1000};

    snprintf(a.id, sizeof a.id, "%s", id);
    assert_ok(store_begin(s, STR("uid:0"), 1000));
    assert_ok(store_put_account(s, &a));
    assert_ok(store_commit(s));
    return a;
}

struct grant room_grant(const char *id)
{
    struct grant g = {.account = "acme",
                      .name = "Payments, nightly",
                      .environment = KW_PRODUCTION,
                      .permissions = KW_READ_ONLY | KW_TRANSACTIONS,
                      .state = KEY_ACTIVE,
                      .created_ms = 1700000000000,
                      .expires_ms = 1800000000000,
                      .created_by = "uid:0",
                      .generation = 1,
                      .secret_since_ms = 1700000000000,
                      .rotation_days = 90,
                      .rate = {600, 60, 60},
                      .quota = {1000, QUOTA_DAY}};

    snprintf(g.id, sizeof g.id, "%s", id);
    memset(g.digest, id[0], sizeof g.digest);
    return g;
}

static void need_acme(struct store *s)
{
    struct account acme;

    if (store_account(s, STR("acme"), &acme) == KW_ENOTFOUND)
        room_account(s, "acme");
}

struct grant room_key(struct store *s, const char *id)
{
    struct grant g = room_grant(id);

    need_acme(s);
    room_change(s, &g);
    return g;
}

void room_change(struct store *s, struct grant *g)
{
    assert_ok(store_begin(s, STR("uid:0"), 2000));
    assert_ok(store_put_key(s, g));
    assert_ok(store_commit(s));
}

struct member room_person(const char *id)
{
    struct member m = {.account = "acme",
                       .role = ROLE_OWNER,
                       .state = MEMBER_ACTIVE,
                       .created_ms = 1700000000000,
                       .created_by = "uid:0",
                       .password = "$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA",
                       .has_totp = true,
                       .totp = {1, 2, 3},
                       .recovery = {{4}, {5}},
                       .n_recovery = 2};

    snprintf(m.id, sizeof m.id, "%s", id);
    snprintf(m.email, sizeof m.email, "%s@example.com", id);
    for (char *p = m.email; *p != '\0'; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p |= 0x20;
    return m;
}

struct token room_pass(const char *id, const char *member)
{
    struct token t = {.account = "acme",
                      .name = "Deploy",
                      .scopes = SCOPE_KEYS_READ | SCOPE_KEYS_WRITE,
                      .state = TOKEN_ACTIVE,
                      .created_ms = 1700000000000,
                      .expires_ms = 1800000000000,
                      .created_by = "uid:0"};

    snprintf(t.id, sizeof t.id, "%s", id);
    snprintf(t.member, sizeof t.member, "%s", member);
    memset(t.digest, id[0], sizeof t.digest);
    return t;
}

struct family room_family(const char *id, const char *key)
{
    struct family f = {.permissions = KW_READ_ONLY,
                       .secret_mark = 0x0102030405060708,
                       .state = FAMILY_ACTIVE,
                       .access_s = FAMILY_ACCESS_S,
                       .created_ms = 1700000000000,
                       .created_from = {.b = {[10] = 0xff, 0xff, 192, 0, 2, 1}},
                       .nonce = {7}};

    snprintf(f.id, sizeof f.id, "%s", id);
    snprintf(f.key, sizeof f.key, "%s", key);
    f.ends_ms = f.created_ms + FAMILY_LIFE_S * INT64_C(1000);
    f.access_ends_ms = f.created_ms + FAMILY_ACCESS_S * INT64_C(1000);
    memset(f.access_digest, id[0], sizeof f.access_digest);
    memset(f.refresh_digest, id[1], sizeof f.refresh_digest);
    return f;
}

enum kw_err room_put_member(struct store *s, struct member *m)
{
    assert_ok(store_begin(s, STR("uid:0"), 3000));
    enum kw_err err = store_put_member(s, m);
    return err == KW_OK ? store_commit(s) : err;
}

enum kw_err room_put_token(struct store *s, struct token *t)
{
    assert_ok(store_begin(s, STR("uid:0"), 4000));
    enum kw_err err = store_put_token(s, t);
    return err == KW_OK ? store_commit(s) : err;
}

enum kw_err room_put_family(struct store *s, struct family *f)
{
    assert_ok(store_begin(s, STR("key:1Q2mK4T9xJ1aBd"), 5000));
    enum kw_err err = store_put_family(s, f);
    return err == KW_OK ? store_commit(s) : err;
}

struct member room_member(struct store *s, const char *id)
{
    struct member m = room_person(id);

    need_acme(s);
    assert_ok(room_put_member(s, &m));
    return m;
}

struct token room_token(struct store *s, const char *id, const char *member)
{
    struct token t = room_pass(id, member);

    need_acme(s);
    assert_ok(room_put_token(s, &t));
    return t;
}

static enum kw_err show_account(void *ctx, const struct account *a)
{
    buf_printf(ctx, "account %s %u %d; ", a->id, a->version, (int)a->state);
    return KW_OK;
}

static enum kw_err show_key(void *ctx, const struct grant *g)
{
    buf_printf(ctx, "key %s %u %d %s; ", g->id, g->version, (int)g->state, g->name);
    return KW_OK;
}

static enum kw_err show_policy(void *ctx, uint32_t version, struct str document)
{
    buf_printf(ctx, "policy %u %.*s; ", version, (int)document.n, document.p);
    return KW_OK;
}

static enum kw_err show_environment(void *ctx, const struct environment *e)
{
    buf_printf(ctx, "environment %u %u %s; ", e->slot, e->version, freeze_name(e->frozen));
    return KW_OK;
}

static enum kw_err show_family(void *ctx, const struct family *f)
{
    buf_printf(ctx, "family %s %u %d; ", f->id, f->version, (int)f->state);
    return KW_OK;
}

enum kw_err room_load(struct store *s, struct buf *out, char why[256])
{
    struct store_visitor v = {out,         show_account,     show_key,
                              show_policy, show_environment, show_family};

    return store_load(s, &v, why);
}
