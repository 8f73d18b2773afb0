/* sessions.c - see sessions.h. A fixed array of places, and a hash table that finds them by the digest of the text: lists of
 * numbers of places, because the texts are random and nobody can choose where they fall. */
#include "server/sessions.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <stdlib.h>

#include "crypto/digest.h"
#include "crypto/random.h"

enum { MAX = 10000, MAX_OF_MEMBER = 20, N_LISTS = 1 << 14 };

struct place {
    bool is_used;
    struct digest digest;
    uint64_t number; /* the order in which they began */
    uint32_t next;   /* of its list: the number of a place, + 1; 0: the last one */
    struct session s;
};

struct sessions {
    pthread_mutex_t lock; /* around all of it */
    unsigned max, max_of_member;
    uint64_t n_begun;
    uint32_t lists[N_LISTS]; /* as place.next */
    struct place places[];
};

static unsigned or_default(unsigned value, unsigned otherwise)
{
    return value == 0 ? otherwise : value;
}

enum kw_err sessions_new(const struct sessions_limits *limits, struct sessions **out)
{
    const struct sessions_limits none = {0}, l = limits == NULL ? none : *limits;
    unsigned max = or_default(l.max, MAX);
    struct sessions *t = calloc(1, sizeof *t + max * sizeof t->places[0]);

    if (t == NULL)
        return KW_ENOMEM;
    t->max = max;
    t->max_of_member = or_default(l.max_of_member, MAX_OF_MEMBER);
    pthread_mutex_init(&t->lock, NULL);
    *out = t;
    return KW_OK;
}

