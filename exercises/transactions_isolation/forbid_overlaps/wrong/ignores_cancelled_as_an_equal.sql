-- caught by: ignores_cancelled
-- says: cancelled from the beginning
ALTER TABLE booking ADD CONSTRAINT one_booking_at_a_time
    EXCLUDE USING gist (seat WITH =, during WITH &&, cancelled WITH =);
