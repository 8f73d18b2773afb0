/* decision.c - what one decision costs, among few keys and many, beside one hash of a key.
 *
 *     bench-decision POLICY_FILE [LARGEST [NAME]]
 *
 * LARGEST leaves out what needs more keys than that; NAME, for a profiler, measures that one alone.
 *
 * All figures come from rounds that take turns, so that a noisy machine is noisy to all of them alike; each is the
 * median of its rounds. */
#include <keyward/keyward.h>

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "crypto/secret.h"
#include "town.h"

/* A round fits the smaller ring of a verifier. */
enum { ROUND = 1024, ROUNDS = 201, TOWNS = 3 };

struct round { /* the keys of one round, and who is asked */
    struct town *town;
    enum kw_verdict want;
    struct key_text texts[ROUND];
};

/* Which keys a round asks with. */
typedef void fill_fn(struct round *r, struct stream *s);

/* The nanoseconds it took. */
typedef uint64_t run_fn(struct round *r);

static void fill_known(struct round *r, struct stream *s)
{
    for (size_t i = 0; i < ROUND; i++)
        key_text_of(stream_next(s) % r->town->n_keys, &r->texts[i]);
}

static void fill_one(struct round *r, struct stream *s)
{
    key_text_of(stream_next(s) % r->town->n_keys, &r->texts[0]);
    for (size_t i = 1; i < ROUND; i++)
        r->texts[i] = r->texts[0];
}

static void fill_unknown(struct round *r, struct stream *s)
{
    for (size_t i = 0; i < ROUND; i++)
        key_text_of(stream_next(s) | UINT64_C(1) << 40, &r->texts[i]);
}

/* One letter of the secret is another: the checksum does not hold. */
static void fill_malformed(struct round *r, struct stream *s)
{
    fill_known(r, s);
    for (size_t i = 0; i < ROUND; i++)
        r->texts[i].p[40] = r->texts[i].p[40] == 'x' ? 'y' : 'x';
}

/* The yardstick does not change when we hash in another way: OpenSSL's EVP, fetched once, its context reused. */
static uint64_t run_hash(struct round *r)
{
    static EVP_MD_CTX *context;
    unsigned char digest[DIGEST_LEN];

    if (context == NULL) {
        context = EVP_MD_CTX_new();
        EVP_DigestInit_ex2(context, EVP_MD_fetch(NULL, "SHA256", NULL), NULL);
    }
    uint64_t begin = thread_ns();
    for (size_t i = 0; i < ROUND; i++) {
        EVP_DigestInit_ex2(context, NULL, NULL);
        EVP_DigestUpdate(context, r->texts[i].p, r->texts[i].n);
        EVP_DigestFinal_ex(context, digest, NULL);
    }
    return thread_ns() - begin;
}

static uint64_t run_decisions(struct round *r)
{
    struct kw_request ask = town_request;
    struct kw_decision d;
    struct kw_str key;
    unsigned as_wanted = 0;
    uint64_t begin = thread_ns();

    ask.keys = &key;
    for (size_t i = 0; i < ROUND; i++) {
        key = (struct kw_str){r->texts[i].p, r->texts[i].n};
        must("decision", kw_authorize(r->town->engine, &ask, &d));
        as_wanted += d.verdict == r->want;
    }
    uint64_t took = thread_ns() - begin;
    must("a decision came out otherwise", as_wanted == ROUND ? KW_OK : KW_EDAMAGED);
    return took;
}

struct probe {
    const char *name;
    fill_fn *fill;
    run_fn *run;
    size_t town;
    enum kw_verdict want;
    double ns[ROUNDS];
};

static struct probe probes[] = {
    {"sha256_key", fill_known, run_hash, 0, KW_DENY, {0}},
    {"decision_hot", fill_one, run_decisions, 0, KW_ALLOW, {0}},
    {"decision_hit_1e3", fill_known, run_decisions, 0, KW_ALLOW, {0}},
    {"decision_hit_1e6", fill_known, run_decisions, 1, KW_ALLOW, {0}},
    {"decision_hit_1e7", fill_known, run_decisions, 2, KW_ALLOW, {0}},
    {"decision_miss_1e6", fill_unknown, run_decisions, 1, KW_DENY, {0}},
    {"decision_malformed", fill_malformed, run_decisions, 0, KW_DENY, {0}},
};

static bool is_asked_for(const struct probe *p, size_t n_towns, const char *name)
{
    return p->town < n_towns && (name == NULL || strcmp(p->name, name) == 0);
}

static void run_round(struct probe *p, struct town *towns, size_t number, struct stream *s)
{
    static struct round round;

    round.town = &towns[p->town];
    round.want = p->want;
    p->fill(&round, s);
    town_tend(round.town);
    p->ns[number] = (double)p->run(&round) / ROUND;
}

static void report(size_t n_towns)
{
    double hash = median_of(probes[0].ns, ROUNDS);
    char name[64];

    figure(probes[0].name, hash, "ns");
    for (size_t i = 1; i < COUNT_OF(probes); i++) {
        if (probes[i].town >= n_towns)
            continue;
        double ns = median_of(probes[i].ns, ROUNDS);
        snprintf(name, sizeof name, "%s_ratio", probes[i].name);
        figure(probes[i].name, ns, "ns");
        figure(name, ns / hash, "x");
    }
}

static void report_one(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(probes); i++)
        if (strcmp(probes[i].name, name) == 0)
            figure(name, median_of(probes[i].ns, ROUNDS), "ns");
}

int main(int argc, char **argv)
{
    static const uint32_t sizes[TOWNS] = {1000, 1000000, 10000000};
    uint32_t largest = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : sizes[TOWNS - 1];
    const char *name = argc > 3 ? argv[3] : NULL;
    struct town towns[TOWNS];
    struct stream s = {7};
    size_t n_towns = 0;

    if (argc < 2) {
        fprintf(stderr, "usage: bench-decision POLICY_FILE [LARGEST [NAME]]\n");
        return 2;
    }
    for (; n_towns < TOWNS && sizes[n_towns] <= largest; n_towns++)
        town_make(&towns[n_towns], sizes[n_towns], argv[1]);
    for (size_t number = 0; number < ROUNDS; number++)
        for (size_t i = 0; i < COUNT_OF(probes); i++)
            if (is_asked_for(&probes[i], n_towns, name))
                run_round(&probes[i], towns, number, &s);
    if (name == NULL)
        report(n_towns);
    else
        report_one(name);
    while (n_towns > 0)
        town_remove(&towns[--n_towns]);
    return 0;
}