void sessions_free(struct sessions *t)
{
    if (t == NULL)
        return;
    OPENSSL_cleanse(t->places, t->max * sizeof t->places[0]);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

void sessions_freep(struct sessions **t)
{
    sessions_free(*t);
}

void session_wipe(struct session *s)
{
    OPENSSL_cleanse(s, sizeof *s);
}

/* ---- the table; all under the lock ---- */

static uint32_t *list_of(struct sessions *t, const struct digest *digest)
{
    return &t->lists[((size_t)digest->b[0] << 8 | digest->b[1]) % N_LISTS];
}

static void put(struct sessions *t, struct place *p)
{
    uint32_t *list = list_of(t, &p->digest);

    p->next = *list;
    *list = (uint32_t)(p - t->places) + 1;
}

static void take_out(struct sessions *t, struct place *p)
{
    uint32_t *link = list_of(t, &p->digest), own = (uint32_t)(p - t->places) + 1;

    while (*link != own)
        link = &t->places[*link - 1].next;
    *link = p->next;
}

static void end(struct sessions *t, struct place *p)
{
    take_out(t, p);
    OPENSSL_cleanse(p, sizeof *p); /* not used any more */
}

static bool is_over(const struct session *s, int64_t now_ms)
{
    return now_ms - s->seen_ms >= SESSION_IDLE_MS || now_ms - s->created_ms >= SESSION_LONGEST_MS;
}

static struct place *find(struct sessions *t, struct str text)
{
    struct digest digest;

    if (text.n != SESSION_TEXT_LEN)
        return NULL;
    digest_of(text, &digest);
    for (uint32_t i = *list_of(t, &digest); i != 0; i = t->places[i - 1].next)
        if (digest_eq(&t->places[i - 1].digest, &digest))
            return &t->places[i - 1];
    return NULL;
}

static struct place *find_alive(struct sessions *t, struct str text, int64_t now_ms)
{
    struct place *p = find(t, text);

    if (p == NULL || !is_over(&p->s, now_ms))
        return p;
    end(t, p);
    return NULL;
}

static struct place *older(struct place *a, struct place *b)
{
    return b->number < a->number ? b : a;
}

/* A free place, which may have to be made: by ending a member's own oldest when he has as many as he may, else by ending
 * the oldest of all. */
static struct place *place_for(struct sessions *t, uint32_t member_slot, int64_t now_ms)
{
    struct place *free_one = NULL, *oldest = t->places, *own = t->places;
    unsigned n_own = 0;

    for (unsigned i = 0; i < t->max; i++) {
        struct place *p = &t->places[i];
        if (p->is_used && is_over(&p->s, now_ms))
            end(t, p);
        if (!p->is_used) {
            free_one = p;
            continue;
        }
        oldest = older(oldest, p);
        if (p->s.member_slot != member_slot)
            continue;
        own = n_own++ == 0 ? p : older(own, p);
    }
    if (n_own < t->max_of_member && free_one != NULL)
        return free_one;
    struct place *p = n_own >= t->max_of_member ? own : oldest;
    end(t, p);
    return p;
}

/* ---- what is new ---- */

struct fresh { /* what a session is known by */
    char text[SESSION_TEXT_LEN + 1], csrf[SESSION_TEXT_LEN + 1];
    struct digest digest;
};

static void fresh_wipe(struct fresh *f)
{
    OPENSSL_cleanse(f, sizeof *f);
}

static enum kw_err fresh_make(struct fresh *f)
{
    TRY(random_base62(f->text, SESSION_TEXT_LEN));
    TRY(random_base62(f->csrf, SESSION_TEXT_LEN));
    digest_of((struct str){f->text, SESSION_TEXT_LEN}, &f->digest);
    return KW_OK;
}

static void give(struct place *p, const struct fresh *f)
{
    p->digest = f->digest;
    memcpy(p->s.csrf, f->csrf, sizeof f->csrf);
}

static enum kw_err copy_id(struct str from, char *out, size_t cap)
{
    if (from.n >= cap)
        return KW_ERANGE;
    if (from.n > 0)
        memcpy(out, from.p, from.n);
    out[from.n] = '\0';
    return KW_OK;
}

static void copy_agent(struct str from, char out[SESSION_AGENT_MAX + 1])
{
    size_t n = from.n < SESSION_AGENT_MAX ? from.n : SESSION_AGENT_MAX;

    for (size_t i = 0; i < n; i++) {
        out[i] = '?';
        if (from.p[i] >= ' ' && from.p[i] <= '~')
            out[i] = from.p[i];
    }
    out[n] = '\0';
}

static enum kw_err session_of(const struct session_start *start, int64_t now_ms, struct session *out)
{
    *out = (struct session){
        .member_slot = start->member_slot,
        .epoch = start->epoch,
        .created_ms = now_ms,
        .seen_ms = now_ms,
        .stepped_up_ms = now_ms,
    };
    TRY(copy_id(start->member, out->member, sizeof out->member));
    TRY(copy_id(start->account, out->account, sizeof out->account));
    memcpy(out->source, start->source, sizeof out->source);
    copy_agent(start->agent, out->agent);
    return random_base62(out->id, KW_KEY_ID_LEN);
}

enum kw_err sessions_begin(struct sessions *t, const struct session_start *start, int64_t now_ms,
                           char text[SESSION_TEXT_LEN + 1], struct session *out)
{
    AUTO(fresh_wipe) struct fresh f = {.text = ""};
    AUTO(session_wipe) struct session s;

    TRY(session_of(start, now_ms, &s));
    TRY(fresh_make(&f));
    pthread_mutex_lock(&t->lock);
    struct place *p = place_for(t, s.member_slot, now_ms);
    *p = (struct place){.is_used = true, .number = t->n_begun++, .s = s};
    give(p, &f);
    put(t, p);
    if (out != NULL)
        *out = p->s;
    pthread_mutex_unlock(&t->lock);
    memcpy(text, f.text, sizeof f.text);
    return KW_OK;
}

/* A clock that goes back does not make a session younger. */
static void see(struct session *s, int64_t now_ms)
{
    if (now_ms > s->seen_ms)
        s->seen_ms = now_ms;
}

enum kw_err sessions_find(struct sessions *t, struct str text, int64_t now_ms, struct session *out)
{
    pthread_mutex_lock(&t->lock);
    struct place *p = find_alive(t, text, now_ms);
    if (p != NULL) {
        see(&p->s, now_ms);
        *out = p->s;
    }
    pthread_mutex_unlock(&t->lock);
    return p != NULL ? KW_OK : KW_ENOTFOUND;
}

enum kw_err sessions_renew(struct sessions *t, struct str text, struct session_renewal how,
                           int64_t now_ms, char new_text[SESSION_TEXT_LEN + 1], struct session *out)
{
    AUTO(fresh_wipe) struct fresh f = {.text = ""};

    TRY(fresh_make(&f));
    pthread_mutex_lock(&t->lock);
    struct place *p = find_alive(t, text, now_ms);
    if (p != NULL) {
        take_out(t, p);
        give(p, &f);
        put(t, p);
        see(&p->s, now_ms);
        p->s.epoch = how.epoch;
        p->s.n_wrong = 0;
        if (how.all_proved)
            p->s.stepped_up_ms = now_ms;
        if (out != NULL)
            *out = p->s;
    }
    pthread_mutex_unlock(&t->lock);
    if (p == NULL)
        return KW_ENOTFOUND;
    memcpy(new_text, f.text, sizeof f.text);
    return KW_OK;
}

/* ---- the end ---- */

bool sessions_wrong(struct sessions *t, struct str text)
{
    pthread_mutex_lock(&t->lock);
    struct place *p = find(t, text);
    bool has_ended = p == NULL || ++p->s.n_wrong >= SESSION_WRONG_MAX;
    if (p != NULL && has_ended)
        end(t, p);
    pthread_mutex_unlock(&t->lock);
    return has_ended;
}

unsigned sessions_end(struct sessions *t, struct str text)
{
    pthread_mutex_lock(&t->lock);
    struct place *p = find(t, text);
    if (p != NULL)
        end(t, p);
    pthread_mutex_unlock(&t->lock);
    return p != NULL;
}

static unsigned end_of_member(struct sessions *t, uint32_t member_slot, const struct str *id)
{
    unsigned n = 0;

    pthread_mutex_lock(&t->lock);
    for (unsigned i = 0; i < t->max; i++) {
        struct place *p = &t->places[i];
        if (!p->is_used || p->s.member_slot != member_slot)
            continue;
        if (id != NULL && !str_eq(str_from(p->s.id), *id))
            continue;
        end(t, p);
        n++;
    }
    pthread_mutex_unlock(&t->lock);
    return n;
}

unsigned sessions_end_id(struct sessions *t, uint32_t member_slot, struct str id)
{
    return end_of_member(t, member_slot, &id);
}

unsigned sessions_end_member(struct sessions *t, uint32_t member_slot)
{
    return end_of_member(t, member_slot, NULL);
}

/* ---- looking ---- */

void sessions_list(struct sessions *t, uint32_t member_slot, int64_t now_ms,
                   void (*visit)(void *ctx, const struct session *s), void *ctx)
{
    pthread_mutex_lock(&t->lock);
    for (unsigned i = 0; i < t->max; i++) {
        AUTO(session_wipe) struct session s = t->places[i].s;
        if (!t->places[i].is_used || s.member_slot != member_slot || is_over(&s, now_ms))
            continue;
        OPENSSL_cleanse(s.csrf, sizeof s.csrf);
        visit(ctx, &s);
    }
    pthread_mutex_unlock(&t->lock);
}

unsigned sessions_count(struct sessions *t, int64_t now_ms)
{
    unsigned n = 0;

    pthread_mutex_lock(&t->lock);
    for (unsigned i = 0; i < t->max; i++)
        n += t->places[i].is_used && !is_over(&t->places[i].s, now_ms);
    pthread_mutex_unlock(&t->lock);
    return n;
}

bool session_csrf_is(const struct session *s, struct str token)
{
    return s->csrf[0] != '\0' && token.n == SESSION_TEXT_LEN &&
           CRYPTO_memcmp(s->csrf, token.p, SESSION_TEXT_LEN) == 0;
}
