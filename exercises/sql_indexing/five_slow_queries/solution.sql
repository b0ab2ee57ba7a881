-- One index for each of the five queries, and no sixth.
-- >>> CREATE INDEX ...; for each query one
-- 1: sorted by day, and it holds nothing but what is open.
CREATE INDEX open_loans ON loan (lent) WHERE back IS NULL;
-- 2: the member first, then the order.
CREATE INDEX of_a_member ON loan (member_id, lent);
-- 3: what is compared by `=` first, then the range; the count needs nothing else.
CREATE INDEX of_a_branch ON loan (branch, lent);
-- 4: the index holds what the query compares.
CREATE UNIQUE INDEX login ON member (lower(email));
-- 5: an entry for each element.
CREATE INDEX on_details ON book USING gin (details jsonb_path_ops);
-- <<<
