CREATE TABLE seat (number int PRIMARY KEY, member text, note text NOT NULL, version int NOT NULL);
INSERT INTO seat VALUES (7, NULL, 'by the window', 1), (8, 'Ada', 'by the door', 1);
