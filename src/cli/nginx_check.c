/* nginx_check.c - see nginx_check.h. */
#include "cli/nginx_check.h"

#include <stdio.h>
#include <strings.h>

enum { PLACE_MAX = 160, VARIABLE_MAX = 80 };

struct judging {
    const struct nginx_conf *c;
    struct findings *out;
    size_t n_protected;
};

static const struct nginx_directive *at(const struct judging *j, int32_t d)
{
    return &j->c->directives[d];
}

static struct str word(const struct judging *j, int32_t d, size_t i)
{
    return d < 0 ? (struct str){NULL, 0} : nginx_word(j->c, (size_t)d, i);
}

static bool is(const struct judging *j, int32_t d, const char *name)
{
    return d >= 0 && nginx_is(j->c, (size_t)d, name);
}

static bool holds(const struct judging *j, int32_t block, const char *name, const char *value)
{
    return str_eq(word(j, nginx_effective(j->c, block, name), 1), str_from(value));
}

/* "/etc/nginx/nginx.conf:12" */
static const char *place(const struct judging *j, int32_t d, char out[PLACE_MAX])
{
    struct str file = at(j, d)->file;

    snprintf(out, PLACE_MAX, "%.*s%s%u", (int)(file.n > 120 ? 120 : file.n),
             file.p == NULL ? "" : file.p, file.n == 0 ? "line " : ":", at(j, d)->line);
    return out;
}

static void say(const struct judging *j, int32_t d, enum finding_level level, const char *remedy,
                const char *what)
{
    char where[PLACE_MAX];
    struct str name = word(j, d, 0);

    finding_add(j->out, "nginx", level, remedy, "%s: %.*s %s", place(j, d, where),
                (int)(name.n > 40 ? 40 : name.n), name.p, what);
}

/* ---- variables ---- */

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The next "$name" or "${name}" in a word; *rest moves behind it. */
static bool next_variable(struct str *rest, struct str *name)
{
    struct str before;

    while (str_cut(*rest, '$', &before, rest)) {
        size_t skip = rest->n > 0 && rest->p[0] == '{' ? 1 : 0, n = skip;
        while (n < rest->n && is_name(rest->p[n]))
            n++;
        *name = (struct str){rest->p + skip, n - skip};
        if (name->n > 0)
            return true;
    }
    return false;
}

/* The variable that holds the key: $http_x_api_key, or that of keyward_header. */
static void key_variable(const struct judging *j, int32_t block, char out[VARIABLE_MAX])
{
    struct str header = word(j, nginx_effective(j->c, block, "keyward_header"), 1);

    if (header.n == 0 || header.n > VARIABLE_MAX - 8)
        header = STR("x-api-key");
    int n = snprintf(out, VARIABLE_MAX, "http_%.*s", (int)header.n, header.p);
    for (int i = 0; i < n; i++)
        if (out[i] == '-')
            out[i] = '_'; /* letter case is ignored by is_key */
}

static bool is_key(struct str name, const char *key)
{
    return name.n == strlen(key) && strncasecmp(name.p, key, name.n) == 0;
}

static bool holds_what_clients_put_there(struct str name)
{
    static const char *const names[] = {
        "request",      "request_uri", "args",         "query_string", "uri",
        "document_uri", "http_cookie", "request_body", "http_referer", "http_authorization"};

    return STR_IN(name, names) < COUNT_OF(names) || str_starts(name, STR("arg_")) ||
           str_starts(name, STR("cookie_"));
}

/* ---- what answers before the check ---- */

static const char protects[] =
    "Protect what serves content: proxy_pass, root, … ; leave redirects to "
    "locations of their own";

static bool is_2xx(struct str code)
{
    return code.n == 3 && code.p[0] == '2';
}

static void judge_answer(const struct judging *j, int32_t d)
{
    struct str last = word(j, d, 3);

    if (is(j, d, "return"))
        say(j, d, is_2xx(word(j, d, 1)) ? FINDING_FAIL : FINDING_WARN, protects,
            "in a protected location answers before the check");
    if (is(j, d, "rewrite") && (str_eq(last, STR("redirect")) || str_eq(last, STR("permanent"))))
        say(j, d, FINDING_WARN, protects,
            "to a redirect, in a protected location, answers before the check");
}

/* Of a location, and of the `if`s in it. */
static void judge_answers(const struct judging *j, int32_t location)
{
    for (int32_t d = nginx_last(j->c, location); d >= 0; d = at(j, d)->previous) {
        judge_answer(j, d);
        for (int32_t in = is(j, d, "if") ? at(j, d)->last : -1; in >= 0; in = at(j, in)->previous)
            judge_answer(j, in);
    }
}

/* ---- what holds in a protected location, wherever it stands ---- */

