-- The first two are the lower bound of the range, the last two are outside it.
DELETE FROM "Visit";
INSERT INTO "Visit" ("id", "at", "closed", "updatedAt") VALUES
  (1, 1682928000000, 1682928000000, 0),
  (2, '2023-05-01T08:00:00.000+00:00', '2023-05-01T08:00:00.000+00:00', 0),
  (3, '2023-05-31 23:59:58', '2023-05-31 23:59:58', 0),
  (4, '2023-05-31 23:59:59', '2023-05-31 23:59:59', 0),
  (5, '2023-05-01 07:59:59', '2023-05-01 07:59:59', 0);
