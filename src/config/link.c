/* link.c - see link.h. */
#include "config/link.h"

#include <stdio.h>

#include "core/key.h"
#include "crypto/digest.h"
#include "crypto/random.h"

enum kw_err link_make(struct member *m, enum member_link kind, int64_t now_ms, int64_t life_ms,
                      char text[LINK_TEXT_MAX + 1])
{
    AUTO(digest_wipe) struct digest digest = {.b = {0}};

    snprintf(text, LINK_TEXT_MAX + 1, "%s_", m->id);
    TRY(random_base62(text + KW_KEY_ID_LEN + 1, LINK_SECRET_LEN));
    text[LINK_TEXT_MAX] = '\0';
    digest_of((struct str){text, LINK_TEXT_MAX}, &digest);
    m->link = kind;
    memcpy(m->link_digest, digest.b, sizeof m->link_digest);
    m->link_ends_ms = now_ms + life_ms;
    return KW_OK;
}

void link_close(struct member *m)
{
    m->link = LINK_NONE;
    memset(m->link_digest, 0, sizeof m->link_digest);
    m->link_ends_ms = 0;
}

enum kw_err link_read(struct str text, struct str *id, struct digest *digest)
{
    struct str secret;

    if (text.n != LINK_TEXT_MAX || !str_cut(text, '_', id, &secret) || !key_id_ok(*id))
        return KW_ENOTFOUND;
    digest_of(text, digest);
    return KW_OK;
}

bool link_is_open(const struct member *m, const struct digest *digest, int64_t now_ms)
{
    struct digest kept;

    memcpy(kept.b, m->link_digest, sizeof kept.b);
    return digest_eq(&kept, digest) && m->link != LINK_NONE && m->state != MEMBER_REMOVED &&
           now_ms < m->link_ends_ms;
}

const char *link_name(enum member_link kind)
{
    switch (kind) {
    case LINK_NONE:
        return "none";
    case LINK_SETUP:
        return "setup";
    case LINK_INVITATION:
        return "invitation";
    case LINK_RESET:
        return "reset";
    }
    return "none";
}
