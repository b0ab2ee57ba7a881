-- caught by: refuses_overlaps
-- says: now Bob books it
ALTER TABLE booking ADD CONSTRAINT one_booking_at_a_time
    EXCLUDE USING gist (seat WITH =, member WITH =, during WITH &&) WHERE (NOT cancelled);
