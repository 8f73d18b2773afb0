/* contract_texts.h - the contract as it is served: made from api/openapi.yaml when the program is built. */
#ifndef API_CONTRACT_TEXTS_H
#define API_CONTRACT_TEXTS_H

#include "base/str.h"

extern const struct str contract_text_json, contract_text_page, contract_text_style;

#endif
