CREATE TABLE member (name text PRIMARY KEY);
CREATE TABLE seat (number int PRIMARY KEY, member text REFERENCES member);
INSERT INTO member VALUES ('Ada'), ('Bob'), ('Cleo');
INSERT INTO seat SELECT generate_series(1, 9);
