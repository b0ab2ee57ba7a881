-- A year of lending: 100,000 loans of 5,000 members at three branches; one in fifty is open.
INSERT INTO member (name, email) SELECT 'Member ' || n, 'Member' || n || '@Shelf.example' FROM generate_series(5, 5000) AS n;
INSERT INTO loan (book_id, member_id, branch, lent, back)
SELECT 1 + n % 5, 1 + n * 7919 % 5000, (ARRAY['Castle', 'Harbour', 'Mill'])[1 + n % 3], '2025-01-01'::date + n % 365,
       CASE WHEN n % 50 > 0 THEN '2025-01-15'::date + n % 365 END
FROM generate_series(1, 100000) AS n;
