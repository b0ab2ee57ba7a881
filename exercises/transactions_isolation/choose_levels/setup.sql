CREATE TABLE book (title text PRIMARY KEY, copies int NOT NULL CHECK (copies >= 0));
CREATE TABLE duty (name text PRIMARY KEY);
INSERT INTO book VALUES ('Dune', 2);
