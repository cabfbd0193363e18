-- Tables as another program made them: keys ignore spaces at their ends, and the columns that refer to them do not.
DROP TABLE "_CustomerToMailingList"; DROP TABLE "LoyaltyCard"; DROP TABLE "Parcel"; DROP TABLE "Purchase";
DROP TABLE "MailingList"; DROP TABLE "Customer";
CREATE TABLE "Customer" ("email" TEXT NOT NULL PRIMARY KEY COLLATE RTRIM, "nick" TEXT UNIQUE);
CREATE TABLE "MailingList" ("name" TEXT NOT NULL PRIMARY KEY COLLATE RTRIM);
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
INSERT INTO "Customer" VALUES ('Ann', 'Ann'), ('Bob  ', 'Bob');
INSERT INTO "Purchase" VALUES (1, 'Ann '), (2, 'Ann'), (3, 'Bob'), (4, NULL);
INSERT INTO "Parcel" ("id", "receiver") VALUES (1, 'Ann   '), (2, 'Bob '), (3, 'Ann');
INSERT INTO "MailingList" VALUES ('Red '), ('blue');
INSERT INTO "_CustomerToMailingList" VALUES ('Ann ', 'Red'), ('Bob', 'blue ');
INSERT INTO "LoyaltyCard" VALUES ('Bob ');
