-- caught by: history_is_sorted
-- says: may read 20
CREATE INDEX open_loans ON loan (lent) WHERE back IS NULL;
CREATE INDEX of_a_member ON loan (lent, member_id);
CREATE INDEX of_a_branch ON loan (branch, lent);
CREATE UNIQUE INDEX login ON member (lower(email));
CREATE INDEX on_details ON book USING gin (details jsonb_path_ops);
