CREATE TABLE job (id int PRIMARY KEY, member text NOT NULL, trouble text);
CREATE TABLE sent (job int NOT NULL, member text NOT NULL);
INSERT INTO job SELECT number, 'member ' || number FROM generate_series(1, 12) AS number ORDER BY number DESC;
