-- 20,000 members, 2,000 in each of ten towns; a town belongs to one branch.
ALTER TABLE member ADD COLUMN town text, ADD COLUMN branch text;
INSERT INTO member (name, email, town, branch)
SELECT 'Member ' || n, 'Member' || n || '@Shelf.example', 'Town ' || n % 10, 'Branch ' || n % 10 FROM generate_series(1, 20000) AS n;
INSERT INTO loan (book_id, member_id, branch, lent)
SELECT 1 + n % 5, 5 + n % 20000, 'Mill', '2025-01-01'::date + n % 365 FROM generate_series(1, 50000) AS n;

-- How many rows the planner expects of a view, and how many come.
CREATE FUNCTION rows_of(view text) RETURNS TABLE (expected bigint, came bigint) LANGUAGE plpgsql AS $$
DECLARE
    plan jsonb;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, FORMAT JSON) SELECT * FROM ' || view INTO plan;
    RETURN QUERY SELECT (plan #>> '{0,Plan,Plan Rows}')::numeric::bigint, (plan #>> '{0,Plan,Actual Rows}')::numeric::bigint;
END $$;
