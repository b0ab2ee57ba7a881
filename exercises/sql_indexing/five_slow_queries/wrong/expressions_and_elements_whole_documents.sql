-- caught by: expressions_and_elements
-- says: reads 78 pages
CREATE INDEX open_loans ON loan (lent) WHERE back IS NULL;
CREATE INDEX of_a_member ON loan (member_id, lent);
CREATE INDEX of_a_branch ON loan (branch, lent);
CREATE UNIQUE INDEX login ON member (lower(email));
CREATE INDEX on_details ON book (details);
