-- caught by: changes_nothing
-- says: finds something else
CREATE INDEX open_loans ON loan (lent) WHERE back IS NULL;
CREATE INDEX of_a_member ON loan (member_id, lent);
CREATE INDEX of_a_branch ON loan (branch, lent);
CREATE UNIQUE INDEX login ON member (lower(email));
CREATE INDEX on_details ON book USING gin (details jsonb_path_ops);
UPDATE member SET email = name;
