-- What seed.sql leaves to each database: the dates of seed.sqlite.sql, and where its counters go on.

INSERT INTO "Slot" ("start", "room") VALUES
  ('2024-03-01 08:00:00', 'east'),
  ('2024-03-01 09:00:00', 'west'),
  ('2024-03-01 11:00:00', 'north');

INSERT INTO "Visit" ("id", "at", "opened", "closed", "slotStart", "updatedAt") VALUES
  (1, '2024-03-01 08:00:00', '2024-03-01 08:00:00', '2024-03-01 08:00:00', '2024-03-01 08:00:00', '2024-03-01 08:00:00'),
  (2, '2024-03-01 09:00:00', '2024-03-01 09:00:00', '2024-03-01 09:00:00', '2024-03-01 09:00:00', '2024-03-01 08:00:00'),
  (3, '2024-03-01 10:00:00', '2024-03-01 10:00:00', '2024-03-01 10:00:00', NULL, '2024-03-01 08:00:00'),
  (4, '2024-03-01 11:00:00', '2024-03-01 11:00:00', '2024-03-01 11:00:00', '2024-03-01 11:00:00', '2024-03-01 08:00:00'),
  (5, '2024-03-01 12:00:00', '2024-03-01 12:00:00', '2024-03-01 12:00:00', '2024-03-01 08:00:00', '2024-03-01 08:00:00'),
  (6, '2024-03-01 13:00:00', '2024-03-01 13:00:00', '2024-03-01 13:00:00', NULL, '2024-03-01 08:00:00'),
  (7, '2024-03-01 14:00:00', '2024-03-01 14:00:00', '2024-03-01 14:00:00', NULL, '2024-03-01 08:00:00'),
  (8, '2024-03-02 00:00:00', '2024-03-02 00:00:00', '2024-03-02 00:00:00', '2024-03-01 09:00:00', '2024-03-01 08:00:00'),
  (9, '2024-03-02 01:00:00', '2024-03-02 01:00:00', '2024-03-02 01:00:00', NULL, '2024-03-01 08:00:00'),
  (10, NULL, NULL, NULL, NULL, '2024-03-01 08:00:00');

DO $$
DECLARE
  counted record;
BEGIN
  FOR counted IN
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_default LIKE 'nextval(%'
  LOOP
    EXECUTE format(
      'SELECT setval(pg_get_serial_sequence(%L, %L), greatest((SELECT max(%I) FROM %I), 0) + 1, false)',
      quote_ident(counted.table_name), counted.column_name, counted.column_name, counted.table_name
    );
  END LOOP;
END $$;
