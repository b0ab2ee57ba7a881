-- caught by: expressions_and_elements
-- says: lower(email) =
CREATE INDEX open_loans ON loan (lent) WHERE back IS NULL;
CREATE INDEX of_a_member ON loan (member_id, lent);
CREATE INDEX of_a_branch ON loan (branch, lent);
CREATE INDEX login ON member (email);
CREATE INDEX on_details ON book USING gin (details jsonb_path_ops);
