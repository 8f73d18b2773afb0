/* seal.c - the seal of a row: HMAC over its image, which names its kind, its object and its
 * version. */
#include "store/inside.h"

enum kw_err seal_image(struct store *s, struct digest *out)
{
    return sealer_mac(s->seals.row, buf_view(&s->image), (struct str){0}, out);
}

static enum kw_err refuse(struct store *s)
{
    s->seals_failed++;
    return KW_EDAMAGED;
}

/* A row whose values have no image cannot have been written by us. */
static enum kw_err check(struct store *s, enum kw_err err, const struct digest *seal)
{
    struct digest want;

    if (err == KW_EINVAL)
        return refuse(s);
    TRY(err);
    TRY(seal_image(s, &want));
    return digest_eq(&want, seal) ? KW_OK : refuse(s);
}

enum kw_err seal_check_key(struct store *s, const struct grant *g, const struct digest *seal)
{
    buf_clear(&s->image);
    return check(s, image_of_key(g, &s->image), seal);
}

enum kw_err seal_check_account(struct store *s, const struct account *a, const struct digest *seal)
{
    buf_clear(&s->image);
    return check(s, image_of_account(a, &s->image), seal);
}

enum kw_err seal_check_member(struct store *s, const struct member *m, const struct digest *seal)
{
    buf_clear(&s->image);
    return check(s, image_of_member(m, &s->image), seal);
}

enum kw_err seal_check_token(struct store *s, const struct token *t, const struct digest *seal)
{
    buf_clear(&s->image);
    return check(s, image_of_token(t, &s->image), seal);
}

enum kw_err seal_check_environment(struct store *s, const struct environment *e,
                                   const struct digest *seal)
{
    buf_clear(&s->image);
    return check(s, image_of_environment(e, &s->image), seal);
}

enum kw_err seal_check_family(struct store *s, const struct family *f, const struct digest *seal)
{
    buf_clear(&s->image);
    return check(s, image_of_family(f, &s->image), seal);
}

enum kw_err seal_check_spend_rules(struct store *s, const struct spend_row *r,
                                   const struct digest *seal)
{
    buf_clear(&s->image);
    return check(s, image_of_spend_rules(r, &s->image), seal);
}

enum kw_err seal_check_document(struct store *s, const struct document *d, const struct digest *seal)
{
    buf_clear(&s->image);
    return check(s, image_of_document(d, &s->image), seal);
}

enum kw_err seal_check_policy(struct store *s, uint32_t version, struct str document,
                              const struct digest *seal)
{
    buf_clear(&s->image);
    return check(s, image_of_policy(version, document, &s->image), seal);
}
