/* trusted.c - see trusted.h. The file holds "BOOT-ID BOOT-US TIME-US\n"; while there is doubt, " DOUBT-US" stands before the end. */
#include "sync/trusted.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "base/hex.h"
#include "base/log.h"
#include "keyring/write.h"

#define DAY_US ((int64_t)86400 * 1000000)

enum { SAVE_US = 10 * 1000 * 1000, LINE_MAX_LEN = 32 + 3 * (1 + 20) + 1 };

struct saved {
    struct str boot;
    uint64_t boot_us, time_us, doubt_us;
};

static enum kw_err parse(struct str line, struct saved *out)
{
    struct str boot_us, time_us, nothing, doubt_us = STR("0");

    if (!str_cut(line, ' ', &out->boot, &line) || !str_cut(line, ' ', &boot_us, &line) ||
        !str_cut(line, '\n', &time_us, &nothing) || nothing.n != 0)
        return KW_ESYNTAX;
    line = time_us;
    str_cut(line, ' ', &time_us, &doubt_us);
    TRY(str_u64(boot_us, INT64_MAX, &out->boot_us));
    TRY(str_u64(time_us, INT64_MAX, &out->time_us));
    return str_u64(doubt_us, out->time_us, &out->doubt_us);
}

/* Trusted time at boot_us by what was saved; INT64_MIN: nothing was. *same: in this boot; *doubt_us of it. */
static int64_t saved_now(const struct trusted *t, uint64_t boot_us, bool *same, int64_t *doubt_us)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(LINE_MAX_LEN);
    struct saved saved;

    *same = false;
    *doubt_us = 0;
    if (t->path[0] == '\0' || file_read(t->path, &text) != KW_OK ||
        parse(buf_view(&text), &saved) != KW_OK)
        return INT64_MIN;
    *same = str_eq(saved.boot, str_from(t->boot)) && saved.boot_us <= boot_us;
    uint64_t since_us = *same ? boot_us - saved.boot_us : boot_us;
    *doubt_us = (int64_t)saved.doubt_us;
    return (int64_t)(saved.time_us + since_us);
}

static void note(struct trusted *t, bool jumped)
{
    if (jumped && !t->jumped)
        log_error("the wall clock jumped by %" PRId64
                  " s and is not believed: set it right, or `keyward clock accept`",
                  t->ahead_us / 1000000);
    if (!jumped && t->jumped)
        log_info("the wall clock is believed again");
    t->jumped = jumped;
}

static void begin_doubt(struct trusted *t, int64_t ahead_us)
{
    if (ahead_us <= TRUSTED_OFF_US)
        return;
    t->doubt_us = ahead_us;
    log_error("the wall clock is %" PRId64
              " days ahead of all that is known: old days of the record stay so much longer, until "
              "`keyward clock accept` says that it is right",
              ahead_us / DAY_US);
}

void trusted_open(struct trusted *t, const char *path, int64_t known_us, uint64_t boot_us,
                  int64_t wall_us)
{
    uint8_t boot_id[16];
    int64_t doubt_us;
    bool same;

    *t = (struct trusted){0};
    if (path != NULL)
        snprintf(t->path, sizeof t->path, "%s", path);
    if (keyring_boot_id(boot_id) == KW_OK)
        hex_put(boot_id, sizeof boot_id, t->boot);
    int64_t now_us = saved_now(t, boot_us, &same, &doubt_us);
    if (now_us != INT64_MIN)
        known_us = now_us - doubt_us;
    if (now_us == INT64_MIN || (!same && wall_us > now_us))
        now_us = wall_us;
    begin_doubt(t, known_us == 0 ? 0 : now_us - known_us);
    t->offset_us = now_us - (int64_t)boot_us;
    trusted_look(t, boot_us, wall_us);
    trusted_save(t, boot_us);
}

int64_t trusted_now_us(const struct trusted *t, uint64_t boot_us)
{
    return (int64_t)boot_us + t->offset_us;
}

static int64_t clamp(int64_t us)
{
    if (us > TRUSTED_STEP_US)
        return TRUSTED_STEP_US;
    return us < -TRUSTED_STEP_US ? -TRUSTED_STEP_US : us;
}

void trusted_look(struct trusted *t, uint64_t boot_us, int64_t wall_us)
{
    t->ahead_us = wall_us - trusted_now_us(t, boot_us);
    note(t, t->ahead_us > TRUSTED_JUMP_US || t->ahead_us < -TRUSTED_JUMP_US);
    if (!t->jumped)
        t->offset_us += clamp(t->ahead_us);
    if (boot_us >= t->next_save_us)
        trusted_save(t, boot_us);
}

void trusted_accept(struct trusted *t, uint64_t boot_us, int64_t wall_us)
{
    t->offset_us = wall_us - (int64_t)boot_us;
    t->doubt_us = 0;
    trusted_look(t, boot_us, wall_us);
    trusted_save(t, boot_us);
}

void trusted_save(struct trusted *t, uint64_t boot_us)
{
    char line[LINE_MAX_LEN + 1], doubt[1 + 20 + 1] = "";

    t->next_save_us = boot_us + SAVE_US;
    if (t->path[0] == '\0')
        return;
    if (t->doubt_us > 0)
        snprintf(doubt, sizeof doubt, " %" PRId64, t->doubt_us);
    int n = snprintf(line, sizeof line, "%s %" PRIu64 " %" PRId64 "%s\n", t->boot, boot_us,
                     trusted_now_us(t, boot_us), doubt);
    if (file_replace(t->path, (struct str){line, (size_t)n}, 0600) != KW_OK)
        log_warn("%s cannot be written; trying again in 10 s", t->path);
}
