-- CURRENT_TIMESTAMP is text without milliseconds and without an offset.
DELETE FROM "Visit";
INSERT INTO "Visit" ("id", "at", "opened", "closed", "updatedAt") VALUES
  (1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP);
