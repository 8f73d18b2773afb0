-- 0003: members and management tokens, in the log too; replies that are given again, and when what was last used.

CREATE TABLE members (
  slot              INTEGER PRIMARY KEY CHECK (slot BETWEEN 1 AND 4294967295),
  version           INTEGER NOT NULL CHECK (version BETWEEN 1 AND 4294967295),
  id                TEXT NOT NULL UNIQUE,
  account           TEXT NOT NULL REFERENCES accounts (id),
  account_slot      INTEGER NOT NULL,
  email             TEXT NOT NULL, -- empty: not given yet
  name              TEXT NOT NULL,
  role              TEXT NOT NULL CHECK (role IN ('viewer', 'developer', 'admin', 'owner')),
  operator          TEXT NOT NULL CHECK (operator IN ('no', 'yes')),
  state             TEXT NOT NULL CHECK (state IN ('removed', 'active', 'invited')),
  created_ms        INTEGER NOT NULL,
  created_by        TEXT NOT NULL,
  epoch             INTEGER NOT NULL,
  password          TEXT NOT NULL, -- its encoded hash; empty: none
  password_since_ms INTEGER NOT NULL,
  totp              BLOB CHECK (length(totp) = 48), -- encrypted; NULL: none
  totp_since_ms     INTEGER NOT NULL,
  recovery          BLOB NOT NULL CHECK (length(recovery) <= 320 AND length(recovery) % 32 = 0), -- SHA-256 of each code
  link              TEXT NOT NULL CHECK (link IN ('none', 'setup', 'invitation', 'reset')),
  link_digest       BLOB CHECK (length(link_digest) = 32), -- SHA-256 of its text; NULL: none
  link_ends_ms      INTEGER NOT NULL,
  seal              BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

CREATE INDEX members_by_account ON members (account);
CREATE UNIQUE INDEX members_by_email ON members (email) WHERE state <> 'removed' AND email <> '';

CREATE TABLE management_tokens (
  slot         INTEGER PRIMARY KEY CHECK (slot BETWEEN 1 AND 4294967295),
  version      INTEGER NOT NULL CHECK (version BETWEEN 1 AND 4294967295),
  id           TEXT NOT NULL UNIQUE,
  account      TEXT REFERENCES accounts (id), -- NULL: the whole installation
  member       TEXT REFERENCES members (id), -- NULL: the host's
  member_slot  INTEGER NOT NULL, -- 0: none
  name         TEXT NOT NULL,
  scopes       TEXT NOT NULL, -- words with a comma between them
  state        TEXT NOT NULL CHECK (state IN ('revoked', 'active')),
  created_ms   INTEGER NOT NULL,
  expires_ms   INTEGER NOT NULL, -- 0: never
  created_by   TEXT NOT NULL,
  digest       BLOB NOT NULL CHECK (length(digest) = 32), -- SHA-256 of the token's text
  seal         BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

CREATE INDEX management_tokens_by_account ON management_tokens (account);
CREATE INDEX management_tokens_by_member ON management_tokens (member);

CREATE TABLE replies ( -- no seal: they grant nothing
  actor      TEXT NOT NULL,
  key        TEXT NOT NULL,
  digest     BLOB NOT NULL CHECK (length(digest) = 32), -- SHA-256 of method, path and body
  status     INTEGER NOT NULL CHECK (status BETWEEN 100 AND 599),
  answer     TEXT NOT NULL CHECK (length(CAST(answer AS BLOB)) <= 65536),
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (actor, key)
) STRICT;

CREATE INDEX replies_by_time ON replies (created_ms);

CREATE TABLE last_use ( -- no seal: it says when, not whether
  kind   TEXT NOT NULL CHECK (kind IN ('key', 'member', 'token')),
  slot   INTEGER NOT NULL CHECK (slot BETWEEN 1 AND 4294967295),
  at_ms  INTEGER NOT NULL, -- 0: not yet
  source TEXT NOT NULL,
  step   INTEGER NOT NULL, -- the last time step of TOTP that was used; 0: none
  PRIMARY KEY (kind, slot)
) STRICT, WITHOUT ROWID;

-- A CHECK cannot be changed: the log is written anew, entry by entry as it is.
CREATE TABLE change_log_anew (
  n       INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL CHECK (kind IN ('key', 'account', 'policy', 'member', 'token')),
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

PRAGMA user_version = 3;
