-- caught by: lets_the_rest_through
-- says: the hour after
ALTER TABLE booking ADD CONSTRAINT one_booking_at_a_time
    EXCLUDE USING gist (seat WITH =, tsrange(lower(during), upper(during), '[]') WITH &&) WHERE (NOT cancelled);
