/* outbox_shelf.c - see outbox_shelf.h. */
#include "alerting/outbox_shelf.h"

#include "base/log.h"

enum { RETRY_US = 5 * 1000 * 1000 };

static bool is_damage(enum kw_err err)
{
    return err == KW_EDAMAGED || err == KW_EFORMAT;
}

static enum kw_err move_aside(const char *file)
{
    TRY(outbox_move_aside(file));
    log_error("%s is damaged, and moved aside: what waited for webhooks is lost", file);
    return KW_OK;
}

static enum kw_err open_or_replace(const char *file, struct outbox **out)
{
    enum kw_err err = outbox_open(file, out);

    if (!is_damage(err))
        return err;
    TRY(move_aside(file));
    return outbox_open(file, out);
}

enum kw_err outbox_shelf_open(struct outbox_shelf *s, const char *file, uint64_t now_us, bool *is_new)
{
    *is_new = false;
    if (s->outbox != NULL)
        return KW_OK;
    if (now_us < s->open_us)
        return s->err;
    s->open_us = now_us + RETRY_US;
    s->err = open_or_replace(file, &s->outbox);
    *is_new = s->err == KW_OK;
    return s->err;
}

void outbox_shelf_failed(struct outbox_shelf *s, const char *file, uint64_t now_us, enum kw_err err)
{
    if (s->outbox == NULL || (!is_damage(err) && err != KW_EIO))
        return;
    outbox_close(s->outbox);
    s->outbox = NULL;
    s->open_us = now_us + RETRY_US;
    s->err = err;
    if (is_damage(err))
        ignore(move_aside(file)); /* it is tried again when it cannot be read once more */
}
