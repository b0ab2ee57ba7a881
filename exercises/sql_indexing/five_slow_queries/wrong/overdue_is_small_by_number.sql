-- caught by: overdue_is_small
-- says: may read 40
CREATE INDEX open_loans ON loan (id) WHERE back IS NULL;
CREATE INDEX of_a_member ON loan (member_id, lent);
CREATE INDEX of_a_branch ON loan (branch, lent);
CREATE UNIQUE INDEX login ON member (lower(email));
CREATE INDEX on_details ON book USING gin (details jsonb_path_ops);
