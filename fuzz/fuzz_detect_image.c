/* fuzz_detect_image.c - whatever an image of usage.db says, the detectors go on; what is none is refused. */
#include "fuzz.h"
#include "watch/detect.h"

static enum kw_err found(void *ctx, const struct finding *f)
{
    (void)ctx;
    MUST((unsigned)f->detector < N_DETECTORS && f->n_facts <= FINDING_FACTS_MAX);
    return KW_OK;
}

/* A use, and an amount, of the key whose image it is. */
static void go_on(struct detect *d)
{
    const struct detect_who who = {.key = 7, .account = STR("acme")};
    const int64_t now_us = INT64_C(1795521600) * 1000000;
    struct event e = {.kind = EVENT_DECISION,
                      .count = 1,
                      .environment = KW_PRODUCTION,
                      .route_class = KW_CLASS_TRANSACT,
                      .reason = KW_WHY_ALLOWED,
                      .status = 200,
                      .flags = EVENT_PROVED | EVENT_TLS};
    struct spend_event s = {.what = SPEND_DID_RESERVE,
                            .key = STR("7Q2mK4T9xJ1aB0"),
                            .currency = STR("NGN"),
                            .decimals = 2,
                            .amount = amount_max(),
                            .destination = STR("acct_1")};

    MUST(detect_event(d, &who, &e, now_us) == KW_OK);
    MUST(detect_spend(d, &who, &s, now_us) == KW_OK);
    e.flags = 0;
    e.reason = KW_WHY_WRONG_SECRET;
    e.status = 401;
    MUST(detect_event(d, &who, &e, now_us + 3600000000) == KW_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const struct detect_options o = {.found = found};
    struct detect *d;

    if (n == 0 || detect_new(&o, &d) != KW_OK)
        return 0;
    enum detect_table t = data[0] % DETECT_N_TABLES;
    uint32_t no = detect_table_size(t) == 0 ? 7 : 0;
    enum kw_err err = detect_put(d, t, no, (struct str){(const char *)data + 1, n - 1});
    MUST(err == KW_OK || err == KW_EDAMAGED || err == KW_EFORMAT);
    go_on(d);
    detect_free(d);
    return 0;
}
