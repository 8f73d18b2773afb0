-- 0004: since when the other secret of a key is there, and what is frozen: of a key, an account, an environment.

ALTER TABLE keys ADD COLUMN old_since_ms INTEGER NOT NULL DEFAULT 0; -- 0: no other secret, or none that can come back
ALTER TABLE keys ADD COLUMN frozen TEXT NOT NULL DEFAULT 'nothing' CHECK (frozen IN ('nothing', 'transact', 'all'));
ALTER TABLE accounts ADD COLUMN frozen TEXT NOT NULL DEFAULT 'nothing' CHECK (frozen IN ('nothing', 'transact', 'all'));

CREATE TABLE environments ( -- a row from the first change on
  slot    INTEGER PRIMARY KEY CHECK (slot BETWEEN 1 AND 2), -- 1: sandbox, 2: production
  version INTEGER NOT NULL CHECK (version BETWEEN 1 AND 4294967295),
  frozen  TEXT NOT NULL CHECK (frozen IN ('nothing', 'transact', 'all')),
  seal    BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

-- A CHECK cannot be changed: the log is written anew, entry by entry as it is.
CREATE TABLE change_log_anew (
  n       INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL CHECK (kind IN ('key', 'account', 'policy', 'member', 'token', 'environment')),
  object  INTEGER NOT NULL, -- slot of the row; 0 of the policy
  version INTEGER NOT NULL,
  image   BLOB NOT NULL, -- the row after the change
  seal    BLOB NOT NULL CHECK (length(seal) = 32), -- the row's
  actor   TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  mac     BLOB NOT NULL CHECK (length(mac) = 32) -- over the mac of the entry before, and this entry
) STRICT;

INSERT INTO change_log_anew (n, kind, object, version, image, seal, actor, time_ms, mac)
  SELECT n, kind, object, version, image, seal, actor, time_ms, mac FROM change_log ORDER BY n;
DROP TABLE change_log;
ALTER TABLE change_log_anew RENAME TO change_log;

CREATE UNIQUE INDEX change_log_by_object ON change_log (kind, object, version);

PRAGMA user_version = 4;
