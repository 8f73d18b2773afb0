-- 0002: how much of its quota each key has used; says nothing about what a key may do, and has no seal.

CREATE TABLE quota_used (
  slot     INTEGER PRIMARY KEY CHECK (slot BETWEEN 1 AND 4294967295),
  period   INTEGER NOT NULL, -- number of the day or month since 1970
  requests INTEGER NOT NULL
) STRICT;

PRAGMA user_version = 2;
