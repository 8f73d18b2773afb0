/* member.c - members as they are kept: exact, sealed, and never without an owner. */
#include <stdio.h>

#include "store/image.h"
#include "store/room.h"
#include "suite.h"

static const char id_1[] = "1Q2mK4T9xJ1aMe", id_2[] = "2Q2mK4T9xJ1aMe";

struct scene {
    struct room room;
    struct store *store;
};

static void make(struct scene *s)
{
    room_make(&s->room);
    s->store = room_open(&s->room);
}

static void clear(struct scene *s)
{
    store_close(s->store);
    room_clear(&s->room);
}

static void reopen(struct scene *s)
{
    store_close(s->store);
    s->store = room_open(&s->room);
}

static enum kw_err load(struct scene *s)
{
    struct buf content = BUF_MAX(4000);

    enum kw_err err = room_load(s->store, &content, s->room.why);
    buf_deinit(&content);
    return err;
}

static void what_was_put_is_found(void **state)
{
    struct scene s;
    struct member got;

    (void)state;
    make(&s);
    struct member put = room_member(s.store, id_1);
    assert_int_equal(put.slot, 1);
    assert_int_equal(put.version, 1);
    assert_int_equal(put.account_slot, 1);
    reopen(&s);
    assert_ok(store_member(s.store, str_from(id_1), NULL, &got));
    assert_memory_equal(&got, &put, sizeof got);
    assert_ok(store_member(s.store, str_from(id_1), "acme", &got));
    assert_ok(store_member_by_email(s.store, str_from(put.email), &got));
    assert_memory_equal(&got, &put, sizeof got);
    assert_err(store_member(s.store, str_from(id_1), "other", &got), KW_ENOTFOUND);
    assert_err(store_member(s.store, str_from(id_2), NULL, &got), KW_ENOTFOUND);
    assert_err(store_member_by_email(s.store, STR("x@example.com"), &got), KW_ENOTFOUND);
    assert_ok(load(&s));
    clear(&s);
}

static void an_address_is_one_members_until_he_is_removed(void **state)
{
    struct scene s;

    (void)state;
    make(&s);
    room_member(s.store, id_2);
    struct member first = room_member(s.store, id_1), second = room_person("3Q2mK4T9xJ1aMe");
    memcpy(second.email, first.email, sizeof second.email);
    assert_err(room_put_member(s.store, &second), KW_EEXISTS);
    first.state = MEMBER_REMOVED;
    assert_ok(room_put_member(s.store, &first));
    assert_ok(room_put_member(s.store, &second));
    struct member none[2] = {room_person("4Q2mK4T9xJ1aMe"), room_person("5Q2mK4T9xJ1aMe")};
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        none[i].state = MEMBER_INVITED;
        none[i].email[0] = '\0';
        assert_ok(room_put_member(s.store, &none[i]));
    }
    assert_ok(load(&s));
    clear(&s);
}

static void less_role(struct member *m)
{
    m->role = ROLE_ADMIN;
}
static void removed(struct member *m)
{
    m->state = MEMBER_REMOVED;
}
static void invited(struct member *m)
{
    m->state = MEMBER_INVITED;
}

static const struct leaving {
    const char *why;
    void (*leave)(struct member *m);
} leavings[] = {{"a lower role", less_role}, {"removed", removed}, {"invited anew", invited}};

static void the_last_owner_stays(void **state)
{
    const struct leaving *row = *state;
    struct scene s;
    struct member got;
    uint32_t n = 9;

    make(&s);
    struct member last = room_member(s.store, id_1), other = room_person(id_2), gone = last;
    other.state = MEMBER_INVITED; /* an owner to be is none yet */
    assert_ok(room_put_member(s.store, &other));
    row->leave(&gone);
    assert_err(room_put_member(s.store, &gone), KW_ECONFLICT);
    assert_ok(store_member(s.store, str_from(id_1), NULL, &got));
    assert_memory_equal(&got, &last, sizeof got);
    other.state = MEMBER_ACTIVE;
    assert_ok(room_put_member(s.store, &other));
    assert_ok(store_owners(s.store, STR("acme"), &n));
    assert_int_equal(n, 2);
    assert_ok(room_put_member(s.store, &gone));
    assert_ok(store_owners(s.store, STR("acme"), &n));
    assert_int_equal(n, 1);
    clear(&s);
}

