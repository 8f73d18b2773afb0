/* migrate.h - the schema of the database: brought up to date, and compared with what it has to be.
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "store/db.h"

/* "KEYW", in the header of the database file: it is ours. */
enum { APPLICATION_ID = 0x4b455957 };

/* Brings the schema up to date. Each step is one transaction that ends with its own number in
 * user_version: whoever is killed in between goes on from there. KW_EFORMAT: a newer Keyward wrote
 * it. */
enum kw_err migrate(struct db *db, char why[WHY_MAX]) MUST_USE;

/* KW_EDAMAGED when a table, an index, a view or a trigger is not as the migrations made it. */
enum kw_err schema_check(struct db *db, char why[WHY_MAX]) MUST_USE;

#endif
