/* detect_place.c - from where a key comes: a network or a country that is new to it, or where only sandbox keys lived. */
#include "record/hash.h"
#include "watch/detect_state.h"

/* A key that was hardly used is not known well enough. */
enum { USES_LEAST = 10 };

static bool is_learnt(const struct sight *s, const struct key_habits *k, enum threshold days)
{
    return k->n_uses >= USES_LEAST && s->now_s - k->first_s >= s->t->of[days] * (uint32_t)DAY_S;
}

/* ---- homes ---- */

/* An account has places of its own, which it may share with few others: so its networks push out its own at most. */
static uint32_t set_of(struct str account, uint64_t hash)
{
    uint64_t group = hash_bytes(account, 3) % (HOME_SETS / HOME_SETS_OF_ACCOUNT);

    return (uint32_t)(group * HOME_SETS_OF_ACCOUNT + hash % HOME_SETS_OF_ACCOUNT);
}

/* That of a network; or the one where nobody was for longest, which makes room. */
static struct home *home_in(struct home_set *set, uint64_t hash)
{
    struct home *oldest = &set->at[0];

    for (size_t i = 0; i < HOMES_PER_SET; i++) {
        struct home *h = &set->at[i];
        if (h->hash == hash)
            return h;
        oldest = h->last_day < oldest->last_day ? h : oldest;
    }
    *oldest = (struct home){.hash = hash};
    return oldest;
}

/* Whether the key may be used in this environment at all: what was refused before that was compared tells nothing of it. */
static bool is_of_its_environment(const struct event *e)
{
    return event_is_allowed(e) || e->reason == KW_WHY_IP_NOT_ALLOWED ||
           e->reason == KW_WHY_BROWSER_USE || e->reason == KW_WHY_PERMISSION_DENIED ||
           e->reason == KW_WHY_RATE_LIMITED || e->reason == KW_WHY_QUOTA_EXCEEDED;
}

/* On how many days only sandbox keys came from there, before a production key does; it does from now on. */
static uint32_t see_home(struct detect *d, const struct sight *s, uint64_t network)
{
    const bool is_sandbox = s->e->environment == KW_SANDBOX;
    uint64_t hash = hash_bytes(s->who->account, network);
    uint32_t no = set_of(s->who->account, hash), day = day_of(s->now_s);

    if (!is_of_its_environment(s->e) || (!is_sandbox && s->e->environment != KW_PRODUCTION))
        return 0;
    struct home *h = home_in(&d->homes[no], hash);
    uint32_t days = is_sandbox || h->has_production != 0 ? 0 : h->sandbox_days;
    if (h->last_day == day && (is_sandbox || h->has_production != 0))
        return days;
    if (is_sandbox)
        h->sandbox_days = (uint8_t)(h->sandbox_days + (h->sandbox_days < UINT8_MAX));
    else
        h->has_production = 1;
    h->last_day = (uint16_t)day;
    d->homes[no].format = DETECT_FORMAT;
    d->is_home_changed[no] = true;
    return days;
}

static bool is_far_home(const struct sight *s, const struct key_habits *k, uint32_t days)
{
    return days >= s->t->of[SANDBOX_PLACE_DAYS] && is_learnt(s, k, NEW_NETWORK_LEARN);
}

static enum kw_err raise_home(struct detect *d, const struct sight *s, uint32_t days)
{
    struct finding f = detect_finding_of_key(s, DETECT_SANDBOX_PLACE, s->now_s);

    detect_fact_source(&f, &s->e->source);
    detect_fact_network(&f, &s->e->source);
    finding_number(&f, "sandboxDays", days);
    return detect_raise(d, s, &f);
}

/* ---- countries ---- */

static uint16_t number_of(const char country[3])
{
    return (uint16_t)((uint8_t)country[0] << 8 | (uint8_t)country[1]);
}

