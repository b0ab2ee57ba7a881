CREATE TABLE book (title text PRIMARY KEY, copies int NOT NULL);
INSERT INTO book VALUES ('Dune', 2), ('Emma', 1);
