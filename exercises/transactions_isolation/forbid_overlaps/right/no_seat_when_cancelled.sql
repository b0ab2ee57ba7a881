-- No WHERE: a cancelled row has no seat to compare, and NULL excludes nothing.
ALTER TABLE booking ADD EXCLUDE USING gist ((CASE WHEN NOT cancelled THEN seat END) WITH =, during WITH &&);
