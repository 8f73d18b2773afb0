/* found.c - findings are handed out in their order, and what is urgent also past one that cannot be saved. */
#include "alerting/found.h"

#include "folder.h"
#include "suite.h"

enum { FINDINGS = 4 };

struct scene {
    struct folder folder;
    const char *file;
    struct found found;
    char taken[16]; /* a letter for each that was raised, in their order */
    size_t n, asked_ahead;
    bool is_full; /* only what is urgent can be saved: 'c', of all */
};

static void add(struct book *b, char letter)
{
    struct finding f = {.detector = DETECT_DENIALS, .subject = {letter}, .began_us = 1, .found_us = 1};

    assert_ok(findings_add(b, &f));
}

static void scene_make(struct scene *s)
{
    struct book b = {.prepared = {NULL}};

    *s = (struct scene){.n = 0};
    folder_make(&s->folder);
    s->file = folder_file(&s->folder, "usage.db");
    assert_ok(book_open(s->file, &b));
    for (int i = 0; i < FINDINGS; i++)
        add(&b, (char)('a' + i));
    book_close(&b);
}

static enum kw_err take(void *ctx, const struct finding *f, bool is_ahead)
{
    bool is_urgent = f->subject[0] == 'c';
    struct scene *s = ctx;

    s->asked_ahead += is_ahead;
    if (!is_urgent && is_ahead)
        return KW_OK;
    if (!is_urgent && s->is_full)
        return KW_EFULL;
    s->taken[s->n++] = f->subject[0];
    return KW_OK;
}

static enum kw_err run(struct scene *s)
{
    bool is_ours = false;

    enum kw_err err = found_take(&s->found, s->file, take, s, &is_ours);
    assert_int_equal(is_ours, err != KW_OK);
    return err;
}

static void all_are_handed_out_once_and_in_order(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    assert_ok(run(&s));
    assert_ok(run(&s));
    assert_string_equal(s.taken, "abcd");
    assert_int_equal(s.asked_ahead, 0);
    folder_remove(&s.folder);
}

static void what_is_urgent_does_not_wait_behind_what_cannot_be_saved(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    s.is_full = true;
    assert_err(run(&s), KW_EFULL);
    assert_string_equal(s.taken, "c");
    assert_int_equal(s.asked_ahead, FINDINGS);
    assert_err(run(&s), KW_EFULL);
    assert_int_equal(s.asked_ahead, FINDINGS); /* looked at once */
    s.is_full = false;
    assert_ok(run(&s));
    assert_string_equal(s.taken, "cabcd");
    folder_remove(&s.folder);
}

static void a_file_that_is_not_there_yet_has_nothing(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    s.file = "/nonexistent/usage.db";
    assert_ok(run(&s));
    assert_int_equal(s.n, 0);
    folder_remove(&s.folder);
}

int main(void)
{
    SUITE_TEST(all_are_handed_out_once_and_in_order);
    SUITE_TEST(what_is_urgent_does_not_wait_behind_what_cannot_be_saved);
    SUITE_TEST(a_file_that_is_not_there_yet_has_nothing);
    return suite_run("alerting/found");
}
