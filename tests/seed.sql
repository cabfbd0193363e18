-- The rows that every case begins with. Samples, wide keys and generated values are left to the cases.

INSERT INTO "users" ("id", "email", "full_name", "role", "visits", "score", "manager_id") VALUES
  (1, 'ada@acme.io', 'Ada', 'ADMIN', 10, 4.5, NULL),
  (2, 'bob@acme.io', 'Bob', 'MEMBER', 3, NULL, 1),
  (3, 'cy@navy.mil', NULL, 'power user', 0, 2.25, 1),
  (4, 'dan_1@acme.io', 'Dan', 'MEMBER', 3, NULL, 2),
  (5, 'eve@acme.io', 'eve', 'MEMBER', -1, 0, NULL);

INSERT INTO "user_profiles" ("id", "biography", "user_id") VALUES
  (1, 'Counts', 1),
  (2, 'Builds', 2);

INSERT INTO "Badge" ("code", "userId") VALUES
  ('gold', 1),
  ('silver', NULL);

INSERT INTO "Post"
  ("id", "title", "published", "views", "rating", "kind", "publishedAt", "createdAt", "updatedAt", "authorId") VALUES
  (1, 'Alpha', true, 100, 4.5, 'ESSAY', '2024-01-01T00:00:00.000+00:00', '2024-01-01T00:00:00.000+00:00', '2024-01-01T00:00:00.000+00:00', 1),
  (2, 'beta', false, 5, NULL, NULL, NULL, '2024-01-01T00:00:00.000+00:00', '2024-01-01T00:00:00.000+00:00', 1),
  (3, '100% Gamma', true, 100, 3, 'NOTE', '2024-02-29T12:30:00.123+00:00', '2024-01-01T00:00:00.000+00:00', '2024-01-01T00:00:00.000+00:00', 2),
  (4, 'snake_case', true, 7, NULL, 'NOTE', '2023-12-31T23:59:59.999+00:00', '2024-01-01T00:00:00.000+00:00', '2024-01-01T00:00:00.000+00:00', 2),
  (5, 'snakeXcase', false, 0, NULL, NULL, NULL, '2024-01-01T00:00:00.000+00:00', '2024-01-01T00:00:00.000+00:00', 4);

INSERT INTO "Comment" ("id", "text", "postId", "authorId") VALUES
  (1, 'first', 1, 2),
  (2, 'anonymous', 1, NULL),
  (3, 'nice', 3, 1),
  (4, 'thanks', 3, 2),
  (5, 'back\slash', 1, 3);

INSERT INTO "Tag" ("id", "name") VALUES
  ('t1', 'rust'),
  ('t2', 'data'),
  ('t3', 'unused');

INSERT INTO "_PostToTag" ("A", "B") VALUES (1, 't1'), (1, 't2'), (3, 't1'), (4, 't2');

INSERT INTO "Seat" ("row", "number", "holder") VALUES (1, 1, 'Ann'), (1, 2, NULL), (2, 1, NULL);

-- The last booking has one half of a foreign key, which refers to nothing.
INSERT INTO "seat_bookings" ("id", "guest", "day", "seat_row", "seat_number") VALUES
  (1, 'Ann', 1, 1, 1),
  (2, 'Ann', 2, 1, 2),
  (3, 'Ben', 1, NULL, NULL),
  (4, 'Cat', 1, 1, NULL);

INSERT INTO "Tenant" ("id") VALUES (1), (2);
INSERT INTO "Member" ("tenantId", "number") VALUES (1, 1), (1, 2), (2, 1);

-- Decimals as they are found in files: as the clients write them (c, g), with zeros (a, b, f), with an exponent (d), and with
-- a plus (e). They ascend with the labels.
INSERT INTO "Fee" ("amount", "code", "plain", "label") VALUES
  ('-2.50', '-2.50', '-2.50', 'a'),
  ('0.00', '0.00', '0.00', 'b'),
  ('1.5', '1.5', '1.5', 'c'),
  ('2e0', '2e0', '2e0', 'd'),
  ('+3.25', '+3.25', '+3.25', 'e'),
  ('10.0', '10.0', '10.0', 'f'),
  ('12345678901234567890.123', '12345678901234567890.123', '12345678901234567890.123', 'g');

INSERT INTO "Charge" ("id", "feeAmount") VALUES (1, '2e0'), (2, '10.0'), (3, '10.0'), (4, '1.5'), (5, NULL);
INSERT INTO "FeeGroup" ("id") VALUES (1), (2);
INSERT INTO "_FeeToFeeGroup" ("A", "B") VALUES ('2e0', 1), ('1.5', 1), ('-2.50', 2);

-- A relay of three, and one who passes to himself.
INSERT INTO "Lane" ("round", "number") VALUES (1, 1), (1, 2), (2, 1);
INSERT INTO "Runner" ("id", "name", "laneRound", "laneNumber", "nextId") VALUES
  (1, 'Ann', 1, 1, 2),
  (2, NULL, 1, 2, 3),
  (3, 'Cat', 2, NULL, NULL),
  (4, 'Dan', NULL, NULL, 4);

-- The second office is a part of the first, and its twin. The second occupant has a desk in another office.
INSERT INTO "Office" ("region", "code", "name", "upRegion", "upCode", "twinName") VALUES
  (0, 'a', 'north', NULL, NULL, NULL),
  (1, 'a', 'east', NULL, NULL, NULL),
  (1, 'b', 'west', 1, 'a', 'east'),
  (2, 'a', 'south', NULL, NULL, NULL),
  (2, 'b', 'hub', 1, 'a', NULL);
INSERT INTO "Occupant" ("id", "officeRegion", "officeCode") VALUES (1, 1, 'a'), (2, 2, 'b');
INSERT INTO "Desk" ("region", "code", "number", "occupantId") VALUES
  (0, 'a', 3, NULL),
  (1, 'a', 1, 1),
  (1, 'a', 2, NULL),
  (1, 'b', 1, NULL),
  (1, 'b', 2, NULL),
  (2, 'a', 3, 2),
  (2, 'b', 1, NULL);
INSERT INTO "Drawer" ("id", "region", "code", "number") VALUES
  (1, 0, 'a', 3),
  (2, 1, 'a', 1),
  (3, 1, 'b', 1),
  (4, 1, 'b', 2),
  (5, 2, 'a', 3);
