/* row.h - one row of the database, given or taken column by column. */
#ifndef STORE_ROW_H
#define STORE_ROW_H

#include <sqlite3.h>

#include "base/str.h"
#include "store/word.h"

/* Binds parameters ?1, ?2, … in order. What could not be bound sets `failed`; look at it once, with
 * give_done. Strings and bytes are borrowed until the statement is done. */
struct giver {
    sqlite3_stmt *st;
    int at;
    bool failed;
};

void give_int(struct giver *to, int64_t v);
void give_text(struct giver *to, struct str s);
void give_text_copy(struct giver *to, struct str s);
void give_blob(struct giver *to, const void *bytes, size_t n);
void give_blob_copy(struct giver *to, const void *bytes, size_t n);
void give_null(struct giver *to);
void give_word(struct giver *to, enum word_list list, unsigned value);
static inline enum kw_err give_done(const struct giver *to)
{
    return to->failed ? KW_ENOMEM : KW_OK;
}

/* Reads columns in order. What is not of the type and size that it has to be reads as zero and sets
 * `bad`: somebody else wrote it. */
struct taker {
    sqlite3_stmt *st;
    int at;
    bool bad;
};

int64_t take_int(struct taker *from);
uint32_t take_u32(struct taker *from);
struct str take_text(struct taker *from); /* borrows until the statement goes on */
struct str take_blob(struct taker *from);
void take_string(struct taker *from, char *out, size_t size); /* terminated; no zero byte inside */
void take_bytes(struct taker *from, void *out, size_t n);     /* exactly n */
bool take_null(struct taker *from);                           /* passes a NULL, or nothing */
unsigned take_word(struct taker *from, enum word_list list);
static inline enum kw_err take_done(const struct taker *from)
{
    return from->bad ? KW_EDAMAGED : KW_OK;
}

#endif
