-- A table without foreign keys, as another program made it, with other forms than those of the keys.
DROP TABLE "Charge";
CREATE TABLE "Charge" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "feeAmount" DECIMAL_TEXT);
INSERT INTO "Charge" ("id", "feeAmount") VALUES
  (1, '2e0'), (2, '10.0'), (3, '10.0'), (4, '1.5'), (5, NULL), (6, '10.00'), (7, '2'), (8, '1e1'), (9, '10');
