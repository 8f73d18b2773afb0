/* yaml_in.h - YAML files, read more strictly than YAML itself. */
#ifndef CONFIG_YAML_IN_H
#define CONFIG_YAML_IN_H

#include <cyaml/cyaml.h>

#include "base/str.h"

enum { YAML_WHY_MAX = 320, YAML_NAMES_MAX = 32 };

/* Whether a text is one document: a mapping, whose keys are each on the list `names` (which ends
 * with NULL) and stand there once, to texts or lists of texts. No aliases, anchors, tags or second
 * documents; UTF-8 without controls. On KW_ESYNTAX, why says what is wrong, and in which line:
 * "line 3: there is no …". KW_ENOMEM. */
enum kw_err yaml_in_check(struct str text, const char *const *names, char why[YAML_WHY_MAX]) MUST_USE;

/* The line in which the item'th text, from 0, of the list of a key stands; 0: there is none. */
unsigned yaml_in_line_of(struct str text, const char *key, size_t item);

/* Checks a text, then loads it into what the schema says; yaml_in_free frees that, and takes NULL. An
 * empty document gives NULL. KW_ESYNTAX as above; KW_ENOMEM. */
enum kw_err yaml_in_load(struct str text, const char *const *names,
                         const cyaml_schema_value_t *schema, void **out,
                         char why[YAML_WHY_MAX]) MUST_USE;
void yaml_in_free(const cyaml_schema_value_t *schema, void *loaded);

#endif