static void two_owners_cannot_both_leave_in_one_change(void **state)
{
    struct scene s;
    uint32_t n;

    (void)state;
    make(&s);
    struct member one = room_member(s.store, id_1), two = room_member(s.store, id_2);
    one.state = MEMBER_REMOVED;
    two.role = ROLE_VIEWER;
    assert_ok(store_begin(s.store, STR("uid:0"), 1));
    assert_ok(store_put_member(s.store, &one));
    assert_err(store_put_member(s.store, &two), KW_ECONFLICT);
    assert_err(store_commit(s.store), KW_EINVAL);
    assert_ok(store_owners(s.store, STR("acme"), &n));
    assert_int_equal(n, 2);
    clear(&s);
}

static void no_id(struct member *m)
{
    m->id[0] = '\0';
}
static void no_role(struct member *m)
{
    m->role = ROLE_NONE;
}
static void active_without_address(struct member *m)
{
    m->email[0] = '\0';
}
static void upper_case_address(struct member *m)
{
    m->email[0] = 'A';
}
static void link_without_digest(struct member *m)
{
    m->link = LINK_RESET;
}
static void digest_without_link(struct member *m)
{
    m->link_digest[0] = 1;
}
static void too_many_codes(struct member *m)
{
    m->n_recovery = MEMBER_RECOVERY_CODES + 1;
}
static void unterminated_password(struct member *m)
{
    memset(m->password, 'x', sizeof m->password);
}

static const struct wrong {
    const char *why;
    void (*spoil)(struct member *m);
} wrongs[] = {
    {"no id", no_id},
    {"no role", no_role},
    {"active without an address", active_without_address},
    {"an address in upper case", upper_case_address},
    {"a link without a digest", link_without_digest},
    {"a digest without a link", digest_without_link},
    {"a code too many", too_many_codes},
    {"a password without an end", unterminated_password},
};

static void what_can_be_no_member_is_refused(void **state)
{
    const struct wrong *row = *state;
    struct scene s;

    make(&s);
    room_account(s.store, "acme");
    struct member m = room_person(id_1);
    row->spoil(&m);
    assert_err(room_put_member(s.store, &m), KW_EINVAL);
    assert_int_equal(m.slot, 0);
    clear(&s);
}

static void a_member_keeps_id_and_account_and_needs_one(void **state)
{
    struct scene s;

    (void)state;
    make(&s);
    struct member homeless = room_person(id_2);
    assert_err(room_put_member(s.store, &homeless), KW_ENOTFOUND);
    struct member m = room_member(s.store, id_1), moved = m, stale = m, renamed = m;
    room_account(s.store, "other");
    memcpy(moved.account, "other", sizeof "other");
    assert_err(room_put_member(s.store, &moved), KW_EINVAL);
    renamed.id[0] = '9';
    assert_err(room_put_member(s.store, &renamed), KW_EINVAL);
    m.epoch++;
    assert_ok(room_put_member(s.store, &m));
    assert_err(room_put_member(s.store, &stale), KW_ECONFLICT);
    clear(&s);
}

static const struct edit {
    const char *why, *sql;
} edits[] = {
    {"role", "UPDATE members SET role = 'owner' WHERE slot = 2"},
    {"operator", "UPDATE members SET operator = 'yes' WHERE slot = 2"},
    {"state", "UPDATE members SET state = 'invited' WHERE slot = 2"},
    {"address", "UPDATE members SET email = 'eve@example.com' WHERE slot = 2"},
    {"password", "UPDATE members SET password = '$argon2id$x' WHERE slot = 2"},
    {"password's age", "UPDATE members SET password_since_ms = 7 WHERE slot = 2"},
    {"no second factor", "UPDATE members SET totp = NULL WHERE slot = 2"},
    {"another second factor", "UPDATE members SET totp = zeroblob(48) WHERE slot = 2"},
    {"recovery codes", "UPDATE members SET recovery = zeroblob(64) WHERE slot = 2"},
    {"a code more",
     "UPDATE members SET recovery = CAST(recovery || zeroblob(32) AS BLOB) WHERE slot = 2"},
    {"epoch", "UPDATE members SET epoch = 9 WHERE slot = 2"},
    {"a link", "UPDATE members SET link = 'reset', link_digest = zeroblob(32) WHERE slot = 2"},
    {"a link's end", "UPDATE members SET link_ends_ms = 99 WHERE slot = 2"},
    {"id", "UPDATE members SET id = '9Q2mK4T9xJ1aMe' WHERE slot = 2"},
    {"an old row put back",
     "UPDATE members SET (version, role, seal) = (SELECT version, role, seal FROM aside.members "
     "WHERE slot = 2) WHERE slot = 2"},
    {"a row torn out", "DELETE FROM members WHERE slot = 2"},
    {"an entry torn out",
     "DELETE FROM change_log WHERE kind = 'member' AND object = 2 AND version = 2"},
    {"another's row", "UPDATE members SET (password, seal) = (SELECT password, seal FROM members "
                      "WHERE slot = 1) WHERE slot = 2"},
};

