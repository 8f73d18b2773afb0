/* chain.c - see chain.h. */
#include "store/chain.h"

#include "base/pack.h"
#include "store/row.h"

enum { HEAD_MAX = 2 * DIGEST_LEN + 256 + 64 };

enum kw_err chain_start(struct sealer *log, struct link *out)
{
    out->n = 0;
    return sealer_mac(log, STR("the change log begins"), (struct str){0}, &out->mac);
}

/* Everything but the image itself; the image's length is in here, so that the border is
 * unambiguous. */
static struct str pack_entry(const struct link *before, const struct entry *e, uint8_t buf[HEAD_MAX])
{
    struct packer to = {.p = buf, .cap = HEAD_MAX};
    const struct change *c = &e->change;

    pack_bytes(&to, before->mac.b, DIGEST_LEN);
    pack_u64(&to, c->n);
    pack_u8(&to, (uint8_t)c->kind);
    pack_u32(&to, c->object);
    pack_u32(&to, c->version);
    pack_u64(&to, (uint64_t)c->time_ms);
    pack_bytes(&to, e->seal.b, DIGEST_LEN);
    pack_str8(&to, c->actor);
    pack_u64(&to, c->image.n);
    return (struct str){(const char *)buf, to.overflow ? 0 : to.n};
}

enum kw_err chain_extend(struct sealer *log, const struct link *before, const struct entry *e,
                         struct link *out)
{
    uint8_t buf[HEAD_MAX];
    struct link next = {.n = e->change.n};

    struct str head = pack_entry(before, e, buf);
    if (head.n == 0)
        return KW_ERANGE;
    TRY(sealer_mac(log, head, e->change.image, &next.mac));
    *out = next;
    return KW_OK;
}

enum kw_err chain_follow(struct sealer *log, const struct link *before, const struct entry *e,
                         struct link *out)
{
    struct link next;

    if (e->change.n != before->n + 1 || e->change.actor.n > ACTOR_MAX)
        return KW_EDAMAGED;
    TRY(chain_extend(log, before, e, &next));
    if (!digest_eq(&next.mac, &e->mac))
        return KW_EDAMAGED;
    *out = next;
    return KW_OK;
}

enum kw_err chain_take(sqlite3_stmt *st, struct entry *out)
{
    struct taker from = {.st = st};
    struct entry e = {0};

    e.change.n = (uint64_t)take_int(&from);
    e.change.kind = take_word(&from, WORDS_CHANGE_KIND);
    e.change.object = take_u32(&from);
    e.change.version = take_u32(&from);
    e.change.image = take_blob(&from);
    take_bytes(&from, e.seal.b, DIGEST_LEN);
    e.change.actor = take_text(&from);
    e.change.time_ms = take_int(&from);
    take_bytes(&from, e.mac.b, DIGEST_LEN);
    TRY(take_done(&from));
    *out = e;
    return KW_OK;
}

enum kw_err chain_insert(struct db *db, const struct entry *e)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    const struct change *c = &e->change;

    TRY(db_ask(db, SQL_CHANGE_INSERT, &st));
    struct giver to = {.st = st};
    give_int(&to, (int64_t)c->n);
    give_word(&to, WORDS_CHANGE_KIND, c->kind);
    give_int(&to, c->object);
    give_int(&to, c->version);
    give_blob(&to, c->image.p, c->image.n);
    give_blob(&to, e->seal.b, DIGEST_LEN);
    give_text(&to, c->actor);
    give_int(&to, c->time_ms);
    give_blob(&to, e->mac.b, DIGEST_LEN);
    TRY(give_done(&to));
    enum kw_err err = db_change_one(st);
    return err == KW_EEXISTS ? KW_EDAMAGED : err; /* a version that was in the log before */
}
