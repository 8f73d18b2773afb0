/* reason.c - the names, statuses and messages of keyward/reason.h. */
#include <keyward/reason.h>

struct row {
    const char *name, *message;
    int status;
};

static const struct row rows[KW_N_REASONS] = {
#define X(symbol, name, status, message) [symbol] = {name, message, status},
    KW_REASONS(X)
#undef X
};

static const struct row *row_of(enum kw_reason why)
{
    return (unsigned)why < KW_N_REASONS ? &rows[why] : &rows[KW_WHY_UNAVAILABLE];
}

const char *kw_reason_name(enum kw_reason why)
{
    return row_of(why)->name;
}

int kw_reason_status(enum kw_reason why)
{
    return row_of(why)->status;
}

const char *kw_reason_message(enum kw_reason why)
{
    return row_of(why)->message;
}
