-- No two bookings of one seat at the same time.
-- >>> a constraint on the table booking
ALTER TABLE booking ADD CONSTRAINT one_booking_at_a_time
    EXCLUDE USING gist (seat WITH =, during WITH &&) WHERE (NOT cancelled);
-- <<<
