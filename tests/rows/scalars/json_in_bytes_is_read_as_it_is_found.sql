INSERT INTO "Sample" ("id", "json") VALUES (1, CAST('{"a":[1,"é"]}' AS BLOB));
-- Bytes that are no JSON, as SQLite's jsonb() and other formats write them.
INSERT INTO "Sample" ("id", "json") VALUES (2, x'1778'), (3, CAST('x' AS BLOB));
