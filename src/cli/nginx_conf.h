/* nginx_conf.h - what `nginx -T` prints, as a tree of directives. */
#ifndef CLI_NGINX_CONF_H
#define CLI_NGINX_CONF_H

#include "base/str.h"

/* The text is one file behind the other, each below a line "# configuration file /etc/nginx/nginx.conf:"; an `include` is
 * replaced by the files that it names. A text without such lines is one file. Enough of nginx's grammar to judge a
 * configuration that nginx has accepted; `nginx -t` says whether it has.
 *
 * Pure: no file is opened. */
enum { NGINX_DEPTH_MAX = 24, NGINX_FILES_MAX = 1024, NGINX_DIRECTIVES_MAX = 50000 };

struct nginx_directive {
    struct str file; /* borrows from the text, like the words; empty: the text had no such lines */
    uint32_t line;
    int32_t parent;   /* the block it stands in; -1: none */
    int32_t previous; /* in the same block; -1: this is the first */
    int32_t last;     /* in this block; -1: it is none, or empty */
    bool is_block;
    uint32_t first_word,
        n_words; /* the name first; without the quotes around them, otherwise as written */
};

struct nginx_conf { /* owns; in the order of the text, each block before what is in it */
    struct nginx_directive *directives;
    size_t n, cap;
    int32_t last; /* outside of all blocks */
    struct str *words;
    size_t n_words, cap_words;
};

/* On an error *bad has the file and line where it cannot be read any more: KW_ESYNTAX; KW_ERANGE: too deep, or too many. KW_ENOMEM. */
enum kw_err nginx_conf_read(struct str text, struct nginx_conf *out,
                            struct nginx_directive *bad) MUST_USE;
void nginx_conf_deinit(struct nginx_conf *c); /* for AUTO */

/* Word i of directive d; the empty string where there are not so many. Word 0 is the name. */
struct str nginx_word(const struct nginx_conf *c, size_t d, size_t i);
bool nginx_is(const struct nginx_conf *c, size_t d, const char *name);

/* The last directive in a block (-1: outside of all); from there on, `previous` leads to the first. */
int32_t nginx_last(const struct nginx_conf *c, int32_t block);

/* The directive of a name that holds in a block: its own, or the nearest block's around it. The last of several; -1: none. */
int32_t nginx_effective(const struct nginx_conf *c, int32_t block, const char *name);

#endif
