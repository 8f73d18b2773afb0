/* document_out.h - what of a document may be seen: its text, and the id of one that is made from what it is about. */
#ifndef JSON_DOCUMENT_OUT_H
#define JSON_DOCUMENT_OUT_H

#include <jansson.h>

#include "core/document.h"

/* Its text as JSON without the members whose names begin with "sealed". The caller owns it; NULL: no memory, or no JSON. */
json_t *document_out(struct str text);

/* An id that comes from a text, and is another for any other: 14 letters and digits, terminated. */
void document_id(struct str text, char out[KW_KEY_ID_LEN + 1]);

#endif
