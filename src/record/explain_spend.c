/* explain_spend.c - what became of money that a request wanted to spend, behind how the request was decided; see explain.h. */
#include "record/explain.h"
#include "record/line.h"

static void put_amount(struct amount a, const struct spend_event *s, struct buf *out)
{
    char text[AMOUNT_TEXT_MAX];

    amount_print(a, s->decimals, text);
    buf_printf(out, "%s ", text);
    buf_str(out, s->currency);
}

void explain_spend(const struct spend_event *s, struct buf *out)
{
    bool is_commit = s->what == SPEND_DID_COMMIT || s->what == SPEND_DID_REFUSE_COMMIT;

    line_time(s->time_us, out);
    buf_str(out, STR(": "));
    put_amount(is_commit ? s->committed : s->amount, s, out);
    buf_str(out, STR(" to "));
    line_string(s->destination, out);
    buf_str(out, STR(" by the key "));
    line_string(s->key, out);
    buf_str(out, STR(", reference "));
    line_string(s->reference, out);
    buf_printf(out, ", %s", spend_what_sentence(s->what));
    if (s->why != SPEND_NO_REASON)
        buf_printf(out, ": %s", spend_why_sentence(s->why));
    buf_str(out, STR("\n"));
}

/* Before those that came later. */
static void add_spend(struct explained *x, const struct spend_event *s)
{
    struct buf later = x->spends;

    x->spends = BUF_MAX(EXPLAIN_MAX);
    explain_spend(s, &x->spends);
    buf_str(&x->spends, buf_view(&later));
    buf_deinit(&later);
}

bool explain_add(struct explained *x, const struct record_entry *e)
{
    bool is_spend = e->kind == RECORD_SPEND;

    if (x->text.max == 0)
        x->text = BUF_MAX(EXPLAIN_MAX);
    if (is_spend)
        add_spend(x, &e->spend);
    else
        explain_entry(e, x->for_account, &x->text);
    return is_spend;
}

enum kw_err explain_end(struct explained *x)
{
    buf_str(&x->text, buf_view(&x->spends));
    return x->text.failed || x->spends.failed ? KW_ENOMEM : KW_OK;
}

void explained_deinit(struct explained *x)
{
    buf_deinit(&x->text);
    buf_deinit(&x->spends);
}
