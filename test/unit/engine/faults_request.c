/* faults_request.c - what may be unusual about a request; see faults.h. */
#include "engine/faults.h"

#include <stdio.h>

void nothing(struct scene *s)
{
    (void)s;
}

void ambiguous_path(struct scene *s)
{
    target(s, "GET", "/me/../admin");
}

static char url[KEY_MAX + 16];

void key_in_path(struct scene *s)
{
    snprintf(url, sizeof url, "/me/%.*s", (int)s->text.n, s->text.p);
    target(s, "GET", url);
}

void key_in_query(struct scene *s)
{
    snprintf(url, sizeof url, "/me?a=%.*s", (int)s->text.n, s->text.p);
    target(s, "GET", url);
}

void header_in_query(struct scene *s)
{
    target(s, "GET", "/me?X_Api_Key=1");
}

void key_in_cookie(struct scene *s)
{
    s->cookie = s->ask.key;
    s->ask.request.cookies = &s->cookie;
    s->ask.request.n_cookies = 1;
}

void untrusted_peer(struct scene *s)
{
    s->ask.request.flags |= KW_REQ_UNTRUSTED_PEER;
}

void forwarded_ambiguous(struct scene *s)
{
    s->ask.request.flags |= KW_REQ_FORWARDED_AMBIGUOUS;
}

void plain_http(struct scene *s)
{
    s->ask.request.flags = 0;
}

void plain_http_on_loopback(struct scene *s)
{
    s->ask.request.flags = KW_REQ_LOOPBACK;
}

void closed_route(struct scene *s)
{
    target(s, "GET", "/admin");
}

void unknown_method(struct scene *s)
{
    target(s, "BREW", "/me");
}

void public_route(struct scene *s)
{
    target(s, "GET", "/health");
}

void no_key(struct scene *s)
{
    s->ask.request.n_keys = 0;
}

void foreign_bearer_alone(struct scene *s)
{
    static const struct kw_str foreign = {"ya29.something", 14};

    s->ask.request.n_keys = 0;
    s->ask.request.bearers = &foreign;
    s->ask.request.n_bearers = 1;
}

void key_as_bearer(struct scene *s)
{
    s->ask.request.n_keys = 0;
    s->ask.request.bearers = &s->ask.key;
    s->ask.request.n_bearers = 1;
}

void foreign_bearer_beside(struct scene *s)
{
    foreign_bearer_alone(s);
    s->ask.request.n_keys = 1;
}

void key_twice(struct scene *s)
{
    s->two[0] = s->two[1] = s->ask.key;
    s->ask.request.keys = s->two;
    s->ask.request.n_keys = 2;
}

void key_and_token(struct scene *s)
{
    static const struct kw_str token = {"mkt_live_x", 10};

    s->ask.request.bearers = &token;
    s->ask.request.n_bearers = 1;
}

void broken_checksum(struct scene *s)
{
    s->text.p[s->text.n - 1] = s->text.p[s->text.n - 1] == 'a' ? 'b' : 'a';
}

void one_character_less(struct scene *s)
{
    s->ask.key.n--;
}

static void one_byte_more(struct scene *s, char byte)
{
    static char longer[KEY_MAX + 1];

    memcpy(longer, s->text.p, s->text.n);
    longer[s->text.n] = byte;
    s->ask.key = (struct kw_str){longer, s->text.n + 1};
}

void nul_behind(struct scene *s)
{
    one_byte_more(s, '\0');
}

void tab_behind(struct scene *s)
{
    one_byte_more(s, '\t');
}

void ff_behind(struct scene *s)
{
    one_byte_more(s, '\xff');
}

void space_behind(struct scene *s)
{
    one_byte_more(s, ' ');
}

void empty_key(struct scene *s)
{
    s->ask.key = (struct kw_str){0};
}

void six_kilobytes(struct scene *s)
{
    static char much[6144];

    memset(much, 'a', sizeof much);
    memcpy(much, s->text.p, s->text.n);
    s->ask.key = (struct kw_str){much, sizeof much};
}
