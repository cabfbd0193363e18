-- Tables without foreign keys, as another program made them: the rows that some parcels and purchases refer to are gone.
DROP TABLE "Parcel"; DROP TABLE "Purchase"; DROP TABLE "LoyaltyCard";
CREATE TABLE "Parcel" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "receiver" TEXT NOT NULL, "note" TEXT NOT NULL DEFAULT '');
CREATE TABLE "Purchase" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "buyer" TEXT);
CREATE TABLE "LoyaltyCard" ("holder" TEXT NOT NULL PRIMARY KEY);
INSERT INTO "Customer" VALUES ('ann', 'Ann'), ('bob', NULL);
INSERT INTO "Parcel" ("id", "receiver") VALUES (1, 'ann'), (2, 'bob'), (3, 'gone');
INSERT INTO "Purchase" VALUES (1, 'ann'), (2, NULL), (3, 'gone');
INSERT INTO "LoyaltyCard" VALUES ('ann'), ('gone');
