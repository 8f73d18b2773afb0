-- 0007: families of access and refresh tokens, for which keys were exchanged. A row may be missing: then its tokens are good for
-- nothing; and so those that are over are deleted.

CREATE TABLE token_families (
  slot               INTEGER PRIMARY KEY CHECK (slot BETWEEN 1 AND 4294967295),
  version            INTEGER NOT NULL CHECK (version BETWEEN 1 AND 4294967295),
  id                 TEXT NOT NULL UNIQUE,
  key                TEXT NOT NULL REFERENCES keys (id),
  key_slot           INTEGER NOT NULL,
  account            TEXT NOT NULL REFERENCES accounts (id),
  environment        TEXT NOT NULL CHECK (environment IN ('sandbox', 'production')),
  permissions        TEXT NOT NULL CHECK (permissions <> ''), -- words with a comma between them
  secret_mark        BLOB NOT NULL CHECK (length(secret_mark) = 8), -- of the key's secret: the beginning of its digest
  state              TEXT NOT NULL CHECK (state IN ('ended', 'active')),
  access_s           INTEGER NOT NULL,
  created_ms         INTEGER NOT NULL,
  ends_ms            INTEGER NOT NULL,
  created_from       BLOB NOT NULL CHECK (length(created_from) = 16), -- an address; IPv4 mapped
  access_digest      BLOB NOT NULL CHECK (length(access_digest) = 32), -- SHA-256 of the token's text, as all of these
  access_ends_ms     INTEGER NOT NULL,
  old_access_digest  BLOB CHECK (length(old_access_digest) = 32), -- NULL: none
  old_access_ends_ms INTEGER NOT NULL,
  refresh_digest     BLOB NOT NULL CHECK (length(refresh_digest) = 32),
  refreshes          INTEGER NOT NULL,
  refreshed_ms       INTEGER NOT NULL, -- 0: not yet
  refreshed_from     BLOB NOT NULL CHECK (length(refreshed_from) = 16),
  nonce              BLOB NOT NULL CHECK (length(nonce) = 16),
  seal               BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

CREATE INDEX token_families_by_key ON token_families (key) WHERE state = 'active';
CREATE INDEX token_families_by_end ON token_families (ends_ms);

-- A CHECK cannot be changed: the log is written anew, entry by entry as it is.
CREATE TABLE change_log_anew (
  n       INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL CHECK (kind IN ('key', 'account', 'policy', 'member', 'token', 'environment', 'family')),
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

PRAGMA user_version = 7;
