/* fuzz_nginx_conf.c - any text is a tree whose words lie within it, or refused; and a tree can be judged. */
#include "cli/nginx_check.h"
#include "fuzz.h"

static void check_words(const struct nginx_conf *c, struct str text)
{
    for (size_t i = 0; i < c->n_words; i++)
        MUST(c->words[i].p >= text.p && c->words[i].p + c->words[i].n <= text.p + text.n);
}

static void check_tree(const struct nginx_conf *c)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct nginx_directive *d = &c->directives[i];
        MUST(d->n_words > 0 && d->first_word + d->n_words <= c->n_words);
        MUST(d->parent < (int32_t)i && (d->parent < 0 || c->directives[d->parent].is_block));
        MUST(d->previous < (int32_t)i && (d->last < 0 || d->is_block));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = {(const char *)data, n};
    AUTO(nginx_conf_deinit) struct nginx_conf c = {.last = -1};
    AUTO(findings_deinit) struct findings f = {.n = 0};
    struct nginx_directive bad;

    if (nginx_conf_read(text, &c, &bad) != KW_OK) {
        MUST(bad.line > 0 && c.n == 0);
        return 0;
    }
    check_words(&c, text);
    check_tree(&c);
    if (c.n < 2000) /* an include may make much of little, and each location is judged by itself */
        nginx_check(&c, "/run/keyward", &f);
    return 0;
}
