/* key_show.h - a key for a person to read. */
#ifndef CLI_KEY_SHOW_H
#define CLI_KEY_SHOW_H

#include <jansson.h>

#include "base/buf.h"

void key_show(const json_t *key, struct buf *out);

#endif
