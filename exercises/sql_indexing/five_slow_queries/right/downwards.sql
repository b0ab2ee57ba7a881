CREATE INDEX ON loan (lent) INCLUDE (id, book_id) WHERE back IS NULL;
CREATE INDEX ON loan (member_id, lent DESC);
CREATE INDEX of_a_branch ON loan (branch, lent);
CREATE INDEX ON member (lower(email), id, name);
CREATE INDEX ON book USING gin (details);
