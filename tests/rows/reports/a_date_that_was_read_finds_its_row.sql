DELETE FROM "Visit";
INSERT INTO "Visit" ("id", "at", "opened", "updatedAt") VALUES
  (1, '2024-07-17 17:02:14', '2024-07-17 17:02:14', 0),
  (2, 1721235734727, 1721235734727, 0),
  (3, '2024-07-17T19:02:14.800+02:00', '2024-07-17T19:02:14.800+02:00', 0),
  (4, strftime('%Y-%m-%d %H:%M:%f', 1721235734.9, 'unixepoch'), strftime('%Y-%m-%d %H:%M:%f', 1721235734.9, 'unixepoch'), 0);
