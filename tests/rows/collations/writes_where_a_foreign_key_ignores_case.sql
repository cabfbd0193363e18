-- Tables as another program made them: keys are compared by their bytes, and the columns that refer to them ignore the case of letters.
DROP TABLE "_CustomerToMailingList"; DROP TABLE "LoyaltyCard"; DROP TABLE "Parcel"; DROP TABLE "Purchase";
DROP TABLE "MailingList"; DROP TABLE "Customer";
CREATE TABLE "Customer" ("email" TEXT NOT NULL PRIMARY KEY, "nick" TEXT UNIQUE);
CREATE TABLE "MailingList" ("name" TEXT NOT NULL PRIMARY KEY);
CREATE TABLE "Purchase" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "buyer" TEXT COLLATE NOCASE REFERENCES "Customer" ("email") ON UPDATE CASCADE ON DELETE SET NULL);
CREATE TABLE "Parcel" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "receiver" TEXT NOT NULL COLLATE NOCASE REFERENCES "Customer" ("email") ON UPDATE CASCADE, "note" TEXT NOT NULL DEFAULT '');
CREATE INDEX "Parcel_receiver_idx" ON "Parcel" ("receiver");
CREATE TABLE "LoyaltyCard" ("holder" TEXT NOT NULL PRIMARY KEY COLLATE NOCASE REFERENCES "Customer" ("email") ON UPDATE CASCADE);
CREATE TABLE "_CustomerToMailingList" (
  "A" TEXT NOT NULL COLLATE NOCASE REFERENCES "Customer" ("email") ON UPDATE CASCADE ON DELETE CASCADE,
  "B" TEXT NOT NULL COLLATE NOCASE REFERENCES "MailingList" ("name") ON UPDATE CASCADE ON DELETE CASCADE);
CREATE UNIQUE INDEX "_CustomerToMailingList_AB_unique" ON "_CustomerToMailingList" ("A", "B");
CREATE INDEX "_CustomerToMailingList_B_index" ON "_CustomerToMailingList" ("B");
INSERT INTO "Customer" VALUES ('Ann@x', 'Ann'), ('ann@x', 'Other'), ('bob@x', 'Bob');
INSERT INTO "Purchase" VALUES (1, 'Ann@x'), (2, 'ann@x'), (3, 'Ann@x'), (4, 'bob@x'), (5, NULL);
INSERT INTO "Parcel" ("id", "receiver") VALUES (1, 'ann@x'), (2, 'Ann@x'), (3, 'Ann@x');
INSERT INTO "MailingList" VALUES ('Red'), ('red');
INSERT INTO "_CustomerToMailingList" VALUES ('Ann@x', 'Red'), ('bob@x', 'red');
INSERT INTO "LoyaltyCard" VALUES ('ann@x');
