-- A year of lending: 60,000 loans of 6,000 members and 6,000 books, at six branches. One loan in fifty is open, and one
-- in thirty is the school's, which is member 7.
CREATE TABLE member (
    id    int PRIMARY KEY,
    name  text NOT NULL,
    email text NOT NULL
);
CREATE TABLE book (
    id      int PRIMARY KEY,
    title   text NOT NULL,
    details jsonb NOT NULL
);
CREATE TABLE loan (
    id        int PRIMARY KEY,
    book_id   int NOT NULL REFERENCES book,
    member_id int NOT NULL REFERENCES member,
    branch    text NOT NULL,
    lent      date NOT NULL,
    back      date
);
INSERT INTO member (id, name, email)
SELECT n, 'Member ' || n, 'Member' || n || '@Shelf.example' FROM generate_series(1, 6000) AS n;
INSERT INTO book (id, title, details)
SELECT n, 'Book ' || n, jsonb_build_object('pages', 100 + n % 700, 'tags', CASE
    WHEN n % 500 = 0 THEN '["signed", "novel"]'::jsonb WHEN n % 400 = 1 THEN '["map"]'
    WHEN n % 3 = 0 THEN '["novel"]' ELSE '["history", "paper"]' END)
FROM generate_series(1, 6000) AS n;
INSERT INTO loan (id, book_id, member_id, branch, lent, back)
SELECT n, 1 + (n::bigint * 7919 % 6000)::int, CASE n % 30 WHEN 0 THEN 7 ELSE 1 + (n::bigint * 104729 % 6000)::int END,
       (ARRAY['Castle', 'Harbour', 'Hill', 'Market', 'Mill', 'Station'])[1 + n % 6], '2025-01-01'::date + n % 365,
       CASE WHEN n % 50 > 0 THEN '2025-01-15'::date + n % 365 END
FROM generate_series(1, 60000) AS n;
