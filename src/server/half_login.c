/* half_login.c - see half_login.h. They are few: each call looks at all of them. */
#include "server/half_login.h"

#include <pthread.h>
#include <stdlib.h>

#include "crypto/digest.h"
#include "crypto/random.h"

enum { MAX = 1024, MAX_OF_MEMBER = 4 };

struct ticket {
    bool is_used;
    struct digest digest;
    struct half_login who;
    int64_t since_ms;
    uint64_t number; /* the order in which they were made */
    unsigned n_tries;
};

struct half_logins {
    pthread_mutex_t lock; /* around all of it */
    uint64_t n_made;
    struct ticket tickets[MAX];
};

enum kw_err half_logins_new(struct half_logins **out)
{
    struct half_logins *t = calloc(1, sizeof *t);

    if (t == NULL)
        return KW_ENOMEM;
    pthread_mutex_init(&t->lock, NULL);
    *out = t;
    return KW_OK;
}

void half_logins_free(struct half_logins *t)
{
    if (t == NULL)
        return;
    pthread_mutex_destroy(&t->lock);
    free(t);
}

void half_logins_freep(struct half_logins **t)
{
    half_logins_free(*t);
}

static void forget(struct ticket *t)
{
    *t = (struct ticket){0};
}

static bool is_over(const struct ticket *t, int64_t now_ms)
{
    return now_ms - t->since_ms >= TICKET_MS;
}

/* A free place; else that of the oldest. A member who has as many as he may have gives his own oldest. */
static struct ticket *place_for(struct half_logins *t, uint32_t member_slot, int64_t now_ms)
{
    struct ticket *free_one = NULL, *oldest = NULL, *own = NULL;
    unsigned n_own = 0;

    for (size_t i = 0; i < MAX; i++) {
        struct ticket *k = &t->tickets[i];
        if (k->is_used && is_over(k, now_ms))
            forget(k);
        if (!k->is_used) {
            free_one = k;
            continue;
        }
        if (oldest == NULL || k->number < oldest->number)
            oldest = k;
        if (k->who.member_slot != member_slot)
            continue;
        n_own++;
        if (own == NULL || k->number < own->number)
            own = k;
    }
    if (n_own >= MAX_OF_MEMBER)
        return own;
    return free_one != NULL ? free_one : oldest;
}

enum kw_err half_login_begin(struct half_logins *t, struct half_login who, int64_t now_ms,
                             char ticket[TICKET_LEN + 1])
{
    struct digest digest;

    TRY(random_base62(ticket, TICKET_LEN));
    ticket[TICKET_LEN] = '\0';
    digest_of((struct str){ticket, TICKET_LEN}, &digest);
    pthread_mutex_lock(&t->lock);
    *place_for(t, who.member_slot, now_ms) = (struct ticket){
        .is_used = true,
        .digest = digest,
        .who = who,
        .since_ms = now_ms,
        .number = t->n_made++,
    };
    pthread_mutex_unlock(&t->lock);
    return KW_OK;
}

/* Under the lock. NULL: there is none. */
static struct ticket *find(struct half_logins *t, struct str text)
{
    struct digest digest;
    struct ticket *found = NULL;

    if (text.n != TICKET_LEN)
        return NULL;
    digest_of(text, &digest);
    for (size_t i = 0; i < MAX; i++)
        if (t->tickets[i].is_used && digest_eq(&t->tickets[i].digest, &digest))
            found = &t->tickets[i];
    return found;
}

enum kw_err half_login_try(struct half_logins *t, struct str ticket, int64_t now_ms,
                           struct half_login *out)
{
    enum kw_err err = KW_ENOTFOUND;

    pthread_mutex_lock(&t->lock);
    struct ticket *k = find(t, ticket);
    if (k != NULL && !is_over(k, now_ms) && k->n_tries < TICKET_CODES) {
        k->n_tries++;
        *out = k->who;
        err = KW_OK;
    }
    pthread_mutex_unlock(&t->lock);
    return err;
}

bool half_login_end(struct half_logins *t, struct str ticket)
{
    pthread_mutex_lock(&t->lock);
    struct ticket *k = find(t, ticket);
    if (k != NULL)
        forget(k);
    pthread_mutex_unlock(&t->lock);
    return k != NULL;
}

void half_login_end_member(struct half_logins *t, uint32_t member_slot)
{
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < MAX; i++)
        if (t->tickets[i].is_used && t->tickets[i].who.member_slot == member_slot)
            forget(&t->tickets[i]);
    pthread_mutex_unlock(&t->lock);
}
