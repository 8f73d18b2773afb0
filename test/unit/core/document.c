/* document.c - what can be stored as a document, and what cannot. */
#include "core/document.h"

#include "suite.h"

static struct document sample(void)
{
    return (struct document){.kind = DOCUMENT_ALERT,
                             .id = "7Q2mK4T9xJ1aBd",
                             .account = "acme",
                             .subject = "usage_spike 7Q2mK4T9xJ1aBd",
                             .state = "open",
                             .text = STR_INIT("{}")};
}

static void one_in_form_can_be_stored(void **state)
{
    struct document d = sample();

    (void)state;
    assert_true(document_ok(&d));
    d.account[0] = d.subject[0] = '\0';
    assert_true(document_ok(&d));
}

struct row {
    const char *why;
    void (*spoil)(struct document *d);
};

static void no_kind(struct document *d)
{
    d->kind = DOCUMENT_NONE;
}
static void later_kind(struct document *d)
{
    d->kind = N_DOCUMENT_KINDS;
}
static void short_id(struct document *d)
{
    d->id[13] = '\0';
}
static void odd_id(struct document *d)
{
    d->id[3] = '-';
}
static void half_key(struct document *d)
{
    memcpy(d->key, "7Q2", 4);
}
static void broken_subject(struct document *d)
{
    d->subject[2] = '\n';
}
static void endless_account(struct document *d)
{
    memset(d->account, 'a', sizeof d->account);
}
static void no_state(struct document *d)
{
    d->state[0] = '\0';
}
static void loud_state(struct document *d)
{
    d->state[0] = 'O';
}
static void no_text(struct document *d)
{
    d->text = (struct str){NULL, 0};
}
static void no_object(struct document *d)
{
    d->text = STR("[]");
}
static void no_utf8(struct document *d)
{
    d->text = STR("{\"a\":\"\xff\"}");
}
static void too_long(struct document *d)
{
    static char text[DOCUMENT_TEXT_MAX + 1];
    memset(text, ' ', sizeof text);
    text[0] = '{';
    text[DOCUMENT_TEXT_MAX] = '}';
    d->text = (struct str){text, sizeof text};
}

static const struct row rejects[] = {
    {"no kind", no_kind},
    {"a later kind", later_kind},
    {"a short id", short_id},
    {"an id of other characters", odd_id},
    {"half a key", half_key},
    {"a line break in the subject", broken_subject},
    {"an account without an end", endless_account},
    {"no state", no_state},
    {"a state in capitals", loud_state},
    {"no text", no_text},
    {"a list", no_object},
    {"no UTF-8", no_utf8},
    {"too long", too_long},
};

static void document_ok_rejects(void **state)
{
    const struct row *row = *state;
    struct document d = sample();

    row->spoil(&d);
    assert_false(document_ok(&d));
}

static void each_kind_has_a_word(void **state)
{
    (void)state;
    for (enum document_kind k = DOCUMENT_NONE + 1; k < N_DOCUMENT_KINDS; k++)
        assert_true(document_kind_word(k)[0] != '\0');
    assert_string_equal(document_kind_word(N_DOCUMENT_KINDS), "");
    assert_string_equal(document_kind_word(DOCUMENT_NONE), "");
}

int main(void)
{
    SUITE_TEST(one_in_form_can_be_stored);
    SUITE_ROWS(document_ok_rejects, rejects);
    SUITE_TEST(each_kind_has_a_word);
    return suite_run("core/document");
}
