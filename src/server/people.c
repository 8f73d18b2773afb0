/* people.c - see people.h. */
#include "server/people.h"

#include <stdio.h>

#include "store/store.h"

static enum kw_err open_all(const char *master_key, struct people *p, char why[256])
{
    TRY(store_open_box(master_key, BOX_MEMBER_SECRETS, &p->box, why));
    TRY(store_open_box(master_key, BOX_CURSORS, &p->cursors, why));
    TRY(sessions_new(NULL, &p->sessions));
    TRY(attempts_new(&attempts_to_sign_in, &p->attempts));
    TRY(attempts_new(&attempts_to_reset, &p->resets));
    TRY(half_logins_new(&p->half));
    return hasher_new(NULL, &p->hasher);
}

enum kw_err people_open(const char *master_key, struct people *out, char why[256])
{
    struct people p = {0};

    why[0] = '\0';
    enum kw_err err = open_all(master_key, &p, why);
    if (err != KW_OK) {
        people_close(&p);
        if (why[0] == '\0')
            snprintf(why, 256, "what signing in needs cannot be made: %s", kw_strerror(err));
        return err;
    }
    *out = p;
    return KW_OK;
}

void people_hush(struct people *p)
{
    if (p->hasher != NULL)
        hasher_stop(p->hasher);
}

void people_close(struct people *p)
{
    hasher_free(p->hasher);
    half_logins_free(p->half);
    attempts_free(p->resets);
    attempts_free(p->attempts);
    sessions_free(p->sessions);
    box_free(p->cursors);
    box_free(p->box);
    *p = (struct people){0};
}
