-- caught by: ignores_cancelled
-- says: was cancelled
ALTER TABLE booking ADD CONSTRAINT one_booking_at_a_time
    EXCLUDE USING gist (seat WITH =, during WITH &&);
