-- caught by: lets_the_rest_through
-- says: another seat
ALTER TABLE booking ADD CONSTRAINT one_booking_at_a_time
    EXCLUDE USING gist (during WITH &&) WHERE (NOT cancelled);
