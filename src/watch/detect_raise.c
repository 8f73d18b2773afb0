/* detect_raise.c - how a detector tells what it found; see detect_state.h. */
#include <stdio.h>

#include "record/hash.h"
#include "watch/cells.h"
#include "watch/detect_state.h"

/* ---- whose ---- */

const struct thresholds *detect_thresholds(const struct detect *d, struct str account)
{
    return d->o.thresholds == NULL ? thresholds_default() : d->o.thresholds(d->o.ctx, account);
}

struct sight detect_sight_of_all(const struct detect *d, const struct sight *s)
{
    static const struct detect_who everybody = {.key = 0};
    struct sight of_all = *s;

    of_all.who = &everybody;
    of_all.t = detect_thresholds(d, everybody.account);
    return of_all;
}

/* ---- made ---- */

static void copy(char *out, size_t size, struct str text)
{
    size_t n = text.n < size - 1 ? text.n : size - 1;

    memset(out, 0, size);
    memcpy(out, n == 0 ? "" : text.p, n);
}

struct finding detect_finding(const struct sight *s, enum detector which, uint32_t began_s)
{
    struct finding f = {
        .detector = which, .began_us = (int64_t)began_s * 1000000, .found_us = s->time_us};

    copy(f.account, sizeof f.account, s->who->account);
    if (s->e != NULL) {
        f.environment = s->e->environment;
        memcpy(f.request_id, s->e->request_id, sizeof f.request_id);
    }
    return f;
}

struct finding detect_finding_of_key(const struct sight *s, enum detector which, uint32_t began_s)
{
    struct finding f = detect_finding(s, which, began_s);

    if (s->e == NULL)
        return f; /* only attempts are asked about */
    memcpy(f.key_id, s->e->key_id, KW_KEY_ID_LEN);
    memcpy(f.subject, s->e->key_id, KW_KEY_ID_LEN);
    return f;
}

/* ---- handed out ---- */

/* What is counted together was brought about by a token, too, if one was used a short while ago. */
static uint32_t counted_s(const struct sight *s, enum detector d)
{
    enum { MINUTES_S = 120 };

    if (d == DETECT_DENIALS)
        return s->t->of[DENIALS_WINDOW];
    return d == DETECT_USAGE_SPIKE || d == DETECT_TRANSACT_BURST ? MINUTES_S : 0;
}

static bool is_by_token(const struct detect *d, const struct sight *s, const struct finding *f)
{
    if (s->e == NULL || s->e->kind != EVENT_DECISION || f->key_id[0] == '\0')
        return false;
    const struct key_habits *k = shelf_find(d->keys, s->who->key);
    return s->e->credential == CREDENTIAL_TOKEN ||
           (k != NULL && k->token_s != 0 && s->now_s - k->token_s < counted_s(s, f->detector));
}

enum kw_err detect_raise(struct detect *d, const struct sight *s, const struct finding *f)
{
    struct finding told = *f;

    if (is_by_token(d, s, f))
        finding_by_token(&told);
    return s->t->rule[f->detector].is_off ? KW_OK : d->o.found(d->o.ctx, &told);
}

/* ---- of strangers ---- */

static void begin_hour(struct all_state *all, uint32_t hour)
{
    if (hour == all->hour)
        return;
    memset(all->by_strangers, 0, sizeof all->by_strangers);
    memset(all->by_neighbours, 0, sizeof all->by_neighbours);
    memset(all->of_accounts, 0, sizeof all->of_accounts);
    memset(all->of_account, 0, sizeof all->of_account);
    all->hour = hour;
}

static bool is_told_to_account(struct detect *d, struct str account, enum detector which)
{
    uint64_t hash = hash_bytes(account, d->seed ^ which);
    uint8_t *own = &d->all.of_account[hash % ACCOUNTS_ROOM];
    uint16_t *all = &d->all.of_accounts[which];

    if (*own > 0 && (*own >= ACCOUNT_PER_HOUR || *all >= ACCOUNTS_PER_HOUR))
        return false;
    ++*own;
    *all = (uint16_t)(*all + (*all < UINT16_MAX));
    return true;
}

static bool is_told(struct detect *d, const struct sight *s, enum detector which)
{
    if (s->who->account.n > 0)
        return is_told_to_account(d, s->who->account, which);
    bool is_neighbour = s->e != NULL && detect_is_ours(d, s);
    uint8_t *n = is_neighbour ? &d->all.by_neighbours[which] : &d->all.by_strangers[which];
    if (*n >= STRANGERS_PER_HOUR)
        return false;
    ++*n;
    return true;
}

enum kw_err detect_raise_of_stranger(struct detect *d, const struct sight *s, const struct finding *f)
{
    if (s->t->rule[f->detector].is_off)
        return KW_OK;
    begin_hour(&d->all, s->now_s / 3600);
    d->is_all_changed = true;
    return is_told(d, s, f->detector) ? detect_raise(d, s, f) : KW_OK;
}

/* ---- facts ---- */

void detect_fact_source(struct finding *f, const struct address *a)
{
    char text[ADDRESS_TEXT_MAX];

    finding_text(f, "source", (struct str){text, address_print(a, text)});
}

void detect_fact_network(struct finding *f, const struct address *a)
{
    char text[CELLS_NET_TEXT];
    const struct address net = cells_net(a);

    cells_print_net(&net, text);
    finding_text(f, "network", str_from(text));
}
