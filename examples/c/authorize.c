/* authorize.c - the smallest program that asks Keyward: may the holder of this key do that?
 *
 *     cc authorize.c $(pkg-config --cflags --libs keyward) -o authorize
 *     ./authorize /run/keyward GET /wallet/me <file-with-a-key
 *
 * The key comes from standard input: an argument could be read by every user of the machine. Ends with 0 when the request
 * is allowed, with 1 when it is denied, with 75 when nobody could tell: try again in a second. */
#include <keyward/keyward.h>
#include <stdio.h>
#include <string.h>

static struct kw_str str(const char *text)
{
    return (struct kw_str){text, strlen(text)};
}

static int decide(struct kw_engine *engine, const char *method, const char *target, const char *text)
{
    const struct kw_str key = str(text);
    const struct kw_request request = {
        .method = str(method),
        .target = str(target),
        .keys = &key,
        .n_keys = key.n > 0,
        .source = {[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1}, /* 127.0.0.1 */
        .environment = KW_SANDBOX,
        .flags = KW_REQ_LOOPBACK,
    };
    char body[KW_BODY_MAX];
    struct kw_decision d;

    if (kw_authorize(engine, &request, &d) == KW_OK && d.verdict == KW_ALLOW) {
        printf("allowed: key %s of %s\n", d.key_id, d.account);
        return 0;
    }
    kw_answer_body(&d, &request, body);
    printf("%d %s\n", d.status, body);
    return 1;
}

int main(int argc, char **argv)
{
    struct kw_engine *engine;
    char key[256] = "";

    if (argc != 4) {
        fprintf(stderr, "usage: authorize RUN-FOLDER METHOD TARGET <KEY-FILE\n");
        return 64;
    }
    if (fgets(key, sizeof key, stdin) != NULL)
        key[strcspn(key, "\n")] = '\0';
    enum kw_err err = kw_open(argv[1], &engine);
    if (err != KW_OK) {
        fprintf(stderr, "authorize: %s: %s\n", argv[1], kw_strerror(err));
        return 75;
    }
    int status = decide(engine, argv[2], argv[3], key);
    kw_close(engine);
    return status;
}
