DELETE FROM "Visit";
INSERT INTO "Visit" ("id", "at", "opened", "closed", "updatedAt") VALUES
  (1, '2025-05-31', '2025-05-31', '2025-05-31', 0);
