/* passes.c - see passes.h. */
#include "sync/passes.h"

#include <stdio.h>

#include "crypto/digest.h"
#include "suite.h"

void passes_open(struct passes *t)
{
    house_make(&t->house);
    t->key = house_key(&t->house, 1, t->text);
}

void passes_close(struct passes *t)
{
    house_clear(&t->house);
}

int64_t passes_now_ms(const struct passes *t)
{
    return sync_now_us(t->house.sync) / 1000;
}

static void print_token(struct pass *p)
{
    char secret[KEY_SECRET_LEN];
    struct digest d;

    memset(secret, 'a', sizeof secret);
    p->len = key_print_token(STR("mk"), KEY_ACCESS, KW_SANDBOX, str_from(p->family.id),
                             (struct str){secret, sizeof secret}, p->token);
    digest_of((struct str){p->token, p->len}, &d);
    memcpy(p->family.access_digest, d.b, sizeof d.b);
}

struct pass pass_of(const struct passes *t, unsigned number)
{
    struct pass p = {.family = room_family("0000000000Fami", t->key.id)};
    struct family *f = &p.family;

    snprintf(f->id, sizeof f->id, "%010uFami", number);
    f->permissions = KW_FULL_ACCESS;
    f->secret_mark = family_secret_mark(t->key.digest);
    f->created_ms = passes_now_ms(t);
    f->ends_ms = f->created_ms + FAMILY_LIFE_S * INT64_C(1000);
    f->access_ends_ms = f->created_ms + FAMILY_ACCESS_S * INT64_C(1000);
    print_token(&p);
    return p;
}

enum kw_err pass_put(struct passes *t, struct family *f)
{
    struct sync_family one = {.actor = STR("key:1"), .family = f};

    sync_put_families(t->house.sync, &one, 1);
    return one.err;
}

struct pass pass_made(struct passes *t, unsigned number)
{
    struct pass p = pass_of(t, number);

    assert_ok(pass_put(t, &p.family));
    return p;
}

enum kw_err pass_end(struct passes *t, struct pass *p)
{
    return sync_end_family(t->house.sync, STR("uid:0"), &p->family);
}

enum kw_reason pass_ask(const struct passes *t, const struct pass *p)
{
    return house_ask_token(&t->house, (struct str){p->token, p->len});
}

void pass_assert(const struct passes *t, const struct pass *p, enum kw_reason why)
{
    assert_string_equal(kw_reason_name(pass_ask(t, p)), kw_reason_name(why));
}