static void judge_error_page(const struct judging *j, int32_t location)
{
    int32_t d = nginx_effective(j->c, location, "error_page");
    bool to_200 = false;

    for (size_t i = 1; d >= 0 && i < at(j, d)->n_words; i++)
        to_200 |= str_starts(word(j, d, i), STR("=2"));
    if (d >= 0)
        say(j, d, to_200 ? FINDING_FAIL : FINDING_WARN,
            "Keyward's answers pass it by; see that the upstream's refusals may be replaced, and "
            "never by a 200",
            "holds in a protected location");
}

static void judge_caches(const struct judging *j, int32_t location)
{
    static const char *const caches[] = {"proxy_cache", "fastcgi_cache", "uwsgi_cache", "scgi_cache"};

    for (size_t i = 0; i < COUNT_OF(caches); i++) {
        int32_t d = nginx_effective(j->c, location, caches[i]);
        if (d >= 0 && !str_eq(word(j, d, 1), STR("off")))
            say(j, d, FINDING_FAIL,
                "Switch it off there, or put $keyward_account into its key; an answer made for one "
                "account is otherwise given to others",
                "holds in a protected location");
    }
}

static void judge_headers(const struct judging *j, int32_t location)
{
    int32_t d = nginx_effective(j->c, location, "proxy_pass_request_headers");

    if (d >= 0 && str_eq(word(j, d, 1), STR("off")))
        say(j, d, FINDING_FAIL, "Take it away: the upstream does not learn who is asking",
            "off, in a protected location, drops the identity headers");
}

/* ---- the log ---- */

static const char logs[] =
    "Use $keyward_request in the place of $request: log_format keyward "
    "'$remote_addr [$time_iso8601] \"$keyward_request\" $status $keyward_request_id'";

static int32_t find_format(const struct judging *j, struct str name)
{
    for (size_t i = 0; i < j->c->n; i++)
        if (nginx_is(j->c, i, "log_format") && str_eq(nginx_word(j->c, i, 1), name))
            return (int32_t)i;
    return -1;
}

static void judge_format(const struct judging *j, int32_t format, const char *key)
{
    char where[PLACE_MAX];
    struct str name;

    for (size_t i = 2; i < at(j, format)->n_words; i++) {
        struct str rest = word(j, format, i);
        while (next_variable(&rest, &name))
            if (is_key(name, key) || holds_what_clients_put_there(name))
                finding_add(
                    j->out, "nginx", FINDING_FAIL, logs,
                    "%s: the log of a protected location may hold keys: $%.*s in log_format %.*s",
                    place(j, format, where), (int)name.n, name.p, (int)word(j, format, 1).n,
                    word(j, format, 1).p);
    }
}

/* Without a word for its form, and without any access_log at all, the form is nginx's own, with $request. */
static void judge_log(const struct judging *j, int32_t location, const char *key)
{
    int32_t d = nginx_effective(j->c, location, "access_log");
    struct str form = word(j, d, 2);

    if (str_eq(word(j, d, 1), STR("off")))
        return;
    bool is_own = form.n > 0 && memchr(form.p, '=', form.n) == NULL;
    int32_t format = is_own ? find_format(j, form) : -1;
    if (format >= 0) {
        judge_format(j, format, key);
        return;
    }
    if (d >= 0)
        say(j, d, FINDING_FAIL, logs,
            "of a protected location is in the form \"combined\", with $request: it may hold keys");
    else
        say(j, location, FINDING_FAIL, logs,
            "is protected and has no access_log: nginx's own is \"combined\", with $request");
}

/* ---- how it is reached ---- */

static bool is_loopback(struct str listen)
{
    return str_starts(listen, STR("127.")) || str_starts(listen, STR("[::1]")) ||
           str_starts(listen, STR("localhost")) || str_starts(listen, STR("unix:"));
}

static bool has_word(const struct judging *j, int32_t d, const char *wanted)
{
    for (size_t i = 1; i < at(j, d)->n_words; i++)
        if (str_eq(word(j, d, i), str_from(wanted)))
            return true;
    return false;
}

static void judge_listen(const struct judging *j, int32_t d, int32_t location, bool *has_tls)
{
    bool tls = has_word(j, d, "ssl") || has_word(j, d, "quic");

    *has_tls |= tls;
    if (tls || is_loopback(word(j, d, 1)))
        return;
    if (holds(j, location, "keyward_plaintext", "on"))
        say(j, d,
            FINDING_FAIL, "Use TLS, or listen on loopback alone; `keyward_plaintext on` lets keys cross the network readable",
            "of a protected location has no TLS, and keyward_plaintext is on");
    else
        say(j, d,
            FINDING_WARN, "Redirect to HTTPS in a server of its own; a key that is sent here is refused, but has been seen",
            "of a protected location has no TLS");
}