/* Slot 1 is an owner; slot 2 was made an admin after `aside` was copied. */
static void a_member_that_was_tampered_with_is_found(void **state)
{
    const struct edit *row = *state;
    struct scene s;
    struct member got;
    char aside[PATH_MAX];

    make(&s);
    room_member(s.store, id_1);
    struct member m = room_member(s.store, id_2);
    store_close(s.store);
    snprintf(aside, sizeof aside, "%s", folder_file(&s.room.folder, "aside.db"));
    room_copy(s.room.database, aside);
    s.store = room_open(&s.room);
    m.role = ROLE_ADMIN;
    m.password[20]++;
    assert_ok(room_put_member(s.store, &m));
    store_close(s.store);
    room_sql_with(&s.room, "aside.db", row->sql, 1);
    if (strstr(row->sql, "change_log") != NULL) { /* the end of the log: found at once */
        assert_err(store_open(&s.room.paths, &s.store, s.room.why), KW_EOLD);
        room_clear(&s.room);
        return;
    }
    s.store = room_open(&s.room);
    assert_true(store_member_in_slot(s.store, 2, &got) != KW_OK);
    assert_err(load(&s), KW_EDAMAGED);
    clear(&s);
}

static enum kw_err look_for(void *ctx, const struct change *c)
{
    const struct member *m = ctx;
    struct member read;

    if (c->kind != CHANGE_MEMBER)
        return KW_OK;
    assert_null(memmem(c->image.p, c->image.n, m->password, strlen(m->password)));
    assert_null(memmem(c->image.p, c->image.n, m->totp, sizeof m->totp));
    assert_null(memmem(c->image.p, c->image.n, m->recovery[0], sizeof m->recovery[0]));
    assert_ok(image_read_member(c->image, &read));
    assert_string_equal(read.email, m->email);
    assert_int_equal(read.password[0], '\0');
    assert_true(read.has_totp);
    assert_int_equal(read.n_recovery, 2);
    return KW_OK;
}

static void the_log_keeps_no_secret_of_a_member(void **state)
{
    struct scene s;

    (void)state;
    make(&s);
    struct member m = room_member(s.store, id_1);
    assert_ok(store_changes(s.store, 0, 0, look_for, &m));
    clear(&s);
}

static enum kw_err note(void *ctx, const struct member *m)
{
    buf_printf(ctx, "%u ", m->slot);
    return KW_OK;
}

static void members_are_gone_through_by_account(void **state)
{
    struct scene s;
    struct buf got = BUF_MAX(100);
    const struct store_member_filter all = {.after_slot = 1},
                                     acme = {.account = STR("acme"), .limit = 1};

    (void)state;
    make(&s);
    room_account(s.store, "other");
    struct member m = room_person(id_1);
    memcpy(m.account, "other", sizeof "other");
    assert_ok(room_put_member(s.store, &m));
    room_member(s.store, id_2);
    room_member(s.store, "3Q2mK4T9xJ1aMe");
    assert_ok(store_members(s.store, &all, note, &got));
    assert_ok(store_members(s.store, &acme, note, &got));
    assert_str(buf_view(&got), STR("2 3 2 "));
    buf_deinit(&got);
    clear(&s);
}

int main(void)
{
    SUITE_TEST(what_was_put_is_found);
    SUITE_TEST(an_address_is_one_members_until_he_is_removed);
    SUITE_ROWS(the_last_owner_stays, leavings);
    SUITE_TEST(two_owners_cannot_both_leave_in_one_change);
    SUITE_ROWS(what_can_be_no_member_is_refused, wrongs);
    SUITE_TEST(a_member_keeps_id_and_account_and_needs_one);
    SUITE_ROWS(a_member_that_was_tampered_with_is_found, edits);
    SUITE_TEST(the_log_keeps_no_secret_of_a_member);
    SUITE_TEST(members_are_gone_through_by_account);
    return suite_run("store/member");
}
