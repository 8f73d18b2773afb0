/* document_out.h - what of a document's text may be seen. */
#ifndef SERVER_DOCUMENT_OUT_H
#define SERVER_DOCUMENT_OUT_H

#include <jansson.h>

#include "core/document.h"

/* Its text as JSON without the members whose names begin with "sealed". The caller owns it; NULL: no memory, or no JSON. */
json_t *document_out(struct str text);

#endif