static void judge_tls(const struct judging *j, int32_t server)
{
    static const char *const old[] = {"SSLv2", "SSLv3", "TLSv1", "TLSv1.1"};
    int32_t d = nginx_effective(j->c, server, "ssl_protocols");

    if (d < 0)
        say(j, server, FINDING_WARN, "ssl_protocols TLSv1.2 TLSv1.3;",
            "has no ssl_protocols: older nginx then speaks TLS 1.0 and 1.1");
    for (size_t i = 0; d >= 0 && i < COUNT_OF(old); i++)
        if (has_word(j, d, old[i]))
            say(j, d, FINDING_FAIL, "ssl_protocols TLSv1.2 TLSv1.3;",
                "allows a version below TLS 1.2");
}

static void judge_server(const struct judging *j, int32_t server, int32_t location)
{
    bool has_tls = false, has_listen = false;

    for (int32_t d = nginx_last(j->c, server); d >= 0; d = at(j, d)->previous)
        if (is(j, d, "listen")) {
            judge_listen(j, d, location, &has_tls);
            has_listen = true;
        }
    if (!has_listen)
        say(j, server, FINDING_WARN, "Say where it listens, with TLS",
            "has no listen: it answers on port 80, without TLS");
    if (has_tls)
        judge_tls(j, server);
}

/* ---- what uses the key ---- */

static void judge_word(const struct judging *j, int32_t d, struct str rest)
{
    char key[VARIABLE_MAX];
    struct str name;

    while (next_variable(&rest, &name)) {
        if (name.n < 5 || strncasecmp(name.p, "http_", 5) != 0)
            continue;
        key_variable(j, at(j, d)->parent, key);
        if (is_key(name, key))
            say(j, d, FINDING_FAIL,
                "Use $keyward_key_id: it names the key and is no secret; nothing but Keyward needs "
                "the key itself",
                "takes the key out of its header");
    }
}

/* What is logged is judged where it is used. */
static void judge_uses(const struct judging *j)
{
    for (size_t i = 0; i < j->c->n; i++)
        for (size_t w = 1; w < j->c->directives[i].n_words && !nginx_is(j->c, i, "log_format"); w++)
            judge_word(j, (int32_t)i, nginx_word(j->c, i, w));
}

/* ---- all of it ---- */

static int32_t server_of(const struct judging *j, int32_t block)
{
    while (block >= 0 && !is(j, block, "server"))
        block = at(j, block)->parent;
    return block;
}

/* A block in which requests end: a location; or a server, for those that no location is for. */
static bool ends_requests(const struct judging *j, int32_t d)
{
    return at(j, d)->is_block && (is(j, d, "location") || is(j, d, "server")) && server_of(j, d) >= 0;
}

static void judge_protected(struct judging *j, int32_t location)
{
    char key[VARIABLE_MAX];

    j->n_protected++;
    key_variable(j, location, key);
    judge_answers(j, location);
    judge_error_page(j, location);
    judge_caches(j, location);
    judge_headers(j, location);
    judge_log(j, location, key);
    judge_server(j, server_of(j, location), location);
}

static void judge_state(const struct judging *j, const char *run_dir)
{
    char where[PLACE_MAX];
    size_t n = strlen(run_dir);

    for (size_t i = 0; i < j->c->n; i++) {
        struct str said = nginx_word(j->c, i, 1);
        if (!nginx_is(j->c, i, "keyward_state"))
            continue;
        if (!str_starts(said, str_from(run_dir)) ||
            (said.n > n && (said.n > n + 1 || said.p[n] != '/')))
            finding_add(j->out, "nginx", FINDING_FAIL, "Name the run_dir of keyward.yaml",
                        "%s: keyward_state is %.*s, this installation has %s",
                        place(j, (int32_t)i, where), (int)said.n, said.p, run_dir);
    }
}

void nginx_check(const struct nginx_conf *c, const char *run_dir, struct findings *out)
{
    struct judging j = {.c = c, .out = out};
    size_t before = out->n;

    for (size_t i = 0; i < c->n; i++)
        if (ends_requests(&j, (int32_t)i) && holds(&j, (int32_t)i, "keyward", "on"))
            judge_protected(&j, (int32_t)i);
    judge_uses(&j);
    judge_state(&j, run_dir);
    if (j.n_protected == 0)
        finding_add(out, "nginx", FINDING_WARN, "`keyward on;` in a server or location protects it",
                    "no location is protected");
    else if (out->n == before)
        finding_add(out, "nginx", FINDING_OK, NULL,
                    "%zu protected blocks, and nothing to say about them", j.n_protected);
}

struct str nginx_user(const struct nginx_conf *c)
{
    int32_t d = nginx_effective(c, -1, "user");

    return d < 0 ? STR("www-data") : nginx_word(c, (size_t)d, 1);
}
