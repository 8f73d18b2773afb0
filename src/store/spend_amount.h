/* spend_amount.h - an amount as the text of a column: "1805". */
#ifndef STORE_SPEND_AMOUNT_H
#define STORE_SPEND_AMOUNT_H

#include "core/amount.h"
#include "store/row.h"

void give_amount(struct giver *to, struct amount a);
void take_amount(struct taker *from, struct amount *out); /* what is none sets `bad` */

#endif
