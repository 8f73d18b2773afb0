/* passes.h - access tokens of a key in a house, for one test: made, put, and asked with. */
#ifndef TEST_SYNC_PASSES_H
#define TEST_SYNC_PASSES_H

#include "sync/house.h"

struct passes {
    struct house house;
    struct grant key; /* of which they are */
    char text[KEY_MAX];
};

struct pass { /* a family, and its access token */
    struct family family;
    char token[KEY_TOKEN_MAX];
    size_t len;
};

void passes_open(struct passes *t);
void passes_close(struct passes *t);
int64_t passes_now_ms(const struct passes *t);

struct pass pass_of(const struct passes *t, unsigned number); /* not put yet */
struct pass pass_made(struct passes *t, unsigned number);     /* put, which has to succeed */
enum kw_err pass_put(struct passes *t, struct family *f);
enum kw_err pass_end(struct passes *t, struct pass *p);

enum kw_reason pass_ask(const struct passes *t, const struct pass *p);
void pass_assert(const struct passes *t, const struct pass *p, enum kw_reason why);

#endif
