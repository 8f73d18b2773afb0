/* fuzz_json_in.c - a body is one object, which prints as a body that reads as the same object, or a problem. */
#include "fuzz.h"
#include "json/json_in.h"
#include "json/json_out.h"

static void round_trip(const json_t *object)
{
    struct json_text *text = json_out_text(object);
    struct problem p = {0};
    json_t *again = NULL;

    MUST(text != NULL);
    MUST(json_in_object((struct str){text->p, text->n}, &p, &again) == KW_OK);
    MUST(json_equal(object, again));
    json_decref(again);
    json_text_free(text);
}

/* Whatever is said about a member is text that can be answered. */
static void refuse_all(const json_t *object)
{
    static const char *const none[] = {NULL};
    struct problem p = {0};

    if (json_in_only(object, none, &p) == KW_OK)
        return;
    json_t *answer = json_out_problem(&p, "request");
    MUST(answer != NULL);
    json_decref(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct problem p = {0};
    json_t *object = NULL;

    if (json_in_object((struct str){(const char *)data, n}, &p, &object) != KW_OK) {
        MUST(object == NULL && p.status == 400 && p.message[0] != '\0');
        return 0;
    }
    round_trip(object);
    refuse_all(object);
    json_decref(object);
    return 0;
}
