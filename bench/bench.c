/* bench.c - see bench.h. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "crypto/digest.h"

static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

void must(const char *what, enum kw_err err)
{
    if (err == KW_OK)
        return;
    fprintf(stderr, "bench: %s: %s\n", what, kw_strerror(err));
    exit(1);
}

void figure(const char *name, double value, const char *unit)
{
    printf("%s %.*f %s\n", name, value < 100 ? 2 : 0, value, unit);
    fflush(stdout);
}

uint64_t stream_next(struct stream *s)
{
    uint64_t z = s->at += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint64_t thread_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double median_of(double *values, size_t n)
{
    qsort(values, n, sizeof *values, ascending);
    return values[n / 2];
}

static void draw(struct stream *s, char *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = letters[stream_next(s) % 62];
}

void key_text_of(uint64_t i, struct key_text *out)
{
    struct stream s = {i * 0x2545f4914f6cdd1du};
    char id[KW_KEY_ID_LEN], secret[KEY_SECRET_LEN];

    draw(&s, id, sizeof id);
    draw(&s, secret, sizeof secret);
    out->n = key_print(STR("mk"), KW_SANDBOX, (struct str){id, sizeof id},
                       (struct str){secret, sizeof secret}, out->p);
}

struct grant key_grant_of(uint64_t i, const char *account, uint32_t account_slot)
{
    struct grant g = {.account_slot = account_slot,
                      .environment = KW_SANDBOX,
                      .permissions = KW_READ_ONLY,
                      .state = KEY_ACTIVE,
                      .created_ms = INT64_C(1790000000000),
                      .secret_since_ms = INT64_C(1790000000000),
                      .created_by = "uid:0",
                      .generation = 1,
                      .rotation_days = GRANT_ROTATION_DAYS,
                      .rate = {.n = 6000000, .window_s = 60, .burst = 600000},
                      .quota = {.n = 1000000, .window = QUOTA_MONTH}};
    struct key_text text;
    struct digest d;
    struct key key;

    key_text_of(i, &text);
    must("a key's own text", key_parse((struct str){text.p, text.n}, STR("mk"), &key));
    digest_of((struct str){text.p, text.n}, &d);
    memcpy(g.id, key.id.p, key.id.n);
    memcpy(g.digest, d.b, sizeof g.digest);
    snprintf(g.account, sizeof g.account, "%s", account);
    snprintf(g.name, sizeof g.name, "key %llu", (unsigned long long)i);
    return g;
}