/* Whether it is new, and there was another. Who has been in so many countries is at home in all. */
static bool learn_country(struct key_habits *k, const struct located *p)
{
    uint16_t number = number_of(p->country);

    for (size_t i = 0; i < COUNTRIES_MAX && p->country[0] != '\0'; i++) {
        if (k->countries[i] == number)
            return false;
        if (k->countries[i] == 0) {
            k->countries[i] = number;
            return i > 0;
        }
    }
    return false;
}

/* A known network only teaches where it is: so a file that comes, or thinks otherwise than before, moves nobody. Where a key that has
 * learnt has no country yet, a new network may be a thief's, and makes no home. */
static bool is_new_country(struct key_habits *k, const struct located *p, bool is_new_network,
                           bool is_learnt)
{
    if (is_new_network && is_learnt && k->countries[0] == 0)
        return false;
    return learn_country(k, p) && is_new_network && is_learnt;
}

static enum kw_err raise_country(struct detect *d, const struct sight *s, const struct located *p)
{
    struct finding f = detect_finding_of_key(s, DETECT_NEW_COUNTRY, s->now_s);

    finding_text(&f, "country", str_from(p->country));
    detect_fact_source(&f, &s->e->source);
    if (p->as_number != 0)
        finding_number(&f, "asNumber", p->as_number);
    return detect_raise(d, s, &f);
}

/* ---- networks ---- */

/* Known is who comes from a known network, or one of a known operator: so a location file that comes or goes makes nothing new. What
 * a known network teaches of its operator says nothing of how usual new ones are. */
static enum known_answer see_operator(struct key_habits *k, uint32_t as_number, uint32_t day,
                                      struct known_limits l, enum known_answer network)
{
    l.is_learnt = l.is_learnt && network != KNOWN_BEFORE;
    enum known_answer seen = known_see(&k->operators, hash_stir(as_number), day, l);
    return network == KNOWN_BEFORE ? KNOWN_BEFORE : seen;
}

static enum kw_err raise_network(struct detect *d, const struct sight *s, const struct located *p)
{
    struct finding f = detect_finding_of_key(s, DETECT_NEW_NETWORK, s->now_s);

    detect_fact_source(&f, &s->e->source);
    detect_fact_network(&f, &s->e->source);
    if (p->country[0] != '\0')
        finding_text(&f, "country", str_from(p->country));
    if (p->as_number != 0)
        finding_number(&f, "asNumber", p->as_number);
    return detect_raise(d, s, &f);
}

static struct located locate(const struct detect *d, const struct address *a)
{
    struct located p = {.as_number = 0};

    if (d->o.locator.find == NULL || !d->o.locator.find(d->o.locator.ctx, a, &p))
        return (struct located){.as_number = 0};
    return p;
}

/* ---- all of it ---- */

/* Where several are true, the network alone is not told of. */
enum kw_err detect_place(struct detect *d, const struct sight *s, struct key_habits *k)
{
    const struct located p = locate(d, &s->e->source);
    const struct known_limits l = {is_learnt(s, k, NEW_NETWORK_LEARN), s->t->of[NEW_NETWORK_USUAL]};
    uint32_t day = day_of(s->now_s);
    uint64_t network = detect_network(&s->e->source);
    uint32_t sandbox_days = see_home(d, s, network);
    detect_see_ours(d, network, day);

    enum known_answer prefix = known_see(&k->networks, network, day, l), seen = prefix;
    if (p.as_number != 0)
        seen = see_operator(k, p.as_number, day, l, prefix);
    bool is_found = seen != KNOWN_BEFORE && is_far_home(s, k, sandbox_days);
    if (is_found)
        TRY(raise_home(d, s, sandbox_days));
    if (is_new_country(k, &p, prefix != KNOWN_BEFORE, is_learnt(s, k, NEW_COUNTRY_LEARN))) {
        TRY(raise_country(d, s, &p));
        is_found = true;
    }
    return is_found || seen != KNOWN_NEW || !l.is_learnt ? KW_OK : raise_network(d, s, &p);
}
