/* contract_texts.c - see contract_texts.h. Alone in a file, for what reads code takes minutes for so many bytes. */
#include "api/contract_texts.h"

static const char json[] = {
#include "api/openapi.json.inc"
};
static const char page[] = {
#include "api/docs.html.inc"
};
static const char style[] = {
#include "api/style.css.inc"
};

const struct str contract_text_json = {json, sizeof json};
const struct str contract_text_page = {page, sizeof page};
const struct str contract_text_style = {style, sizeof style};
