-- 0006: the limits that an account gives to new keys.

ALTER TABLE accounts ADD COLUMN limit_defaults TEXT NOT NULL DEFAULT ''; -- "all rate 600/min", a line each; empty: none

PRAGMA user_version = 6;
