-- The first days of 2023, 2024 and 2025 in milliseconds, as Prisma wrote them up to version 6.
DELETE FROM "Visit";
INSERT INTO "Visit" ("id", "at", "closed", "updatedAt") VALUES
  (1, 1672531200000, 1672531200000, 0),
  (2, 1704067200000, 1704067200000, 0),
  (3, 1735689600000, 1735689600000, 0);
