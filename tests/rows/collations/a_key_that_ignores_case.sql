-- Tables as another program made them: keys ignore the case of letters, and the columns that refer to them do not.
DROP TABLE "_CustomerToMailingList"; DROP TABLE "LoyaltyCard"; DROP TABLE "Parcel"; DROP TABLE "Purchase";
DROP TABLE "MailingList"; DROP TABLE "Customer";
CREATE TABLE "Customer" ("email" TEXT NOT NULL PRIMARY KEY COLLATE NOCASE, "nick" TEXT UNIQUE);
CREATE TABLE "MailingList" ("name" TEXT NOT NULL PRIMARY KEY COLLATE NOCASE);
CREATE TABLE "Purchase" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "buyer" TEXT REFERENCES "Customer" ("email") ON UPDATE CASCADE ON DELETE SET NULL);
CREATE TABLE "Parcel" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "receiver" TEXT NOT NULL REFERENCES "Customer" ("email") ON UPDATE CASCADE, "note" TEXT NOT NULL DEFAULT '');
CREATE INDEX "Parcel_receiver_idx" ON "Parcel" ("receiver");
CREATE TABLE "LoyaltyCard" ("holder" TEXT NOT NULL PRIMARY KEY REFERENCES "Customer" ("email") ON UPDATE CASCADE);
CREATE TABLE "_CustomerToMailingList" (
  "A" TEXT NOT NULL REFERENCES "Customer" ("email") ON UPDATE CASCADE ON DELETE CASCADE,
  "B" TEXT NOT NULL REFERENCES "MailingList" ("name") ON UPDATE CASCADE ON DELETE CASCADE);
CREATE UNIQUE INDEX "_CustomerToMailingList_AB_unique" ON "_CustomerToMailingList" ("A", "B");
CREATE INDEX "_CustomerToMailingList_B_index" ON "_CustomerToMailingList" ("B");
INSERT INTO "Customer" VALUES ('Ann@x', 'Ann'), ('bob@x', 'Bob'), ('Cy@x', NULL), ('Dee@x', NULL);
INSERT INTO "Purchase" VALUES (1, 'ann@X'), (2, 'ANN@x'), (3, 'Bob@X'), (4, NULL), (5, 'Cy@x'), (6, 'Ann@x');
INSERT INTO "Parcel" ("id", "receiver") VALUES (1, 'ANN@X'), (2, 'Ann@x'), (3, 'BOB@X'), (4, 'ann@x');
INSERT INTO "MailingList" VALUES ('Red'), ('blue');
INSERT INTO "_CustomerToMailingList" VALUES ('ANN@X', 'RED'), ('ann@x', 'Blue'), ('BOB@x', 'red');
INSERT INTO "LoyaltyCard" VALUES ('ANN@X');
