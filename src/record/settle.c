/* settle.c - after a batch: it is durable, or it is as if it had never been; see collect.h. */
#include "record/collect.h"

void collect_settle(struct collect *c)
{
    c->done_change_seq = c->change_seq;
    c->done_spend_n = c->spend_n;
    c->rings.n_vanished = 0;
    sign_ins_settle(c->sign_ins);
    leaks_settle(c->leaks);
    readings_settle(c->readings);
    warnings_settle(c->warnings);
    for (uint32_t i = 0; i < c->rings.n; i++) {
        struct ring_file *f = &c->rings.files[i];
        f->done = f->next;
        f->lost = 0;
    }
}

void collect_undo(struct collect *c)
{
    c->change_seq = c->done_change_seq;
    c->spend_n = c->done_spend_n;
    for (uint32_t i = 0; i < c->rings.n; i++)
        c->rings.files[i].next = c->rings.files[i].done;
}

/* Whether everything of a file without a name is on the record, and nobody is alive who could add
 * to it. */
static bool is_over(struct ring_file *f)
{
    if (f->damaged)
        return f->done.given_up;
    if (!ring_file_lock(f) || ring_file_look(f) != KW_OK)
        return false;
    return memcmp(f->head, f->done.next, sizeof f->head) == 0 &&
           memcmp(f->counted, f->done.counted, sizeof f->counted) == 0;
}

void collect_sweep(struct collect *c)
{
    for (uint32_t i = c->rings.n; i-- > 0;) {
        struct ring_file *f = &c->rings.files[i];
        if (f->fd < 0)
            continue;
        enum kw_err err = f->damaged ? KW_OK : ring_file_move_tail(f);
        c->trouble = c->trouble == KW_OK ? err : c->trouble;
        bool over = f->gone && is_over(f);
        ring_file_unlock(f);
        if (over)
            rings_drop(&c->rings, i);
    }
}
