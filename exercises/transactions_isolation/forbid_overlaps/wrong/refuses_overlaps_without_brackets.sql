-- caught by: refuses_overlaps
-- says: does not accept your statement
ALTER TABLE booking ADD CONSTRAINT one_booking_at_a_time
    EXCLUDE USING gist (seat WITH =, during WITH &&) WHERE NOT cancelled;
