/* fill.c - puts keys by the million into the store of a state, through store/, seals and change log included.
 *
 *     bench-fill CONFIG N_KEYS KEYS_FILE
 *
 * The text of each goes into a file, one a line, for whoever asks with them. The state must have been made by
 * `keyward init`, and no serve may be running on it. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "bench.h"
#include "config/config.h"
#include "store/store.h"

enum { KEYS_PER_CHANGE = 10000 };

static struct store *open_store(const char *config_file)
{
    struct config config;
    struct config_paths paths;
    struct store *store;
    char why[512];

    must(config_file, config_load(config_file, &config, why));
    config_paths_of(&config, &paths);
    struct store_paths places = {
        .database = paths.database, .master_key = paths.master_key, .head = paths.head};
    must("store", store_open(&places, &store, why));
    return store;
}

static void put_keys(struct store *store, uint64_t from, uint64_t to, FILE *texts)
{
    struct key_text text;

    must("change", store_begin(store, STR("uid:0"), clock_wall_ms()));
    for (uint64_t i = from; i < to; i++) {
        struct grant g = key_grant_of(i, "main", 0);
        must("key", store_put_key(store, &g));
        key_text_of(i, &text);
        fprintf(texts, "%.*s\n", (int)text.n, text.p);
    }
    must("commit", store_commit(store));
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: bench-fill CONFIG N_KEYS KEYS_FILE\n");
        return 2;
    }
    uint64_t n = strtoull(argv[2], NULL, 10), began = clock_boot_ns();
    struct store *store = open_store(argv[1]);
    FILE *texts = fopen(argv[3], "we");
    must(argv[3], texts == NULL ? KW_EIO : KW_OK);
    for (uint64_t from = 0; from < n; from += KEYS_PER_CHANGE)
        put_keys(store, from, from + KEYS_PER_CHANGE < n ? from + KEYS_PER_CHANGE : n, texts);
    must(argv[3], fclose(texts) == 0 ? KW_OK : KW_EIO);
    store_close(store);
    figure("store_fill_rate", (double)n / ((double)(clock_boot_ns() - began) / 1e9), "keys/s");
    return 0;
}
