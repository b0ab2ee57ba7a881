CREATE TABLE account (owner text PRIMARY KEY, credit int NOT NULL CHECK (credit >= 0));
INSERT INTO account VALUES ('Bob', 0), ('Ada', 20), ('Dan', 10), ('Cleo', 10);
