/* fuzz_forwarded.c - whatever a proxy says, the client is nobody's but an address to its right, and what is believed was
 * said once.
 *
 * The input is a line per field: a digit for its name, then its value; the last line is for X-Forwarded-For alone. */
#include "core/forwarded.h"
#include "fuzz.h"

static const struct kw_network ours = {.address = {[10] = 0xff, [11] = 0xff, [12] = 10},
                                       .prefix = 104};
static const struct kw_host host = {{"api.test", 8}, KW_PRODUCTION};
static const struct kw_trust trust = {.proxies = &ours, .n_proxies = 1, .hosts = &host, .n_hosts = 1};

static void check_walk(struct str hops)
{
    char buf[ADDRESS_TEXT_MAX];
    struct address a, again;

    if (forwarded_client(&trust, hops, &a) != KW_OK)
        return;
    struct str text = {buf, address_print(&a, buf)};
    MUST(forwarded_hop_parse(text, &again) == KW_OK && memcmp(&a, &again, sizeof a) == 0);
    /* Whoever the client is, what it wrote in front of its own address changes nothing. */
    struct str right = hops;
    if (!forwarded_is_trusted(&trust, &a) && str_cut(hops, ',', &text, &right) &&
        forwarded_client(&trust, right, &again) == KW_OK && !forwarded_is_trusted(&trust, &again))
        MUST(memcmp(&a, &again, sizeof a) == 0);
}

static struct str read_lines(struct str text, struct kw_forwarded *f)
{
    struct str line;

    while (str_cut(text, '\n', &line, &text)) {
        unsigned field = line.n > 0 ? (unsigned char)line.p[0] - (unsigned)'0' : KW_N_FORWARDED;
        if (field >= KW_N_FORWARDED)
            continue;
        f->value[field] = (struct kw_str){line.p + 1, line.n - 1};
        f->n[field]++;
    }
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const uint8_t peer[16] = {[10] = 0xff, [11] = 0xff, [12] = 10, [15] = 1};
    static const uint8_t stranger[16] = {[15] = 1};
    struct kw_forwarded f = {.n = {0}};
    struct kw_request r = {.flags = KW_REQ_TLS | KW_REQ_LOOPBACK}, s = r;

    check_walk(read_lines((struct str){(const char *)data, n}, &f));
    kw_forwarded_read(&trust, peer, &f, &r);
    MUST((r.flags & (KW_REQ_LOOPBACK | KW_REQ_UNTRUSTED_PEER)) == 0);
    if ((r.flags & KW_REQ_FORWARDED_AMBIGUOUS) == 0) {
        MUST(r.method.n > 0 && r.target.n > 0 && f.n[KW_FORWARDED_FOR] == 1);
        for (size_t i = 0; i < KW_N_FORWARDED; i++)
            MUST(f.n[i] <= 1);
    }
    kw_forwarded_read(&trust, stranger, &f, &s);
    MUST(s.flags == (KW_REQ_TLS | KW_REQ_LOOPBACK | KW_REQ_UNTRUSTED_PEER) && s.target.n == 0);
    return 0;
}
